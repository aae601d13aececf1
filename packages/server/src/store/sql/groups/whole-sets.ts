import { sql } from 'kysely';
import type { DeviceGroup } from '../../../domain/group.ts';
import { Problem } from '../../../domain/problem.ts';
import type { DeviceSet } from '../../../ports/store/catalogue-stores.ts';
import { checked } from '../checked.ts';
import { change, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { insertMembers, requireStaticGroup } from './group-members.ts';

type GroupKey = Pick<DeviceGroup, 'projectId' | 'groupId'>;

/** All or none; those that are in already stay. Returns how many are new. */
export function* addAll(ctx: SqlContext, key: GroupKey, set: DeviceSet): Program<number> {
  yield* requireStaticGroup(ctx, { ...key, appId: set.appId });
  const deviceIds = [...new Set(set.deviceIds)];
  yield* refuseUnknown(ctx, key, { ...set, deviceIds });
  return yield* insertMembers(ctx, key, deviceIds);
}

/** All or none; those that are not in stay out. */
export function* removeAll(ctx: SqlContext, key: GroupKey, set: DeviceSet): Program<void> {
  yield* requireStaticGroup(ctx, { ...key, appId: set.appId });
  const deviceIds = [...new Set(set.deviceIds)];
  yield* refuseUnknown(ctx, key, { ...set, deviceIds });
  const removed = yield* change(
    ctx.db
      .deleteFrom('group_members')
      .where('group_id', '=', key.groupId)
      .where(ctx.dialect.isOneOf('device_id', deviceIds)),
  );
  if (removed === 0) return;
  yield* change(
    ctx.db
      .updateTable('device_groups')
      .set({ member_count: sql<number>`member_count - ${removed}` })
      .where('group_id', '=', key.groupId),
  );
}

function* refuseUnknown({ dialect }: SqlContext, { projectId }: GroupKey, set: DeviceSet): Program<void> {
  const asked = dialect.rows(
    { id: 'text' },
    set.deviceIds.map((deviceId) => [deviceId]),
  );
  const unknown = yield* first<{ id: string }>({
    sql: `SELECT r.id FROM ${asked.from} WHERE NOT EXISTS (SELECT 1 FROM devices d
      WHERE d.device_id = r.id AND ${checked('d.project_id')} = ? AND ${checked('d.app_id')} = ?) LIMIT 1`,
    parameters: [...asked.parameters, projectId, set.appId],
  });
  if (unknown !== undefined) throw new Problem('deviceNotFound', { field: 'deviceIds', named: unknown.id });
}
