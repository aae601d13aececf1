import type { DeviceGroup, GroupMember, GroupType } from '../domain/group.ts';
import { type AppId, asId, type DeviceId, type GroupId, type ProjectId, type RecordId } from '../domain/ids.ts';
import type { Page, PageRequest } from '../domain/paging.ts';
import { Problem, invalid } from '../domain/problem.ts';
import { parseWhere } from '../domain/search/parse-search.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { Store } from '../ports/store/store.ts';
import { checkAppFilter, owningApp } from './app-scope.ts';

export interface AddGroup {
  /** Absent: the default application. */
  readonly appId: AppId | undefined;
  readonly name: string;
  readonly description: string | undefined;
  readonly superGroupId: GroupId | undefined;
  readonly type: GroupType;
  readonly dynamicGroupRule: string | undefined;
}

export interface GroupFilter {
  readonly projectId: ProjectId;
  readonly appId?: AppId;
  /** Exact. */
  readonly name?: string;
  readonly type?: GroupType;
  /** ms since epoch. */
  readonly modifiedAfter?: number;
}

export interface GroupChanges {
  readonly name?: string;
  readonly description?: string;
}

/** Which group a call means. */
export interface GroupKey {
  readonly projectId: ProjectId;
  readonly groupId: GroupId;
}

/** Device groups (v5 7). Unknown groups are groupNotFound in every call that names one. */
export interface GroupService {
  /** Problems: appNotFound, groupNameTaken, groupNotFound (`superGroupId`), groupLimit, groupType, invalidInput, invalidSql. */
  add(projectId: ProjectId, command: AddGroup): Promise<DeviceGroup>;
  /** Problems: appNotFound. */
  list(filter: GroupFilter, page: PageRequest): Promise<Page<DeviceGroup>>;
  get(key: GroupKey): Promise<DeviceGroup>;
  /** What is absent stays as it is. Problems: groupNameTaken. */
  update(key: GroupKey, changes: GroupChanges): Promise<DeviceGroup>;
  /** Problems: groupNotEmpty. */
  delete(key: GroupKey): Promise<void>;
  /** Adding twice succeeds. Problems: groupType (dynamic), deviceNotFound (`deviceId`), groupLimit. */
  addDevice(key: GroupKey, deviceId: DeviceId): Promise<void>;
  /** Taking out what is not in succeeds. Problems: groupType (dynamic), deviceNotFound (`deviceId`). */
  removeDevice(key: GroupKey, deviceId: DeviceId): Promise<void>;
  /** Direct members; of a dynamic group what its rule matches now. */
  listDevices(key: GroupKey, page: PageRequest): Promise<Page<GroupMember>>;
}

export interface GroupServiceParts {
  readonly store: Pick<Store, 'apps' | 'groups' | 'devices'>;
  readonly clock: Clock;
  readonly random: Random;
}

export function createGroupService(parts: GroupServiceParts): GroupService {
  const { store, clock } = parts;
  const get = async ({ projectId, groupId }: GroupKey): Promise<DeviceGroup> => {
    const group = await store.groups.find(projectId, groupId);
    if (group === undefined) throw new Problem('groupNotFound');
    return group;
  };
  return {
    add: (projectId, command) => add(parts, projectId, command),
    list: (filter, page) => list(parts, filter, page),
    get,
    update: async (key, changes) => {
      // Nothing to change is no change: the time of the last one stays.
      if (changes.name === undefined && changes.description === undefined) return get(key);
      return store.groups.update(key.projectId, key.groupId, { ...changes, modifiedAt: clock.now() });
    },
    delete: ({ projectId, groupId }) => store.groups.delete(projectId, groupId),
    addDevice: ({ projectId, groupId }, deviceId) => store.groups.addMember(projectId, groupId, deviceId),
    removeDevice: async (key, deviceId) => {
      await get(key);
      const device = await store.devices.find(key.projectId, deviceId);
      if (device === undefined) throw new Problem('deviceNotFound', { field: 'deviceId' });
      await store.groups.removeMember(key.projectId, key.groupId, deviceId);
    },
    listDevices: ({ projectId, groupId }, page) => store.groups.listMembers(projectId, groupId, page),
  };
}

async function add(
  { store, clock, random }: GroupServiceParts,
  projectId: ProjectId,
  command: AddGroup,
): Promise<DeviceGroup> {
  const rule = ruleOf(command);
  const app = await owningApp(store.apps, projectId, command.appId);
  await checkSuperGroup(store, projectId, { superGroupId: command.superGroupId, appId: app.appId });
  const now = clock.now();
  return store.groups.insert({
    recordId: asId<RecordId>(random.orderedId()),
    groupId: asId<GroupId>(random.uuid()),
    projectId,
    appId: app.appId,
    name: command.name,
    description: command.description,
    superGroupId: command.superGroupId,
    rule,
    createdAt: now,
    modifiedAt: now,
  });
}

/** A rule that does not parse is refused when it comes, not when the group is read. */
function ruleOf({ type, superGroupId, dynamicGroupRule: rule }: AddGroup): string | undefined {
  if (type === 'STATIC') {
    if (rule !== undefined) throw notAllowed('dynamicGroupRule', 'A static group has no rule.');
    return undefined;
  }
  if (superGroupId !== undefined) throw notAllowed('superGroupId', 'A dynamic group has no parent.');
  if (rule === undefined) throw invalid('dynamicGroupRule', 'is required for a dynamic group');
  parseWhere(rule);
  return rule;
}

const notAllowed = (field: string, reason: string) => new Problem('groupType', { field, args: [reason] });

/** Names are unique in the application, so a tree of groups stays in one. */
async function checkSuperGroup(
  store: GroupServiceParts['store'],
  projectId: ProjectId,
  { superGroupId, appId }: { superGroupId: GroupId | undefined; appId: AppId },
): Promise<void> {
  if (superGroupId === undefined) return;
  const above = await store.groups.find(projectId, superGroupId);
  if (above === undefined) throw new Problem('groupNotFound', { field: 'superGroupId' });
  if (above.appId !== appId) throw invalid('superGroupId', 'belongs to another application');
}

async function list({ store }: GroupServiceParts, filter: GroupFilter, page: PageRequest): Promise<Page<DeviceGroup>> {
  await checkAppFilter(store.apps, filter.projectId, filter.appId);
  return store.groups.list(filter, page);
}
