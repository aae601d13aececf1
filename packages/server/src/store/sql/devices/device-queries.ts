import type { Device } from '../../../domain/device.ts';
import type { DeviceId, ProjectId } from '../../../domain/ids.ts';
import type { Page, PageRequest } from '../../../domain/paging.ts';
import { Problem } from '../../../domain/problem.ts';
import type { DeviceFilter } from '../../../ports/store/device-store.ts';
import { selectPage } from '../page.ts';
import { all, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { deviceOf } from './device-codec.ts';

export const devicesWithNames = (ctx: SqlContext) =>
  ctx.db
    .selectFrom('devices')
    .innerJoin('apps', 'apps.app_id', 'devices.app_id')
    .innerJoin('products', (join) =>
      join.onRef('products.app_id', '=', 'devices.app_id').onRef('products.product_id', '=', 'devices.product_id'),
    )
    .selectAll('devices')
    .select(['apps.name as app_name', 'products.name as product_name']);

export function* findDevice(ctx: SqlContext, projectId: ProjectId, deviceId: DeviceId): Program<Device | undefined> {
  const row = yield* first(
    devicesWithNames(ctx).where('devices.device_id', '=', deviceId).where('devices.project_id', '=', projectId),
  );
  return row && deviceOf(row, ctx.box);
}

export function* getDevice(ctx: SqlContext, projectId: ProjectId, deviceId: DeviceId): Program<Device> {
  const device = yield* findDevice(ctx, projectId, deviceId);
  if (device === undefined) throw new Problem('deviceNotFound');
  return device;
}

export function* listDevices(ctx: SqlContext, filter: DeviceFilter, page: PageRequest): Program<Page<Device>> {
  return yield* selectPage(matching(ctx, filter), {
    key: 'devices.record_id',
    page,
    decode: (row) => deviceOf(row, ctx.box),
  });
}

function matching(ctx: SqlContext, filter: DeviceFilter) {
  const { appId, productId, nodeId, name, gatewayId, createdFrom, createdTo } = filter;
  let query = devicesWithNames(ctx).where('devices.project_id', '=', filter.projectId);
  if (appId !== undefined) query = query.where('devices.app_id', '=', appId);
  if (productId !== undefined) query = query.where('devices.product_id', '=', productId);
  if (nodeId !== undefined) query = query.where('devices.node_id', '=', nodeId);
  if (name !== undefined) query = query.where('devices.name', '=', name);
  if (createdFrom !== undefined) query = query.where('devices.created_at', '>=', createdFrom);
  if (createdTo !== undefined) query = query.where('devices.created_at', '<=', createdTo);
  if (gatewayId === undefined) return query;
  query = query.where('devices.parent_id', 'is not', null);
  if (filter.cascade !== true) return query.where('devices.parent_id', '=', gatewayId);
  // Two levels at most: below a child there are only its direct children, below a direct device everything has it as root.
  return query.where((eb) => eb.or([eb('devices.parent_id', '=', gatewayId), eb('devices.root_id', '=', gatewayId)]));
}

/** Never-connected devices whose `timeout` is over (v5 6), the longest overdue first. */
export function* listLapsed(
  now: number,
  limit: number,
): Program<readonly { projectId: ProjectId; deviceId: DeviceId }[]> {
  return yield* all<{ projectId: ProjectId; deviceId: DeviceId }>({
    sql: `SELECT project_id AS "projectId", device_id AS "deviceId" FROM devices
      WHERE connectivity = 'INACTIVE' AND timeout_seconds > 0 AND created_at + timeout_seconds * 1000 <= ?
      ORDER BY created_at + timeout_seconds * 1000 LIMIT ?`,
    parameters: [now, limit],
  });
}
