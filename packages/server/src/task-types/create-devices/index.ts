import type { FileFormat, NamedCells, RowFields } from '../../domain/batch-file.ts';
import type { AuthType, DeviceAuth, NewDevice } from '../../domain/device.ts';
import {
  cellOf,
  readChoice,
  readExtensionInfo,
  readFingerprint,
  readFlag,
  readRequired,
  readSeconds,
  readTags,
  readText,
  tagsOf,
} from '../../domain/device-cells.ts';
import { type AppId, asId, type DeviceId, type ProductId, type RecordId } from '../../domain/ids.ts';
import {
  legacyAttributesOf,
  legacyColumns,
  readLegacyCells,
  readTraits,
  traitColumnNames,
  traitColumns,
  traitsOfFields,
  verifyCodeColumn,
} from '../../domain/legacy-cells.ts';
import { causeOf } from '../../domain/problem.ts';
import type { JsonObject } from '../../domain/json.ts';
import { type GoodRow, namedTarget, rowReader } from '../../domain/read-row.ts';
import type { Run } from '../../domain/run.ts';
import type { Verdict } from '../../domain/verdict.ts';
import type { TaskContext } from '../../ports/task-type.ts';
import { defineTaskType } from '../define-task-type.ts';

const authTypes = ['SECRET', 'CERTIFICATES'] as const satisfies readonly AuthType[];

const file: FileFormat = {
  columns: [
    { name: 'node_id', required: true, example: 'press-07', meaning: 'Id that the owner uses, unique in the product.' },
    { name: 'product_id', required: true, unless: traitColumnNames, example: 'press-line', meaning: 'Product.' },
    { name: 'device_id', required: false, example: '', meaning: 'Id of the device; empty: product_id_node_id.' },
    { name: 'device_name', required: false, example: 'Press-7', meaning: 'Name.' },
    { name: 'auth_type', required: false, example: 'SECRET', meaning: 'SECRET (also when empty) or CERTIFICATES.' },
    { name: 'secret', required: false, example: '', meaning: 'Secret; empty: 32 random hex digits.' },
    { name: 'fingerprint', required: false, example: '', meaning: 'SHA-1 or SHA-256 of the certificate.' },
    { name: 'secure_access', required: false, example: 'true', meaning: 'true (also when empty): TLS only.' },
    { name: 'timeout', required: false, example: '0', meaning: 'Seconds to the first connection; 0: no limit.' },
    { name: 'gateway_id', required: false, example: '', meaning: 'Parent of a child device.' },
    { name: 'description', required: false, example: '', meaning: 'What the device is.' },
    { name: 'app_id', required: false, example: '', meaning: "Owner; empty: the task's application." },
    { name: 'tags', required: false, example: 'line=3;hall=west', meaning: 'Tags, as k=v;k=v.' },
    { name: 'extension_info', required: false, example: '{"rack":4}', meaning: 'A JSON object of at most 1 KB.' },
    ...traitColumns,
    ...legacyColumns,
    verifyCodeColumn,
  ],
  readRow: rowReader(readDevice, targetOf),
};

/** One new device per row (v5 12, 13.7): row, secret and shadow in one transaction with the result. */
export const createDevices = defineTaskType({
  name: 'createDevices',
  accepts: { devices: false, groups: false, file: true },
  upgradeOptions: false,
  longRunning: false,
  usesModels: false,
  file,
  order: 'parents-first',
  createsTargets: true,
  parseDocument: undefined,
  start: (runs, ctx) => runs.map((run) => create(run, ctx)),
  // Nothing is ever waited for: effect and result are one transaction.
  onEvent: () => ({ kind: 'unchanged' }),
  examples: [undefined],
});

