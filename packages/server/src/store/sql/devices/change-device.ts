import type { Device, DeviceChanges, ReportedVersions } from '../../../domain/device.ts';
import type { DeviceId } from '../../../domain/ids.ts';
import { Problem } from '../../../domain/problem.ts';
import type { ChildStatusesSet, DeviceStore } from '../../../ports/store/device-store.ts';
import { flagOf, orNull } from '../columns.ts';
import { publishDevices, publishStatuses } from '../events/device-events.ts';
import { all, change, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
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
      ctx.db
        .updateTable('devices')
        .set({ ...set, modified_at: ctx.clock.now() })
        .where('device_id', '=', deviceId)
        .where('project_id', '=', projectId),
    );
  }
  const device = yield* getDevice(ctx, projectId, deviceId);
  yield* publishDevices(ctx, { subject: 'device:update', projectIds: [projectId] }, [deviceId]);
  return device;
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
      .select(['device_id', 'connectivity', 'project_id'])
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
    yield* publishStatuses(
      ctx,
      children.slice(0, 1).map((child) => child.project_id),
      changed.map(([deviceId]) => deviceId),
    );
  }
  return {
    accepted: [...wanted.keys()],
    cameOnline: changed.filter(([, status]) => status === 'ONLINE').map(([deviceId]) => deviceId),
  };
}
