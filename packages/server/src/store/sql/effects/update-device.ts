import type { DeviceRowChanges } from '../../../domain/device.ts';
import type { EffectOf } from '../../../domain/effect.ts';
import { type AppId, asId, type ProductId, type ProjectId } from '../../../domain/ids.ts';
import { Problem } from '../../../domain/problem.ts';
import { type Tag, tagsPerDeviceMax } from '../../../domain/tag.ts';
import { checked } from '../checked.ts';
import { flagOf, orNull } from '../columns.ts';
import { legacyWith, rowOfLegacy } from '../devices/device-codec.ts';
import { type Move, moveDevices } from '../devices/move-devices.ts';
import { publishDevices } from '../events/device-events.ts';
import { lockedRows } from '../locks.ts';
import { all, change, type Program, type SqlValue, type Statement } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { writeTags } from '../tags/tag-store.ts';
import type { EffectProgram } from './apply-effects.ts';

const columns = {
  id: 'text',
  name: 'text',
  description: 'text',
  extension_info: 'text',
  secure_access: 'int',
  timeout_seconds: 'int',
  location: 'text',
  legacy: 'text',
} as const;

const kept = (column: string): string => `${column} = coalesce(r.${column}, devices.${column})`;
const changed = Object.keys(columns).filter((column) => column !== 'id');

/**
 * What is absent stays as it is. Conflicts: no such device; more tags than it may have, or another product that it cannot come to, and then
 * nothing of it changes. Two changes of one device in one set: which one wins is open.
 */
export const updateDevices: EffectProgram<'updateDevice'> = function* (ctx, projectId, effects) {
  const devices = yield* holdDevices(ctx, projectId, effects);
  const problems = new Map<number, Problem>();
  const moves = new Map<number, Move>();
  effects.forEach(({ deviceId, changes: { tags = [], productId: to } }, index) => {
    const device = devices.get(deviceId);
    if (device === undefined) problems.set(index, new Problem('deviceNotFound'));
    else if (countWith(device, tags) > tagsPerDeviceMax) problems.set(index, new Problem('tagLimit'));
    else if (to !== undefined) moves.set(index, { ...device.at, deviceId, to });
  });
  for (const [index, problem] of yield* moveDevices(ctx, projectId, moves)) problems.set(index, problem);
  const good = effects.filter((_effect, index) => !problems.has(index));
  yield* change(
    writeChanges(
      ctx,
      good.map(({ deviceId, changes }) => [deviceId, ...valuesOf(changes, devices.get(deviceId)?.legacy ?? null)]),
    ),
  );
  yield* writeTags(
    ctx,
    good.map(({ deviceId, changes: { tags = [] } }) => {
      return { deviceId, recordId: devices.get(deviceId)?.recordId ?? '', projectId, tags };
    }),
  );
  yield* publishDevices(
    ctx,
    { subject: 'device:update', projectIds: [projectId] },
    good.map(({ deviceId }) => deviceId),
  );
  return { conflicts: [...problems.keys()], problems };
};

interface HeldDevice {
  readonly recordId: string;
  readonly keys: ReadonlySet<string>;
  /** The column, into which new values go. */
  readonly legacy: string | null;
  readonly at: Omit<Move, 'deviceId' | 'to'>;
}

interface HeldRow {
  readonly device_id: string;
  readonly record_id: string;
  readonly app_id: string;
  readonly product_id: string;
  readonly node_id: string;
  readonly legacy: string | null;
}

/** With their tags, where tags are to be added; held, so that nobody else adds some meanwhile. */
function* holdDevices(
  ctx: SqlContext,
  projectId: ProjectId,
  effects: readonly EffectOf<'updateDevice'>[],
): Program<ReadonlyMap<string, HeldDevice>> {
  const asked = ctx.dialect.rows(
    { id: 'text' },
    [...new Set(effects.map(({ deviceId }) => deviceId))].map((deviceId) => [deviceId]),
  );
  const rows = yield* all<HeldRow>({
    sql: `SELECT d.device_id, d.record_id, d.app_id, d.product_id, d.node_id, d.legacy FROM ${asked.from} ${ctx.dialect.orderedJoin} devices d
      ON d.device_id = r.id AND ${checked('d.project_id')} = ? ORDER BY d.device_id ${lockedRows(ctx, 'd')}`,
    parameters: [...asked.parameters, projectId],
  });
  const keys = new Map<string, Set<string>>(rows.map((row) => [row.device_id, new Set()]));
  if (effects.some(({ changes: { tags = [] } }) => tags.length > 0)) {
    const tags = yield* all<{ device_id: string; tag_key: string }>({
      sql: `SELECT t.device_id, t.tag_key FROM ${asked.from} ${ctx.dialect.orderedJoin} device_tags t ON t.device_id = r.id`,
      parameters: asked.parameters,
    });
    for (const tag of tags) keys.get(tag.device_id)?.add(tag.tag_key);
  }
  return new Map(
    rows.map(({ device_id, record_id, app_id, product_id, node_id, legacy }) => [
      device_id,
      {
        recordId: record_id,
        keys: keys.get(device_id) ?? new Set(),
        legacy,
        at: { appId: asId<AppId>(app_id), from: asId<ProductId>(product_id), nodeId: node_id },
      },
    ]),
  );
}

const countWith = ({ keys }: HeldDevice, tags: readonly Tag[]): number =>
  new Set([...keys, ...tags.map(({ key }) => key)]).size;

function writeChanges({ dialect, clock }: SqlContext, rows: readonly (readonly SqlValue[])[]): Statement {
  const set = dialect.rows(columns, rows);
  return {
    sql: `UPDATE devices SET ${changed.map(kept).join(', ')}, modified_at = ? FROM ${set.from} WHERE devices.device_id = r.id`,
    parameters: [clock.now(), ...set.parameters],
  };
}

/** In the order of the columns. */
function valuesOf(changes: DeviceRowChanges, storedLegacy: string | null): SqlValue[] {
  const { name, description, extensionInfo, secureAccess, timeoutSeconds } = changes;
  const { location, legacy } = rowOfLegacy(legacyWith(storedLegacy, changes.legacy));
  return [
    orNull(name),
    orNull(description),
    extensionInfo === undefined ? null : JSON.stringify(extensionInfo),
    secureAccess === undefined ? null : flagOf(secureAccess),
    orNull(timeoutSeconds),
    location,
    legacy,
  ];
}
