import { sql } from 'kysely';
import { type DeviceGroup, type GroupMember, groupLimits } from '../../../domain/group.ts';
import type { DeviceId } from '../../../domain/ids.ts';
import type { EitherEnd, Page } from '../../../domain/paging.ts';
import { Problem } from '../../../domain/problem.ts';
import { present } from '../columns.ts';
import { selectPage } from '../page.ts';
import { checked } from '../checked.ts';
import { all, change, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { listMatching, memberColumns, memberOf } from '../search/list-matching.ts';
import { scopeOf } from '../search/search-scope.ts';
import { parsedRule } from './parsed-rule.ts';

/** With `appId` another application's group is as if it did not exist. */
type GroupKey = Pick<DeviceGroup, 'projectId' | 'groupId'> & Partial<Pick<DeviceGroup, 'appId'>>;

export function* addMember(ctx: SqlContext, key: GroupKey, deviceId: DeviceId): Program<void> {
  yield* requireStaticGroup(ctx, key);
  const device = yield* first(
    ctx.db
      .selectFrom('devices')
      .select('device_id')
      .where('device_id', '=', deviceId)
      .where('project_id', '=', key.projectId),
  );
  if (device === undefined) throw new Problem('deviceNotFound', { field: 'deviceId' });
  yield* insertMembers(ctx, key, [deviceId]);
}

/** Unknown devices are left out. All or none where a limit is met. Returns how many are new. */
export function* addMembers(ctx: SqlContext, key: GroupKey, deviceIds: readonly DeviceId[]): Program<number> {
  yield* requireStaticGroup(ctx, key);
  return yield* insertMembers(ctx, key, deviceIds);
}

function* requireGroup(ctx: SqlContext, key: GroupKey): Program<{ readonly rule: string | null }> {
  const { projectId, groupId, appId } = key;
  const group = yield* first(
    ctx.db
      .selectFrom('device_groups')
      .select(['rule', 'app_id'])
      .where('group_id', '=', groupId)
      .where('project_id', '=', projectId),
  );
  if (group === undefined || group.app_id !== (appId ?? group.app_id)) throw new Problem('groupNotFound');
  return group;
}

export function* requireStaticGroup(ctx: SqlContext, key: GroupKey): Program<void> {
  const { rule } = yield* requireGroup(ctx, key);
  if (rule !== null) {
    throw new Problem('groupType', { args: ['The members of a dynamic group are those that its rule matches.'] });
  }
}

export function* insertMembers(
  ctx: SqlContext,
  { projectId, groupId }: GroupKey,
  deviceIds: readonly DeviceId[],
): Program<number> {
  const members = ctx.dialect.rows(
    { device_id: 'text', record_id: 'text' },
    deviceIds.map((deviceId) => [deviceId, ctx.random.orderedId()]),
  );
  const added = yield* change({
    sql: `INSERT INTO group_members (group_id, device_id, record_id)
      SELECT ?, d.device_id, r.record_id FROM ${members.from}
      ${ctx.dialect.orderedJoin} devices d ON d.device_id = r.device_id AND ${checked('d.project_id')} = ?
      WHERE true ON CONFLICT (group_id, device_id) DO NOTHING`,
    parameters: [groupId, ...members.parameters, projectId],
    keyChecks: deviceIds.length,
  });
  // Who was a member before is no reason to refuse: limits are looked at only where something was added.
  if (added === 0) return 0;
  yield* refuseFullGroup(ctx, groupId, added);
  yield* refuseBusyDevice(ctx, deviceIds);
  return added;
}

function* refuseFullGroup(ctx: SqlContext, groupId: string, added: number): Program<void> {
  const row = yield* first(
    ctx.db
      .updateTable('device_groups')
      .set({ member_count: sql<number>`member_count + ${added}` })
      .where('group_id', '=', groupId)
      .returning(['member_count', 'max_devices']),
  );
  if (row === undefined) return;
  const { max_devices: ownMax, member_count: count } = row;
  const max = ownMax === 0 ? groupLimits.devices : Math.min(ownMax, groupLimits.devices);
  if (count > max) throw new Problem('groupFull', { args: [`A group may have ${max} devices.`] });
}

function* refuseBusyDevice(ctx: SqlContext, deviceIds: readonly DeviceId[]): Program<void> {
  const busy = yield* first(
    ctx.db
      .selectFrom('group_members')
      .select('device_id')
      .where(ctx.dialect.isOneOf('device_id', deviceIds))
      .groupBy('device_id')
      .having((eb) => eb.fn.countAll(), '>', groupLimits.perDevice)
      .limit(1),
  );
  if (busy !== undefined) {
    throw new Problem('groupFull', { args: [`A device may be in ${groupLimits.perDevice} groups.`] });
  }
}

/** Taking out what is not in changes nothing. */
export function* removeMember(ctx: SqlContext, key: GroupKey, deviceId: DeviceId): Program<void> {
  yield* requireStaticGroup(ctx, key);
  const removed = yield* change(
    ctx.db.deleteFrom('group_members').where('group_id', '=', key.groupId).where('device_id', '=', deviceId),
  );
  if (removed === 0) return;
  yield* change(
    ctx.db
      .updateTable('device_groups')
      .set({ member_count: sql<number>`member_count - 1` })
      .where('group_id', '=', key.groupId),
  );
}

/** From either end; those of a dynamic group newest first alone. */
export function* listMembers(ctx: SqlContext, key: GroupKey, page: EitherEnd): Program<Page<GroupMember>> {
  const { rule } = yield* requireGroup(ctx, key);
  if (rule === null) return yield* listStaticMembers(ctx, key, page);
  if ('order' in page) throw new Error('The members of a dynamic group are read newest first.');
  const where = parsedRule(ctx, rule);
  return yield* listMatching(ctx, { where, scope: yield* scopeOf(ctx, key.projectId, where) }, page);
}

/** The page first, its devices then: a count of 20,000 members does not want them. */
function* listStaticMembers(ctx: SqlContext, key: GroupKey, page: EitherEnd): Program<Page<GroupMember>> {
  const base = ctx.db
    .selectFrom('group_members')
    .select(['record_id', 'device_id'])
    .where('group_id', '=', key.groupId);
  const members = yield* selectPage(base, { key: 'group_members.record_id', page, decode: (row) => row });
  const devices = yield* all(
    ctx.db
      .selectFrom('devices')
      .select(memberColumns)
      .where(
        ctx.dialect.isOneOf(
          'device_id',
          members.items.map((member) => member.device_id),
        ),
      ),
  );
  const byId = new Map(devices.map((device) => [device.device_id, device]));
  return {
    ...members,
    items: members.items.map((member) =>
      memberOf({ ...present(byId.get(member.device_id)), record_id: member.record_id }),
    ),
  };
}
