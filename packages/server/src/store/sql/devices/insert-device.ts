import type { Device, NewDevice } from '../../../domain/device.ts';
import type { ProjectId } from '../../../domain/ids.ts';
import { Problem } from '../../../domain/problem.ts';
import type { Product } from '../../../domain/product.ts';
import { deviceInfoOf } from '../../../domain/sub-device-notice.ts';
import type { SentDownlink } from '../../../ports/store/message-store.ts';
import { publishDevices } from '../events/device-events.ts';
import { findProduct } from '../products/product-store.ts';
import { insertRows } from '../insert-rows.ts';
import { all, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { addToChildLists, type Child, type Families, joinFamilies } from './child-list.ts';
import { noticesOf } from './child-notices.ts';
import { deviceColumns, rowOfDevice } from './device-codec.ts';
import { getDevice } from './device-queries.ts';
import { writeTags } from '../tags/tag-store.ts';
import { insertInitialShadows } from './initial-shadow.ts';

/** v5 6. Problems: appNotFound, productNotFound, deviceExists, deviceIdExists, gatewayUnusable, childLimit. */
export function* insertDevice(ctx: SqlContext, device: NewDevice): Program<Device> {
  const { problems } = yield* insertDeviceSet(ctx, device.projectId, [device]);
  const problem = problems.get(0);
  if (problem !== undefined) throw problem;
  return yield* getDevice(ctx, device.projectId, device.deviceId);
}

export interface InsertedDevices {
  /** Of those that were not stored, by their places. */
  readonly problems: ReadonlyMap<number, Problem>;
  /** What the gateways of the others are told. */
  readonly sent: readonly SentDownlink[];
}

/** Stores those that can be; the others' problems by their places. A gateway must be there before: those of the set do not count. */
export function* insertDeviceSet(
  ctx: SqlContext,
  projectId: ProjectId,
  devices: readonly NewDevice[],
): Program<InsertedDevices> {
  const { problems, products } = yield* refuseNew(ctx, projectId, devices);
  const families = yield* joinFamilies(ctx, { projectId, devices, problems });
  const good = devices.flatMap((device, index) => (problems.has(index) ? [] : [{ device, index }]));
  yield* insertGood(ctx, good, { families, problems });
  const stored = good.filter(({ index }) => !problems.has(index)).map(({ device }) => device);
  const versions = yield* addToChildLists(
    ctx,
    stored.flatMap((device) => childOf(device, families)),
  );
  yield* writeTags(
    ctx,
    stored.map(({ deviceId, recordId, tags = [] }) => ({ deviceId, recordId, projectId, tags })),
  );
  const owned = stored.map((device) => ({ device, product: products.get(productKey(device)) as Product }));
  yield* insertInitialShadows(
    ctx,
    owned.map(({ device: { deviceId, desired, createdAt }, product }) => ({
      deviceId,
      product,
      desired,
      at: createdAt,
    })),
  );
  yield* publishDevices(
    ctx,
    { subject: 'device:create', projectIds: [projectId] },
    stored.map(({ deviceId }) => deviceId),
  );
  const children = owned
    .filter(({ device }) => device.parentId !== undefined)
    .map(({ device, product }) => ({
      rootId: families.rootOf(device),
      info: () => deviceInfoOf({ ...device, ...unseen }, product),
    }));
  return { problems, sent: yield* noticesOf(ctx, { kind: 'add', children, versions }) };
}

/** What stands in the way of new devices, whatever their gateways are: unknown application or product, node or id taken. Reads only. */
export function* refuseNew(
  ctx: SqlContext,
  projectId: ProjectId,
  devices: readonly NewDevice[],
): Program<{ readonly problems: Map<number, Problem>; readonly products: ReadonlyMap<string, Product> }> {
  const problems = new Map<number, Problem>();
  const products = yield* productsOf(ctx, projectId, devices);
  const homeless = devices.flatMap((device, index) => (products.has(productKey(device)) ? [] : [{ device, index }]));
  const apps = yield* appsOf(
    ctx,
    projectId,
    homeless.map(({ device }) => device.appId),
  );
  for (const { device, index } of homeless) {
    const known = apps.has(device.appId);
    problems.set(index, known ? new Problem('productNotFound', { field: 'productId' }) : new Problem('appNotFound'));
  }
  yield* refuseTaken(ctx, devices, problems);
  return { problems, products };
}

/** What is known of a device that has never said anything. */
const unseen = { connectivity: 'INACTIVE', fwVersion: undefined, swVersion: undefined } as const;

const productKey = ({ appId, productId }: Pick<NewDevice, 'appId' | 'productId'>): string => `${appId}/${productId}`;

/** One look for each product: a set has few, and their models may be large. */
function* productsOf(
  ctx: SqlContext,
  projectId: ProjectId,
  devices: readonly NewDevice[],
): Program<ReadonlyMap<string, Product>> {
  const products = new Map<string, Product>();
  for (const [key, device] of new Map(devices.map((each) => [productKey(each), each]))) {
    const product = yield* findProduct(ctx, { projectId, productId: device.productId, appId: device.appId });
    if (product !== undefined) products.set(key, product);
  }
  return products;
}

function* appsOf(ctx: SqlContext, projectId: ProjectId, appIds: readonly string[]): Program<ReadonlySet<string>> {
  if (appIds.length === 0) return new Set();
  const known = yield* all(
    ctx.db
      .selectFrom('apps')
      .select('app_id')
      .where('project_id', '=', projectId)
      .where(ctx.dialect.isOneOf('app_id', [...new Set(appIds)])),
  );
  return new Set(known.map((row) => row.app_id));
}

const nodeKey = (appId: string, productId: string, nodeId: string): string => `${appId}/${productId}/${nodeId}`;

/** Where both the node and the id exist, as after the same call twice, 014031 is the answer (v5 6). Of two in the set the first wins. */
function* refuseTaken(
  { dialect }: SqlContext,
  devices: readonly NewDevice[],
  problems: Map<number, Problem>,
): Program<void> {
  const asked = dialect.rows(
    { app_id: 'text', product_id: 'text', node_id: 'text', device_id: 'text' },
    devices.map(({ appId, productId, nodeId, deviceId }) => [appId, productId, nodeId, deviceId]),
  );
  const taken = yield* all<{ app_id: string; product_id: string; node_id: string; device_id: string }>({
    sql: `SELECT d.app_id, d.product_id, d.node_id, d.device_id FROM ${asked.from} ${dialect.orderedJoin} devices d
        ON d.app_id = r.app_id AND d.product_id = r.product_id AND d.node_id = r.node_id
      UNION SELECT d.app_id, d.product_id, d.node_id, d.device_id FROM ${asked.from} ${dialect.orderedJoin} devices d
        ON d.device_id = r.device_id`,
    parameters: [...asked.parameters, ...asked.parameters],
  });
  const nodes = new Set(taken.map((row) => nodeKey(row.app_id, row.product_id, row.node_id)));
  const ids = new Set(taken.map((row) => row.device_id));
  devices.forEach(({ appId, productId, nodeId, deviceId }, index) => {
    if (problems.has(index)) return;
    const node = nodeKey(appId, productId, nodeId);
    if (nodes.has(node)) problems.set(index, new Problem('deviceExists'));
    else if (ids.has(deviceId)) problems.set(index, new Problem('deviceIdExists'));
    nodes.add(node);
    ids.add(deviceId);
  });
}

interface Good {
  readonly device: NewDevice;
  readonly index: number;
}

const deviceColumnNames = Object.keys(deviceColumns) as (keyof typeof deviceColumns)[];

/** One that another transaction has stored since the look is left out, and found so. */
function* insertGood(
  ctx: SqlContext,
  good: readonly Good[],
  { families, problems }: { readonly families: Families; readonly problems: Map<number, Problem> },
): Program<void> {
  const rows = good.map(({ device }) => {
    const row = rowOfDevice(device, families.rootOf(device), ctx.box);
    return deviceColumnNames.map((name) => row[name]);
  });
  const written = yield* insertRows(ctx, {
    into: 'devices',
    columns: deviceColumns,
    rows,
    tail: 'ON CONFLICT DO NOTHING',
  });
  if (written === good.length) return;
  const stored = new Set(
    (yield* all(
      ctx.db
        .selectFrom('devices')
        .select('record_id')
        .where(
          ctx.dialect.isOneOf(
            'device_id',
            good.map(({ device }) => device.deviceId),
          ),
        ),
    )).map((row) => row.record_id),
  );
  for (const { device, index } of good) {
    if (!stored.has(device.recordId)) problems.set(index, new Problem('deviceExists'));
  }
}

function childOf(device: NewDevice, families: Families): readonly Child[] {
  const { parentId, deviceId, nodeId } = device;
  return parentId === undefined ? [] : [{ deviceId, nodeId, parentId, rootId: families.rootOf(device) }];
}

/** Of one project, known to be good: the first problem rejects all. */
export function* insertDevices(ctx: SqlContext, devices: readonly NewDevice[]): Program<void> {
  const [first] = devices;
  if (first === undefined) return;
  const [problem] = (yield* insertDeviceSet(ctx, first.projectId, devices)).problems.values();
  if (problem !== undefined) throw problem;
}
