import { isChild, isReachable } from '../../../domain/run.ts';
import { type AppId, asId, type DeviceId, type ProductId, type ProjectId } from '../../../domain/ids.ts';
import type { DeviceLogin, DeviceReach } from '../../../ports/store/device-store.ts';
import { orUndefined } from '../columns.ts';
import { authOf } from '../devices/device-codec.ts';
import { first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';

/** Whatever the project: a device signs in with nothing but its id (v5 6). */
export function* findLogin(ctx: SqlContext, deviceId: DeviceId): Program<DeviceLogin | undefined> {
  const row = yield* first(ctx.db.selectFrom('devices').selectAll().where('device_id', '=', deviceId));
  return (
    row && {
      deviceId,
      projectId: asId<ProjectId>(row.project_id),
      auth: authOf(row, ctx.box),
      frozen: row.frozen === 1,
      isChild: isChild({ deviceId, rootId: asId<DeviceId>(row.root_id) }),
      lastAddress: orUndefined(row.last_address),
    }
  );
}

export function* findReach(
  ctx: SqlContext,
  projectId: ProjectId,
  deviceId: DeviceId,
): Program<DeviceReach | undefined> {
  const row = yield* first(
    ctx.db
      .selectFrom('devices')
      .leftJoin('sessions', (join) =>
        join.onRef('sessions.device_id', '=', 'devices.root_id').on('sessions.ended_at', 'is', null),
      )
      .select(['root_id', 'product_id', 'app_id', 'frozen', 'connectivity', 'node', 'epoch'])
      .where('devices.device_id', '=', deviceId)
      .where('project_id', '=', projectId),
  );
  if (row === undefined) return undefined;
  const session = row.node === null || row.epoch === null ? undefined : { node: row.node, epoch: row.epoch };
  const device = {
    deviceId,
    rootId: asId<DeviceId>(row.root_id),
    productId: asId<ProductId>(row.product_id),
    appId: asId<AppId>(row.app_id),
    frozen: row.frozen === 1,
  };
  const { connectivity } = row;
  return { ...device, reachable: isReachable({ ...device, connectivity, session }) };
}
