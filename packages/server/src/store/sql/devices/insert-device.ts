import type { Device, NewDevice } from '../../../domain/device.ts';
import { Problem } from '../../../domain/problem.ts';
import type { Product } from '../../../domain/product.ts';
import { findProduct } from '../products/product-store.ts';
import { insertRows } from '../insert-rows.ts';
import { all, change, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { problemOf } from '../unique.ts';
import { addToChildList, rootOf } from './child-list.ts';
import { deviceColumns, rowOfDevice } from './device-codec.ts';
import { getDevice } from './device-queries.ts';
import { initialShadow } from './initial-shadow.ts';

const exists = () => new Problem('deviceExists');
const conflicts = [
  { key: { table: 'devices', columns: ['app_id', 'product_id', 'node_id'] }, problem: exists },
  { key: { table: 'devices', columns: ['device_id'] }, problem: () => new Problem('deviceIdExists') },
];

export function* insertDevice(ctx: SqlContext, device: NewDevice): Program<Device> {
  const product = yield* getProduct(ctx, device);
  yield* refuseTaken(ctx, device);
  const rootId = yield* rootOf(ctx, device);
  // One that another transaction has stored since the look is met by looking again.
  yield* change(ctx.db.insertInto('devices').values(rowOfDevice(device, rootId, ctx.box)));
  const { parentId } = device;
  if (parentId !== undefined) yield* addToChildList(ctx, { ...device, parentId, rootId });
  yield* insertShadows(ctx, [{ device, product }]);
  return yield* getDevice(ctx, device.projectId, device.deviceId);
}

function* getProduct(ctx: SqlContext, { projectId, appId, productId }: NewDevice): Program<Product> {
  const product = yield* findProduct(ctx, { projectId, productId, appId });
  if (product === undefined) throw new Problem('productNotFound', { field: 'productId' });
  return product;
}

/** Where both the node and the id exist, as after the same call twice, 014031 is the answer (v5 6). */
function* refuseTaken(ctx: SqlContext, { appId, productId, nodeId, deviceId }: NewDevice): Program<void> {
  const taken = yield* all(
    ctx.db
      .selectFrom('devices')
      .select(['app_id', 'product_id', 'node_id'])
      .where('app_id', '=', appId)
      .where('product_id', '=', productId)
      .where('node_id', '=', nodeId)
      .union(
        ctx.db.selectFrom('devices').select(['app_id', 'product_id', 'node_id']).where('device_id', '=', deviceId),
      ),
  );
  if (taken.length === 0) return;
  const isNode = taken.some((row) => row.app_id === appId && row.product_id === productId && row.node_id === nodeId);
  throw isNode ? exists() : new Problem('deviceIdExists');
}

/** Direct devices that are known to be good: what does not fit (a row that exists, a child, no product) rejects all. */
export function* insertDevices(ctx: SqlContext, devices: readonly NewDevice[]): Program<void> {
  const products = new Map<string, Product>();
  const shadows: ShadowOwner[] = [];
  for (const device of devices) {
    if (device.parentId !== undefined) throw new Error('insertDevices takes direct devices only.');
    const key = `${device.appId}/${device.productId}`;
    const product = products.get(key) ?? (yield* getProduct(ctx, device));
    products.set(key, product);
    shadows.push({ device, product });
  }
  const rows = devices.map((device) => rowOfDevice(device, device.deviceId, ctx.box));
  const names = Object.keys(deviceColumns) as (keyof typeof deviceColumns)[];
  try {
    yield* insertRows(ctx, {
      into: 'devices',
      columns: deviceColumns,
      rows: rows.map((row) => names.map((name) => row[name])),
    });
  } catch (error) {
    throw problemOf(ctx, error, conflicts);
  }
  yield* insertShadows(ctx, shadows);
}

const shadowColumns = {
  device_id: 'text',
  service_id: 'text',
  desired: 'text',
  desired_at: 'int',
  reported: 'text',
  version: 'int',
} as const;

interface ShadowOwner {
  readonly device: NewDevice;
  readonly product: Product;
}

/** device 6.4: the version counts from 0; what a device is born with is not a write. */
function* insertShadows(ctx: SqlContext, owners: readonly ShadowOwner[]): Program<void> {
  const rows = owners.flatMap(({ device, product }) =>
    [...initialShadow(product, device.desired)].map(([serviceId, desired]) => [
      ...[device.deviceId, serviceId, JSON.stringify(desired), device.createdAt],
      ...['{}', 0],
    ]),
  );
  yield* insertRows(ctx, { into: 'device_shadows', columns: shadowColumns, rows });
}
