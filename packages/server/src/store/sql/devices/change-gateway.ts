import { sql } from 'kysely';
import type { Device } from '../../../domain/device.ts';
import { unusable } from '../../../domain/gateway-rule.ts';
import { asId, type DeviceId } from '../../../domain/ids.ts';
import { Problem } from '../../../domain/problem.ts';
import { deletedInfoOf, deviceInfoOf } from '../../../domain/sub-device-notice.ts';
import type { DeviceStore, GatewayChange } from '../../../ports/store/device-store.ts';
import { publishDevices, publishStatuses } from '../events/device-events.ts';
import { locked } from '../locks.ts';
import { postInOrder } from '../nodes/letters.ts';
import { findProduct } from '../products/product-store.ts';
import { all, change, first, Outdated, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { addToChildList, problemOfParent, removeFromChildList } from './child-list.ts';
import { noticesOf } from './child-notices.ts';
import { getDevice } from './device-queries.ts';

type Named = Pick<Device, 'projectId' | 'deviceId'>;
type Destination = Parameters<DeviceStore['changeGateway']>[2];

/** v5 6, change-gateway: one transaction for the child and the lists of both gateways. */
export function* changeGateway(ctx: SqlContext, named: Named, { gatewayId, at }: Destination): Program<GatewayChange> {
  const { child, gateway } = yield* lockFamilies(ctx, named, gatewayId);
  const { deviceId } = named;
  const parentId = child.parent_id;
  if (parentId === null) throw unusable('The device is no child.');
  if (gatewayId === deviceId) throw unusable('It is the device itself.');
  if (gatewayId === parentId) throw unusable('It is the gateway of the device already.');
  const problem = problemOfParent(gateway, child.app_id);
  if (gateway === undefined || problem !== undefined) throw problem ?? new Error('No gateway is a good one.');
  const rootId = asId<DeviceId>(gateway.root_id);
  yield* refuseParent(ctx, named);
  const left = { parentId: asId<DeviceId>(parentId), rootId: asId<DeviceId>(child.root_id) };
  yield* hang(ctx, deviceId, { parentId: gatewayId, rootId, at });
  const { node_id: nodeId } = child;
  const leftVersion = yield* removeFromChildList(ctx, { deviceId, nodeId, ...left });
  const version = yield* addToChildList(ctx, { deviceId, nodeId, parentId: gatewayId, rootId });
  const device = yield* getDevice(ctx, named.projectId, deviceId);
  const projectIds = [named.projectId];
  if (child.connectivity === 'ONLINE') yield* publishStatuses(ctx, projectIds, [deviceId]);
  yield* publishDevices(ctx, { subject: 'device:update', projectIds }, [deviceId]);
  const moved = { device, left: { ...left, version: leftVersion }, version };
  return { ...moved, ...(yield* postInOrder(ctx, yield* noticesOfMove(ctx, moved))) };
}

/** The gateway that is left is told first: where it is the same one, that is the order of its versions. */
function* noticesOfMove(
  ctx: SqlContext,
  { device, left, version }: Omit<GatewayChange, 'sent' | 'posted'>,
): Program<GatewayChange['sent']> {
  const product = yield* findProduct(ctx, device);
  const gone = yield* noticesOf(ctx, {
    kind: 'delete',
    children: [{ rootId: left.rootId, info: () => deletedInfoOf({ ...device, parentId: left.parentId }) }],
    versions: new Map([[left.rootId, left.version]]),
  });
  const come = yield* noticesOf(ctx, {
    kind: 'add',
    children: [{ rootId: device.rootId, info: () => deviceInfoOf(device, product) }],
    versions: new Map([[device.rootId, version]]),
  });
  return [...gone, ...come];
}

interface Member {
  readonly device_id: string;
  readonly app_id: string;
  readonly node_id: string;
  readonly parent_id: string | null;
  readonly root_id: string;
  readonly connectivity: Device['connectivity'];
}

interface Families {
  readonly child: Member;
  readonly gateway: Member | undefined;
}

/**
 * The child, its new parent and the roots of both, held until the end. Children before direct devices, each sorted by id: whoever adds or
 * deletes a child locks in that order, too, so two moves in opposite directions do not wait for each other.
 */
function* lockFamilies(ctx: SqlContext, { projectId, deviceId }: Named, gatewayId: DeviceId): Program<Families> {
  const members = (ids: readonly string[]) =>
    ctx.db
      .selectFrom('devices')
      .select(['device_id', 'project_id', 'app_id', 'node_id', 'parent_id', 'root_id', 'connectivity'])
      .where(ctx.dialect.isOneOf('device_id', ids));
  const seen = yield* all(members([deviceId, gatewayId]));
  // Not asked for in SQL, which would walk the project instead of the ids.
  const isOwn = (member: { readonly project_id: string }): boolean => member.project_id === projectId;
  const ids = [...new Set(seen.filter(isOwn).flatMap((member) => [member.device_id, member.root_id]))];
  const ordered = members(ids).orderBy(sql`case when parent_id is null then 1 else 0 end`).orderBy('device_id');
  const held = (yield* all(locked(ctx, ordered))).filter(isOwn);
  const rows = new Map(held.map((member): [string, Member] => [member.device_id, member]));
  const [child, gateway] = [rows.get(deviceId), rows.get(gatewayId)];
  if (child === undefined) throw new Problem('deviceNotFound');
  // Moved between the look and the lock.
  if ([child, gateway].some((member) => member !== undefined && !rows.has(member.root_id)))
    throw new Outdated('The gateway of a child');
  return { child, gateway };
}

/** The levels below it would come along, and the depth of each would have to fit. */
function* refuseParent(ctx: SqlContext, { projectId, deviceId }: Named): Program<void> {
  const own = yield* first(
    ctx.db
      .selectFrom('devices')
      .select('device_id')
      .where('project_id', '=', projectId)
      .where('parent_id', '=', deviceId)
      .limit(1),
  );
  if (own !== undefined) throw unusable('The device has children of its own.');
}

/** device 5: that it is ONLINE was the word of its old gateway; what waits for it goes out when the new one says so. */
function* hang(
  ctx: SqlContext,
  deviceId: DeviceId,
  { parentId, rootId, at }: { readonly parentId: DeviceId; readonly rootId: DeviceId; readonly at: number },
): Program<void> {
  yield* change(
    ctx.db
      .updateTable('devices')
      .set({
        parent_id: parentId,
        root_id: rootId,
        status_at: sql<number | null>`case connectivity when 'ONLINE' then ${at} else status_at end`,
        connectivity: sql<Device['connectivity']>`case connectivity when 'ONLINE' then 'OFFLINE' else connectivity end`,
      })
      .where('device_id', '=', deviceId),
  );
}
