import type { Device } from '../../../domain/device.ts';
import { asId, type DeviceId, type ProjectId } from '../../../domain/ids.ts';
import { deletedNotice } from '../../../domain/notices/device-notices.ts';
import { Problem } from '../../../domain/problem.ts';
import { deletedInfoOf } from '../../../domain/sub-device-notice.ts';
import type { SentDownlink } from '../../../ports/store/message-store.ts';
import { checked } from '../checked.ts';
import { publishOfDevices } from '../events/device-events.ts';
import { insertRows } from '../insert-rows.ts';
import { lockedRows } from '../locks.ts';
import { announceClosed } from '../nodes/letters.ts';
import { all, change, type Program } from '../program.ts';
import type { RowSet } from '../dialect.ts';
import type { SqlContext } from '../sql-context.ts';
import { type ListVersions, removeFromChildLists } from './child-list.ts';
import { noticesOf } from './child-notices.ts';
import { findDevice } from './device-queries.ts';

/** Ends the connection of a direct device. Problems: deviceNotFound, deviceHasChildren. */
export function* deleteDevice(
  ctx: SqlContext,
  { projectId, deviceId }: Pick<Device, 'projectId' | 'deviceId'>,
  at: number,
): Program<Device> {
  const device = yield* findDevice(ctx, projectId, deviceId);
  const { problems } = yield* deleteDeviceSet(ctx, { projectId, deviceIds: [deviceId], at });
  const problem = problems.get(0);
  if (problem !== undefined || device === undefined) throw problem ?? new Problem('deviceNotFound');
  if (device.parentId === undefined) yield* announceClosed(ctx, [deviceId], 'deleted');
  return device;
}

export interface DeleteSet {
  readonly projectId: ProjectId;
  readonly deviceIds: readonly DeviceId[];
  readonly at: number;
}

export interface DeletedDevice {
  readonly deviceId: DeviceId;
  readonly nodeId: string;
  readonly parentId: DeviceId | undefined;
  readonly rootId: DeviceId;
  readonly createdAt: number;
}

export interface DeletedDevices {
  readonly deleted: readonly DeletedDevice[];
  readonly problems: ReadonlyMap<number, Problem>;
  /** What the gateways of those that are gone are told. */
  readonly sent: readonly SentDownlink[];
}

/**
 * What hangs on the devices goes with them; tombstones stay until the engine has settled the subtasks that name them. The problems of
 * those that stay, by place: unknown, or with children, those of the set included.
 */
export function* deleteDeviceSet(ctx: SqlContext, { projectId, deviceIds, at }: DeleteSet): Program<DeletedDevices> {
  const found = yield* claimDevices(ctx, projectId, deviceIds);
  const parents = yield* withChildren(ctx, projectId, [...found.keys()]);
  const problems = new Map<number, Problem>();
  const deleted = new Map<string, DeletedDevice>();
  deviceIds.forEach((deviceId, index) => {
    const device = found.get(deviceId);
    if (device === undefined || deleted.has(deviceId)) problems.set(index, new Problem('deviceNotFound'));
    else if (parents.has(deviceId)) problems.set(index, new Problem('deviceHasChildren'));
    else deleted.set(deviceId, device);
  });
  const gone = [...deleted.values()];
  if (gone.length === 0) return { deleted: [], problems, sent: [] };
  const versions = yield* remove(ctx, { projectId, devices: gone, at });
  const children = gone
    .filter(({ parentId }) => parentId !== undefined)
    .map((device) => ({ rootId: device.rootId, info: () => deletedInfoOf(device) }));
  return { deleted: gone, problems, sent: yield* noticesOf(ctx, { kind: 'delete', children, versions }) };
}

