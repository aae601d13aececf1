import { sql } from 'kysely';
import type { Device, DeviceChanges, ReportedVersions } from '../../../domain/device.ts';
import type { DeviceId, ProjectId } from '../../../domain/ids.ts';
import { Problem } from '../../../domain/problem.ts';
import type { ChildStatusesSet, DeviceStore } from '../../../ports/store/device-store.ts';
import { flagOf, orNull } from '../columns.ts';
import { locked } from '../locks.ts';
import { announceClosed } from '../nodes/letters.ts';
import { all, change, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { removeFromChildList } from './child-list.ts';
import { getDevice } from './device-queries.ts';

export function* updateDevice(
  ctx: SqlContext,
  { projectId, deviceId }: Pick<Device, 'projectId' | 'deviceId'>,
  changes: DeviceChanges,
): Program<Device> {
  const { name, description, extensionInfo, secureAccess, timeoutSeconds } = changes;
  const set = {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(extensionInfo === undefined ? {} : { extension_info: JSON.stringify(extensionInfo) }),
    ...(secureAccess === undefined ? {} : { secure_access: flagOf(secureAccess) }),
    ...(timeoutSeconds === undefined ? {} : { timeout_seconds: timeoutSeconds }),
  };
  if (Object.keys(set).length > 0) {
    yield* change(
      ctx.db.updateTable('devices').set(set).where('device_id', '=', deviceId).where('project_id', '=', projectId),
    );
  }
  return yield* getDevice(ctx, projectId, deviceId);
}

export function* setSecret(
  ctx: SqlContext,
  { projectId, deviceId }: Pick<Device, 'projectId' | 'deviceId'>,
  { secret, slot }: Parameters<DeviceStore['setSecret']>[2],
): Program<void> {
  const cipher = ctx.box.seal(secret);
  const updated = yield* change(
    ctx.db
      .updateTable('devices')
      .set(slot === 'PRIMARY' ? { secret_cipher: cipher } : { secondary_secret_cipher: cipher })
      .where('device_id', '=', deviceId)
      .where('project_id', '=', projectId),
  );
  if (updated === 0) throw new Problem('deviceNotFound');
}

export function* setFingerprint(
  ctx: SqlContext,
  { projectId, deviceId }: Pick<Device, 'projectId' | 'deviceId'>,
  { fingerprint, slot }: Parameters<DeviceStore['setFingerprint']>[2],
): Program<void> {
  const value = orNull(fingerprint);
  const updated = yield* change(
    ctx.db
      .updateTable('devices')
      .set(slot === 'PRIMARY' ? { fingerprint: value } : { secondary_fingerprint: value })
      .where('device_id', '=', deviceId)
      .where('project_id', '=', projectId),
  );
  if (updated === 0) throw new Problem('deviceNotFound');
}

/** What hangs on the device goes with it; the tombstone stays until the engine has settled the subtasks that name it. */
export function* deleteDevice(
  ctx: SqlContext,
  { projectId, deviceId }: Pick<Device, 'projectId' | 'deviceId'>,
  at: number,
): Program<Device> {
  yield* claimDevice(ctx, projectId, deviceId);
  const device = yield* getDevice(ctx, projectId, deviceId);
  const child = yield* first(
    ctx.db
      .selectFrom('devices')
      .select('device_id')
      .where('project_id', '=', projectId)
      .where('parent_id', '=', deviceId)
      .limit(1),
  );
  if (child !== undefined) throw new Problem('deviceHasChildren');
  yield* leaveGroups(deviceId);
  yield* change(ctx.db.deleteFrom('devices').where('device_id', '=', deviceId).where('project_id', '=', projectId));
  const { parentId, rootId, nodeId } = device;
  if (parentId !== undefined) yield* removeFromChildList(ctx, { deviceId, parentId, rootId, nodeId });
  else yield* announceClosed(ctx, [deviceId], 'deleted');
  yield* bury(ctx, device, at);
  return device;
}

/** From here on nothing new can hang itself on the device: who wants to finds it gone, or is seen below. */
function* claimDevice(ctx: SqlContext, projectId: ProjectId, deviceId: DeviceId): Program<void> {
  const found = ctx.db.selectFrom('devices').select('device_id').where('device_id', '=', deviceId);
  yield* first(locked(ctx, found.where('project_id', '=', projectId)));
}

// The rows of group_members go by themselves, the counts of the groups do not.
function* leaveGroups(deviceId: DeviceId): Program<void> {
  yield* change({
    sql: `UPDATE device_groups SET member_count = member_count - 1
      WHERE group_id IN (SELECT group_id FROM group_members WHERE device_id = ?)`,
    parameters: [deviceId],
  });
}

function* bury(ctx: SqlContext, device: Device, at: number): Program<void> {
  yield* change(
    ctx.db
      .insertInto('device_tombstones')
      .values({
        device_id: device.deviceId,
        project_id: device.projectId,
        device_created_at: device.createdAt,
        deleted_at: at,
      })
      // Deleted, created and deleted again before the first tombstone was worked off: one stands for both.
      .onConflict((conflict) =>
        conflict.column('device_id').doUpdateSet({
          project_id: device.projectId,
          device_created_at: sql<number>`case when excluded.device_created_at < device_tombstones.device_created_at
            then excluded.device_created_at else device_tombstones.device_created_at end`,
          deleted_at: at,
        }),
      ),
  );
}

/** Absent never clears a stored version (device 3.3). */
export function* reportVersions(deviceId: DeviceId, versions: ReportedVersions): Program<void> {
  yield* change({
    sql: `UPDATE devices SET fw_version = coalesce(?, fw_version), sw_version = coalesce(?, sw_version),
      sdk_version = coalesce(?, sdk_version) WHERE device_id = ?`,
    parameters: [orNull(versions.fwVersion), orNull(versions.swVersion), orNull(versions.sdkVersion), deviceId],
  });
}

/** `sub_device_update_status` is all that changes a child's status; its first ONLINE activates it (device 5). */
export function* setChildStatuses(
  ctx: SqlContext,
  gatewayId: DeviceId,
  { statuses, at }: { statuses: Parameters<DeviceStore['setChildStatuses']>[1]; at: number },
): Program<ChildStatusesSet> {
  const children = yield* all(
    ctx.db
      .selectFrom('devices')
      .select(['device_id', 'connectivity'])
      .where(
        ctx.dialect.isOneOf(
          'device_id',
          statuses.map(({ deviceId }) => deviceId),
        ),
      )
      .where('root_id', '=', gatewayId)
      .where('parent_id', 'is not', null),
  );
  const before = new Map(children.map((child) => [child.device_id, child.connectivity]));
  const accepted = statuses.filter(({ deviceId }) => before.has(deviceId));
  // The last word on a child counts where a report names it twice.
  const wanted = new Map(accepted.map(({ deviceId, status }) => [deviceId, status]));
  const changed = [...wanted].filter(([deviceId, status]) => before.get(deviceId) !== status);
  if (changed.length > 0) {
    const set = ctx.dialect.rows({ id: 'text', status: 'text' }, changed);
    yield* change({
      sql: `UPDATE devices SET connectivity = r.status, status_at = ?,
          active_at = CASE WHEN r.status = 'ONLINE' THEN coalesce(active_at, ?) ELSE active_at END
        FROM ${set.from} WHERE devices.device_id = r.id AND devices.root_id = ?`,
      // Whose child it is may have changed since it was read.
      parameters: [at, at, ...set.parameters, gatewayId],
    });
  }
  return {
    accepted: [...wanted.keys()],
    cameOnline: changed.filter(([, status]) => status === 'ONLINE').map(([deviceId]) => deviceId),
  };
}
