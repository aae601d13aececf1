import type { Device } from '../../../domain/device.ts';
import type { DeviceGroup } from '../../../domain/group.ts';
import type { DeviceId, ProjectId } from '../../../domain/ids.ts';
import { matchesWhere } from '../../../domain/search/match-where.ts';
import { findDevice } from '../devices/device-queries.ts';
import { all, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { DeviceGroupsTable } from '../tables.ts';
import type { Selectable } from 'kysely';
import { groupOf } from './group-codec.ts';
import { parsedRule } from './parsed-rule.ts';

/** The groups that one device is in, the newest first. */
export function* listGroupsOf(
  ctx: SqlContext,
  projectId: ProjectId,
  deviceId: DeviceId,
): Program<readonly DeviceGroup[]> {
  const device = yield* findDevice(ctx, projectId, deviceId);
  if (device === undefined) return [];
  return (yield* groupsOfDevices(ctx, projectId, [device])).get(deviceId) ?? [];
}

/** Of each device the groups that it is in, the newest first: at most ten static ones, and those whose rule it meets. */
export function* groupsOfDevices(
  ctx: SqlContext,
  projectId: ProjectId,
  devices: readonly Device[],
): Program<ReadonlyMap<DeviceId, readonly DeviceGroup[]>> {
  const fixed = yield* staticGroups(ctx, projectId, devices);
  const dynamic = yield* dynamicGroups(ctx, projectId);
  const groupsOf = (device: Device): readonly DeviceGroup[] => {
    const own = fixed.get(device.deviceId) ?? [];
    const ids = new Set<string>(own.map(({ groupId }) => groupId));
    const met = dynamic.filter(({ rule = '' }) => matchesWhere(parsedRule(ctx, rule), device, ids));
    return [...own, ...met].toSorted((one, other) => (one.recordId < other.recordId ? 1 : -1));
  };
  return new Map(devices.map((device) => [device.deviceId, groupsOf(device)]));
}

function* staticGroups(
  { dialect }: SqlContext,
  projectId: ProjectId,
  devices: readonly Device[],
): Program<ReadonlyMap<string, readonly DeviceGroup[]>> {
  const asked = dialect.rows(
    { id: 'text' },
    devices.map(({ deviceId }) => [deviceId]),
  );
  const rows = yield* all<Selectable<DeviceGroupsTable> & { device_id: string }>({
    sql: `SELECT m.device_id, g.* FROM ${asked.from} ${dialect.orderedJoin} group_members m ON m.device_id = r.id
      ${dialect.orderedJoin} device_groups g ON g.group_id = m.group_id AND g.project_id = ?`,
    parameters: [...asked.parameters, projectId],
  });
  const byDevice = Map.groupBy(rows, (row) => row.device_id);
  return new Map([...byDevice].map(([deviceId, found]) => [deviceId, found.map(groupOf)]));
}

/** v5 7: a project has at most a thousand groups. */
function* dynamicGroups(ctx: SqlContext, projectId: ProjectId): Program<readonly DeviceGroup[]> {
  const rows = yield* all(
    ctx.db.selectFrom('device_groups').selectAll().where('project_id', '=', projectId).where('rule', 'is not', null),
  );
  return rows.map(groupOf);
}