function readDevice(cells: NamedCells): GoodRow {
  const nodeId = readRequired(cells, 'node_id', { shape: 'id', max: 64 });
  const traits = cellOf(cells, 'product_id') === undefined ? readTraits(cells) : undefined;
  const productId = traits === undefined ? readRequired(cells, 'product_id', { shape: 'id', max: 36 }) : undefined;
  const deviceId = readText(cells, 'device_id', { shape: 'id', max: 128 });
  const gatewayId = readText(cells, 'gateway_id', { shape: 'id', max: 128 });
  const fields = {
    nodeId,
    productId,
    name: readText(cells, 'device_name', { shape: 'name', max: 256 }),
    authType: readChoice(cells, 'auth_type', authTypes),
    secret: readText(cells, 'secret', { shape: 'id', min: 8, max: 32 }),
    fingerprint: readFingerprint(cells, 'fingerprint'),
    secureAccess: readFlag(cells, 'secure_access'),
    timeoutSeconds: readSeconds(cells, 'timeout'),
    gatewayId,
    description: readText(cells, 'description', { shape: 'name', max: 2048 }),
    appId: readText(cells, 'app_id', { shape: 'id', max: 36 }),
    tags: readTags(cells, 'tags'),
    extensionInfo: readExtensionInfo(cells, 'extension_info'),
  };
  // Which product it comes to is the store's to say: until then its node stands for it.
  const target = deviceId ?? (productId === undefined ? nodeId : `${productId}_${nodeId}`);
  return {
    target,
    fields: given({ ...fields, hasOwnId: deviceId !== undefined, ...traits, ...readLegacyCells(cells) }),
    parent: gatewayId,
  };
}

/** A loop: of a hundred thousand rows, lists of pairs would cost more than the reading. */
function given(fields: Record<string, string | number | boolean | null | undefined>): RowFields {
  const kept: Record<string, string | number | boolean | null> = {};
  for (const name in fields) {
    const value = fields[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

/** v5 13.3. */
function targetOf(cells: NamedCells): string | undefined {
  const deviceId = namedTarget(cells, 'device_id');
  if (deviceId !== undefined) return deviceId;
  const productId = namedTarget(cells, 'product_id');
  const nodeId = namedTarget(cells, 'node_id');
  if (nodeId === undefined || productId !== undefined) return nodeId && `${productId}_${nodeId}`;
  return cellOf(cells, 'model') === undefined ? undefined : nodeId;
}

function create({ target, fields = {} }: Run, ctx: TaskContext): Verdict {
  const text = (name: string): string | undefined => (fields[name] as string | undefined) ?? undefined;
  const appId = asId<AppId>(text('appId') ?? ctx.task.appId);
  // A legacy application makes its own devices alone.
  if (ctx.task.legacy !== undefined && appId !== ctx.task.appId)
    return { kind: 'failed', cause: causeOf('appNotFound') };
  const traits = traitsOfFields(fields);
  const legacy = legacyAttributesOf(fields);
  const device: NewDevice = {
    recordId: asId<RecordId>(ctx.random.orderedId()),
    deviceId: asId<DeviceId>(traits !== undefined && fields['hasOwnId'] !== true ? '' : target),
    projectId: ctx.task.projectId,
    appId,
    productId: asId<ProductId>(text('productId') ?? ''),
    nodeId: text('nodeId') ?? '',
    name: text('name'),
    description: text('description'),
    parentId: optionalId(text('gatewayId')),
    auth: authOf(fields, ctx),
    extensionInfo: objectOf(text('extensionInfo')),
    desired: {},
    tags: tagsOf(fields['tags']) ?? [],
    ...(legacy === undefined ? {} : { legacy }),
    createdAt: ctx.now,
  };
  const output = { device_id: target, app_id: device.appId };
  const effect = { kind: 'createDevice', device, ...(traits === undefined ? {} : { traits }) } as const;
  return { kind: 'done', output, secrets: secretsOf(device.auth), effects: [effect] };
}

const optionalId = (id: string | undefined): DeviceId | undefined =>
  id === undefined ? undefined : asId<DeviceId>(id);

const objectOf = (text: string | undefined): JsonObject | undefined =>
  text === undefined ? undefined : (JSON.parse(text) as JsonObject);

function authOf(fields: RowFields, { random }: TaskContext): DeviceAuth {
  const { authType = 'SECRET', secret, fingerprint, secureAccess = true, timeoutSeconds = 0 } = fields;
  const rest = { secureAccess: secureAccess === true, timeoutSeconds: Number(timeoutSeconds) };
  if (authType === 'SECRET') {
    // v5 6: what a device gets that brings no secret of its own.
    const own = secret ?? Buffer.from(random.bytes(16)).toString('hex');
    return { ...rest, authType: 'SECRET', secret: String(own) };
  }
  return {
    ...rest,
    authType: 'CERTIFICATES',
    ...(fingerprint === undefined ? {} : { fingerprint: String(fingerprint) }),
  };
}

/** v5 13.7: the secret, or the fingerprint in its place. */
function secretsOf({ secret, fingerprint }: DeviceAuth): JsonObject {
  if (secret !== undefined) return { secret };
  return fingerprint === undefined ? {} : { fingerprint };
}
