import { type DeviceGroup, groupTypeOf, type GroupMember, type GroupType, type StoredGroup } from '../domain/group.ts';
import { type AppId, asId, type DeviceId, type GroupId, type ProjectId, type RecordId } from '../domain/ids.ts';
import type { EitherEnd, Page } from '../domain/paging.ts';
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
  /** Absent: no limit of its own. */
  readonly maxDevices?: number;
  /** The legacy application that makes it. */
  readonly creator?: string;
  /** Of its application; a static group's first ones. */
  readonly deviceIds?: readonly DeviceId[];
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
  readonly maxDevices?: number;
}

/** Which group a call means. */
export interface GroupKey {
  readonly projectId: ProjectId;
  readonly groupId: GroupId;
  /** Of this application alone, if one is named. */
  readonly appId?: AppId;
  /** Of this type alone, if one is named. */
  readonly type?: GroupType;
}

/** Device groups (v5 7). Unknown groups are groupNotFound in every call that names one. */
export interface GroupService {
  /**
   * Problems: appNotFound, groupNameTaken, groupNotFound (`superGroupId`), groupLimit, groupType, invalidInput, invalidSql; deviceNotFound,
   * groupFull (`deviceIds`).
   */
  add(projectId: ProjectId, command: AddGroup): Promise<StoredGroup>;
  /** Problems: appNotFound. */
  list(filter: GroupFilter, page: EitherEnd): Promise<Page<StoredGroup>>;
  get(key: GroupKey): Promise<StoredGroup>;
  /** What is absent stays as it is. Problems: groupNameTaken. */
  update(key: GroupKey, changes: GroupChanges): Promise<StoredGroup>;
  /** Problems: groupNotEmpty. */
  delete(key: GroupKey): Promise<void>;
  /** Its devices stay. Problems: groupNotEmpty (subgroups). */
  dissolve(key: GroupKey): Promise<void>;
  /** All or none, of the group's application; adding twice succeeds. Problems: groupType (dynamic), deviceNotFound, groupFull. */
  addDevices(key: GroupKey, deviceIds: readonly DeviceId[]): Promise<void>;
  /** All or none, of the group's application; taking out what is not in succeeds. Problems: groupType (dynamic), deviceNotFound. */
  removeDevices(key: GroupKey, deviceIds: readonly DeviceId[]): Promise<void>;
  /** Adding twice succeeds. Problems: groupType (dynamic), deviceNotFound (`deviceId`), groupFull. */
  addDevice(key: GroupKey, deviceId: DeviceId): Promise<void>;
  /** Taking out what is not in succeeds. Problems: groupType (dynamic), deviceNotFound (`deviceId`). */
  removeDevice(key: GroupKey, deviceId: DeviceId): Promise<void>;
  /** Direct members; of a dynamic group what its rule matches now. */
  listDevices(key: GroupKey, page: EitherEnd): Promise<Page<GroupMember>>;
}

export interface GroupServiceParts {
  readonly store: Pick<Store, 'apps' | 'groups' | 'devices'>;
  readonly clock: Clock;
  readonly random: Random;
}

export function createGroupService(parts: GroupServiceParts): GroupService {
  const { store, clock } = parts;
  const get = async (key: GroupKey): Promise<StoredGroup> => {
    const group = await store.groups.find(key.projectId, key.groupId);
    if (group === undefined || !isMeant(group, key)) throw new Problem('groupNotFound');
    return group;
  };
  return {
    add: (projectId, command) => add(parts, projectId, command),
    list: (filter, page) => list(parts, filter, page),
    get,
    update: async (key, changes) => {
      // Nothing to change is no change: the time of the last one stays.
      const group = await get(key);
      if (Object.values(changes).every((value) => value === undefined)) return group;
      return store.groups.update(key.projectId, key.groupId, { ...changes, modifiedAt: clock.now() });
    },
    delete: ({ projectId, groupId }) => store.groups.delete(projectId, groupId),
    dissolve: async (key) => {
      await get(key);
      await store.groups.dissolve(key.projectId, key.groupId);
    },
    addDevices: async (key, deviceIds) => {
      const { appId } = await get(key);
      await store.groups.addAll(key.projectId, key.groupId, { deviceIds, appId });
    },
    removeDevices: async (key, deviceIds) => {
      const { appId } = await get(key);
      await store.groups.removeAll(key.projectId, key.groupId, { deviceIds, appId });
    },
    addDevice: ({ projectId, groupId }, deviceId) => store.groups.addMember(projectId, groupId, deviceId),
    removeDevice: async (key, deviceId) => {
      await get(key);
      const device = await store.devices.find(key.projectId, deviceId);
      if (device === undefined) throw new Problem('deviceNotFound', { field: 'deviceId' });
      await store.groups.removeMember(key.projectId, key.groupId, deviceId);
    },
    listDevices: async (key, page) => {
      await get(key);
      return store.groups.listMembers(key.projectId, key.groupId, page);
    },
  };
}

/** Another application's group, and one of another type, is as if it did not exist. */
const isMeant = (group: StoredGroup, { appId = group.appId, type = groupTypeOf(group) }: GroupKey): boolean =>
  group.appId === appId && groupTypeOf(group) === type;

async function add(
  { store, clock, random }: GroupServiceParts,
  projectId: ProjectId,
  command: AddGroup,
): Promise<StoredGroup> {
  const rule = ruleOf(command);
  const app = await owningApp(store.apps, projectId, command.appId);
  await checkSuperGroup(store, projectId, { superGroupId: command.superGroupId, appId: app.appId });
  const now = clock.now();
  const group: DeviceGroup = {
    recordId: asId<RecordId>(random.orderedId()),
    groupId: asId<GroupId>(random.uuid()),
    projectId,
    appId: app.appId,
    name: command.name,
    description: command.description,
    superGroupId: command.superGroupId,
    rule,
    maxDevices: command.maxDevices ?? 0,
    creator: command.creator,
    createdAt: now,
    modifiedAt: now,
  };
  return store.groups.insert(group, command.deviceIds);
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

async function list({ store }: GroupServiceParts, filter: GroupFilter, page: EitherEnd): Promise<Page<StoredGroup>> {
  await checkAppFilter(store.apps, filter.projectId, filter.appId);
  return store.groups.list(filter, page);
}
