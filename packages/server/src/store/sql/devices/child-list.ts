import type { Selectable } from 'kysely';
import { childrenPerGatewayMax, type Device, gatewayDepthMax, type NewDevice } from '../../../domain/device.ts';
import { asId, type DeviceId } from '../../../domain/ids.ts';
import { Problem } from '../../../domain/problem.ts';
import type { ChildChange } from '../../../ports/store/device-store.ts';
import { present } from '../columns.ts';
import { locked } from '../locks.ts';
import { all, change, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { ChildChangesTable, DevicesTable } from '../tables.ts';
import { deviceOf } from './device-codec.ts';
import { devicesWithNames } from './device-queries.ts';

/** How far back a gateway may ask for changes; further back it gets the full list, which is right, too (device 9). */
const changesKept = 1000;

type Child = Pick<Device, 'deviceId' | 'nodeId'> & { readonly parentId: DeviceId; readonly rootId: DeviceId };

/** The direct device above a new one: itself, or the root of its parent, which must be of the same application (v5 6). */
export function* rootOf(ctx: SqlContext, device: NewDevice): Program<DeviceId> {
  const { parentId } = device;
  if (parentId === undefined) return device.deviceId;
  const parents = ctx.db
    .selectFrom('devices')
    .select(['app_id', 'parent_id', 'root_id'])
    .where('device_id', '=', parentId);
  // Locked: it must not be deleted before the child stands.
  const parent = yield* first(locked(ctx, parents.where('project_id', '=', device.projectId)));
  return rootBelow(parent, device.appId);
}

type Parent = Pick<Selectable<DevicesTable>, 'app_id' | 'parent_id' | 'root_id'>;

/** The root that a device of an application gets below this parent (v5 6). */
export function rootBelow(parent: Parent | undefined, appId: string): DeviceId {
  if (parent === undefined) throw unusable('It does not exist.');
  if (parent.app_id !== appId) throw unusable('It belongs to another application.');
  const depth = parent.parent_id === null ? 1 : parent.parent_id === parent.root_id ? 2 : 3;
  if (depth > gatewayDepthMax) throw unusable('It is too deep below its gateway.');
  return asId<DeviceId>(parent.root_id);
}

export const unusable = (reason: string) => new Problem('gatewayUnusable', { field: 'gatewayId', args: [reason] });

/** Returns the version of the list with it. */
export function* addToChildList(ctx: SqlContext, child: Child): Program<number> {
  const { count } = yield* stepOn(child, 1);
  if (count > childrenPerGatewayMax) throw new Problem('childLimit');
  return yield* record(ctx, 'add', child);
}

/** Returns the version of the list without it. */
export function* removeFromChildList(ctx: SqlContext, child: Child): Program<number> {
  yield* stepOn(child, -1);
  return yield* record(ctx, 'delete', child);
}

function* stepOn(child: Child, by: 1 | -1): Program<{ count: number }> {
  const row = yield* first<{ count: number }>({
    sql: `UPDATE devices SET child_list_version = child_list_version + 1, child_count = child_count + ? WHERE device_id = ?
      RETURNING child_count AS count`,
    parameters: [by, child.rootId],
  });
  return present(row);
}

function* record(ctx: SqlContext, kind: ChildChange['kind'], child: Child): Program<number> {
  const version = yield* childListVersion(ctx, child.rootId);
  yield* change(
    ctx.db.insertInto('child_changes').values({
      root_id: child.rootId,
      version,
      kind,
      device_id: child.deviceId,
      parent_id: child.parentId,
      node_id: child.nodeId,
    }),
  );
  yield* change(
    ctx.db
      .deleteFrom('child_changes')
      .where('root_id', '=', child.rootId)
      .where('version', '<=', version - changesKept),
  );
  return version;
}

export function* childListVersion(ctx: SqlContext, gatewayId: DeviceId): Program<number> {
  const row = yield* first(
    ctx.db.selectFrom('devices').select('child_list_version').where('device_id', '=', gatewayId),
  );
  return row?.child_list_version ?? 0;
}

/** Undefined where the changes since then are not all known (device 9, sub_device_sync_request). */
export function* listChildChanges(
  ctx: SqlContext,
  gatewayId: DeviceId,
  { after, limit }: { after: number; limit: number },
): Program<readonly ChildChange[] | undefined> {
  const version = yield* childListVersion(ctx, gatewayId);
  if (after > version || after < version - changesKept) return undefined;
  const changes = yield* all(
    ctx.db
      .selectFrom('child_changes')
      .selectAll()
      .where('root_id', '=', gatewayId)
      .where('version', '>', after)
      .orderBy('version')
      .limit(limit),
  );
  const added = yield* devicesOf(
    ctx,
    changes.filter(({ kind }) => kind === 'add').map((row) => row.device_id),
  );
  return changes.flatMap((row) => childChangesOf(row, added));
}

function childChangesOf(row: Selectable<ChildChangesTable>, added: ReadonlyMap<string, Device>): ChildChange[] {
  const { version, kind } = row;
  if (kind === 'add') {
    const device = added.get(row.device_id);
    // What it is elsewhere is no business of a gateway that it has left.
    return device?.rootId === row.root_id ? [{ kind, version, device }] : [];
  }
  const [deviceId, parentId] = [asId<DeviceId>(row.device_id), asId<DeviceId>(row.parent_id)];
  return [{ kind, version, deviceId, parentId, nodeId: row.node_id }];
}

function* devicesOf(ctx: SqlContext, deviceIds: readonly string[]): Program<ReadonlyMap<string, Device>> {
  if (deviceIds.length === 0) return new Map();
  const rows = yield* all(devicesWithNames(ctx).where(ctx.dialect.isOneOf('devices.device_id', deviceIds)));
  return new Map(rows.map((row) => [row.device_id, deviceOf(row, ctx.box)]));
}

/** Children on all levels, ordered by id after `after`. */
export function* listChildren(
  ctx: SqlContext,
  gatewayId: DeviceId,
  { after, limit }: { after: string; limit: number },
): Program<readonly Device[]> {
  const rows = yield* all(
    devicesWithNames(ctx)
      .where('devices.root_id', '=', gatewayId)
      .where('devices.parent_id', 'is not', null)
      .where('devices.device_id', '>', after)
      .orderBy('devices.device_id')
      .limit(limit),
  );
  return rows.map((row) => deviceOf(row, ctx.box));
}