/** From here on nothing new can hang itself on them: who wants to finds them gone, or is seen below. */
function* claimDevices(
  ctx: SqlContext,
  projectId: ProjectId,
  deviceIds: readonly DeviceId[],
): Program<ReadonlyMap<string, DeletedDevice>> {
  const asked = idSet(ctx, deviceIds);
  const rows = yield* all<{
    device_id: string;
    node_id: string;
    parent_id: string | null;
    root_id: string;
    created_at: number;
  }>({
    sql: `SELECT d.device_id, d.node_id, d.parent_id, d.root_id, d.created_at FROM ${asked.from}
      ${ctx.dialect.orderedJoin} devices d ON d.device_id = r.id AND ${checked('d.project_id')} = ?
      ORDER BY d.device_id ${lockedRows(ctx, 'd')}`,
    parameters: [...asked.parameters, projectId],
  });
  return new Map(
    rows.map((row) => [
      row.device_id,
      {
        deviceId: asId<DeviceId>(row.device_id),
        nodeId: row.node_id,
        parentId: row.parent_id === null ? undefined : asId<DeviceId>(row.parent_id),
        rootId: asId<DeviceId>(row.root_id),
        createdAt: row.created_at,
      },
    ]),
  );
}

const idSet = ({ dialect }: SqlContext, ids: readonly string[]): RowSet =>
  dialect.rows(
    { id: 'text' },
    ids.map((id) => [id]),
  );

function* withChildren(
  ctx: SqlContext,
  projectId: ProjectId,
  deviceIds: readonly string[],
): Program<ReadonlySet<string>> {
  const asked = idSet(ctx, deviceIds);
  const rows = yield* all<{ id: string }>({
    sql: `SELECT r.id FROM ${asked.from}
      WHERE EXISTS (SELECT 1 FROM devices c WHERE c.project_id = ? AND c.parent_id = r.id)`,
    parameters: [...asked.parameters, projectId],
  });
  return new Set(rows.map(({ id }) => id));
}

function* remove(
  ctx: SqlContext,
  { projectId, devices, at }: { projectId: ProjectId; devices: readonly DeletedDevice[]; at: number },
): Program<ListVersions> {
  yield* publishOfDevices(
    ctx,
    { subject: 'device:delete', projectIds: [projectId], at },
    { events: devices, notice: deletedNotice },
  );
  const set = idSet(
    ctx,
    devices.map(({ deviceId }) => deviceId),
  );
  // The rows of group_members go by themselves, the counts of the groups do not.
  yield* change({
    sql: `UPDATE device_groups SET member_count = member_count - (SELECT count(*) FROM ${set.from}
        ${ctx.dialect.orderedJoin} group_members m ON m.device_id = r.id AND m.group_id = device_groups.group_id)
      WHERE group_id IN (SELECT m.group_id FROM ${set.from} ${ctx.dialect.orderedJoin} group_members m ON m.device_id = r.id)`,
    parameters: [...set.parameters, ...set.parameters],
  });
  yield* change({
    sql: `DELETE FROM devices WHERE device_id IN (SELECT r.id FROM ${set.from}) AND ${checked('project_id')} = ?`,
    parameters: [...set.parameters, projectId],
    keyChecks: devices.length,
  });
  const versions = yield* removeFromChildLists(
    ctx,
    devices.flatMap((device) => (device.parentId === undefined ? [] : [{ ...device, parentId: device.parentId }])),
  );
  yield* bury(ctx, { projectId, devices, at });
  return versions;
}

const tombstoneColumns = {
  device_id: 'text',
  project_id: 'text',
  device_created_at: 'int',
  deleted_at: 'int',
} as const;

/** Deleted, created and deleted again before the first tombstone was worked off: one stands for both. */
function* bury(
  ctx: SqlContext,
  { projectId, devices, at }: { projectId: ProjectId; devices: readonly DeletedDevice[]; at: number },
): Program<void> {
  yield* insertRows(ctx, {
    into: 'device_tombstones',
    columns: tombstoneColumns,
    rows: devices.map(({ deviceId, createdAt }) => [deviceId, projectId, createdAt, at]),
    tail: `ON CONFLICT (device_id) DO UPDATE SET project_id = excluded.project_id, deleted_at = excluded.deleted_at,
      device_created_at = CASE WHEN excluded.device_created_at < device_tombstones.device_created_at
        THEN excluded.device_created_at ELSE device_tombstones.device_created_at END`,
  });
}
