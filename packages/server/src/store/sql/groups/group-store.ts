import type { DeviceId, ProjectId } from '../../../domain/ids.ts';
import { type DeviceGroup, groupLimits, type StoredGroup } from '../../../domain/group.ts';
import type { EitherEnd, Page } from '../../../domain/paging.ts';
import { Problem } from '../../../domain/problem.ts';
import type { GroupStore } from '../../../ports/store/catalogue-stores.ts';
import { getApp } from '../apps/app-store.ts';
import { selectPage } from '../page.ts';
import { lockProject } from '../locks.ts';
import { change, first, type Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import { scopeOf } from '../search/search-scope.ts';
import { changeUnique } from '../unique.ts';
import { groupOf, rowOfGroup } from './group-codec.ts';
import { addMember, addMembers, listMembers, removeMember } from './group-members.ts';
import { addAll, removeAll } from './whole-sets.ts';
import { listGroupsOf } from './groups-of-devices.ts';
import { parsedRule } from './parsed-rule.ts';

type GroupKey = Pick<DeviceGroup, 'projectId' | 'groupId'>;

const nameTaken = {
  key: { table: 'device_groups', columns: ['app_id', 'name'] },
  problem: () => new Problem('groupNameTaken'),
};

export function createGroupStore({ read, write }: Runner, ctx: SqlContext): GroupStore {
  return {
    insert: (group, members) => write(() => insertGroup(ctx, group, members)),
    find: (projectId, groupId) => read(() => findGroup(ctx, { projectId, groupId })),
    list: (filter, page) => read(() => listGroups(ctx, filter, page)),
    update: (projectId, groupId, changes) => write(() => updateGroup(ctx, { projectId, groupId }, changes)),
    delete: (projectId, groupId) => write(() => deleteGroup(ctx, { projectId, groupId })),
    dissolve: (projectId, groupId) => write(() => dissolveGroup(ctx, { projectId, groupId })),
    addMember: (projectId, groupId, deviceId) => write(() => addMember(ctx, { projectId, groupId }, deviceId)),
    addMembers: (projectId, groupId, deviceIds) => write(() => addMembers(ctx, { projectId, groupId }, deviceIds)),
    addAll: (projectId, groupId, devices) => write(() => addAll(ctx, { projectId, groupId }, devices)),
    removeAll: (projectId, groupId, devices) => write(() => removeAll(ctx, { projectId, groupId }, devices)),
    removeMember: (projectId, groupId, deviceId) => write(() => removeMember(ctx, { projectId, groupId }, deviceId)),
    listMembers: (projectId, groupId, page) => read(() => listMembers(ctx, { projectId, groupId }, page)),
    listOf: (projectId, deviceId) => read(() => listGroupsOf(ctx, projectId, deviceId)),
  };
}

function* insertGroup(ctx: SqlContext, group: DeviceGroup, members: readonly DeviceId[] = []): Program<StoredGroup> {
  yield* lockProject(ctx, group.projectId);
  yield* getApp(ctx, group.projectId, group.appId);
  const depth = yield* depthOf(ctx, group);
  if (group.rule !== undefined) yield* refuseNested(ctx, group.projectId, group.rule);
  if (depth > groupLimits.depth) throw limit(`A group may be ${groupLimits.depth} levels deep.`);
  const taken = yield* first(
    ctx.db
      .selectFrom('device_groups')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('project_id', '=', group.projectId),
  );
  if (taken !== undefined && taken.count >= groupLimits.perProject) {
    throw limit(`A project may have ${groupLimits.perProject} groups.`);
  }
  yield* changeUnique(ctx, ctx.db.insertInto('device_groups').values(rowOfGroup(group, depth)), [nameTaken]);
  const { appId } = group;
  const deviceCount = members.length === 0 ? 0 : yield* addAll(ctx, group, { deviceIds: members, appId });
  return { ...group, deviceCount };
}

const limit = (reason: string) => new Problem('groupLimit', { args: [reason] });

function* depthOf(ctx: SqlContext, { projectId, superGroupId }: DeviceGroup): Program<number> {
  if (superGroupId === undefined) return 1;
  const above = yield* first(
    ctx.db
      .selectFrom('device_groups')
      .select(['depth', 'rule'])
      .where('group_id', '=', superGroupId)
      .where('project_id', '=', projectId),
  );
  if (above === undefined) throw new Problem('groupNotFound', { field: 'superGroupId' });
  if (above.rule !== null) throw new Problem('groupType', { args: ['A dynamic group has no subgroups.'] });
  return above.depth + 1;
}

/** A rule that stands on other rules, and they on it, would have no end. */
function* refuseNested(ctx: SqlContext, projectId: ProjectId, rule: string): Program<void> {
  const { rules } = yield* scopeOf(ctx, projectId, parsedRule(ctx, rule));
  const [named] = rules.keys();
  if (named !== undefined) throw new Problem('invalidSql', { args: [`The group ${named} is dynamic itself.`] });
}

function* findGroup(ctx: SqlContext, { projectId, groupId }: GroupKey): Program<StoredGroup | undefined> {
  const row = yield* first(
    ctx.db.selectFrom('device_groups').selectAll().where('group_id', '=', groupId).where('project_id', '=', projectId),
  );
  return row && groupOf(row);
}

function* getGroup(ctx: SqlContext, key: GroupKey): Program<StoredGroup> {
  const group = yield* findGroup(ctx, key);
  if (group === undefined) throw new Problem('groupNotFound');
  return group;
}

function* listGroups(
  ctx: SqlContext,
  filter: Parameters<GroupStore['list']>[0],
  page: EitherEnd,
): Program<Page<StoredGroup>> {
  let base = ctx.db.selectFrom('device_groups').selectAll().where('project_id', '=', filter.projectId);
  if (filter.appId !== undefined) base = base.where('app_id', '=', filter.appId);
  if (filter.name !== undefined) base = base.where('name', '=', filter.name);
  if (filter.type !== undefined) base = base.where('rule', filter.type === 'DYNAMIC' ? 'is not' : 'is', null);
  if (filter.modifiedAfter !== undefined) base = base.where('modified_at', '>', filter.modifiedAfter);
  return yield* selectPage(base, { key: 'device_groups.record_id', page, decode: groupOf });
}

function* updateGroup(
  ctx: SqlContext,
  key: GroupKey,
  { name, description, maxDevices, modifiedAt }: Parameters<GroupStore['update']>[2],
): Program<StoredGroup> {
  const updating = ctx.db
    .updateTable('device_groups')
    .set({
      modified_at: modifiedAt,
      ...(name === undefined ? {} : { name }),
      ...(description === undefined ? {} : { description }),
      ...(maxDevices === undefined ? {} : { max_devices: maxDevices }),
    })
    .where('group_id', '=', key.groupId)
    .where('project_id', '=', key.projectId);
  yield* changeUnique(ctx, updating, [nameTaken]);
  return yield* getGroup(ctx, key);
}

/** Its devices stay; of subgroups nobody could say what becomes of them. */
function* dissolveGroup(ctx: SqlContext, key: GroupKey): Program<void> {
  const { groupId } = yield* getGroup(ctx, key);
  yield* change(ctx.db.deleteFrom('group_members').where('group_id', '=', groupId));
  yield* deleteGroup(ctx, key);
}

function* deleteGroup(ctx: SqlContext, key: GroupKey): Program<void> {
  const { db } = ctx;
  const group = yield* getGroup(ctx, key);
  const member = yield* first(
    db.selectFrom('group_members').select('group_id').where('group_id', '=', group.groupId).limit(1),
  );
  const subgroup = yield* first(
    db.selectFrom('device_groups').select('group_id').where('super_group_id', '=', group.groupId).limit(1),
  );
  if (member !== undefined || subgroup !== undefined) throw new Problem('groupNotEmpty');
  yield* change(db.deleteFrom('device_groups').where('group_id', '=', group.groupId));
}
