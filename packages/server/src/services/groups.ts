import type { DeviceGroup, GroupMember } from '../domain/group.ts';
import { type AppId, asId, type DeviceId, type GroupId, type ProjectId, type RecordId } from '../domain/ids.ts';
import type { Page, PageRequest } from '../domain/paging.ts';
import { Problem, invalid } from '../domain/problem.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { Store } from '../ports/store/store.ts';
import { checkAppFilter, owningApp } from './app-scope.ts';

export type GroupType = 'STATIC' | 'DYNAMIC';

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

/** Static device groups (v5 7); dynamic ones are refused. Unknown groups are groupNotFound in every call that names one. */
export interface GroupService {
  /** Problems: appNotFound, groupNameTaken, groupNotFound (`superGroupId`), groupLimit, groupType, invalidInput. */
  add(projectId: ProjectId, command: AddGroup): Promise<DeviceGroup>;
  /** Problems: appNotFound. */
  list(filter: GroupFilter, page: PageRequest): Promise<Page<DeviceGroup>>;
  get(key: GroupKey): Promise<DeviceGroup>;
  /** What is absent stays as it is. Problems: groupNameTaken. */
  update(key: GroupKey, changes: GroupChanges): Promise<DeviceGroup>;
  /** Problems: groupNotEmpty. */
  delete(key: GroupKey): Promise<void>;
  /** Adding twice succeeds. Problems: deviceNotFound (`deviceId`), groupLimit. */
  addDevice(key: GroupKey, deviceId: DeviceId): Promise<void>;
  /** Taking out what is not in succeeds. Problems: deviceNotFound (`deviceId`). */
  removeDevice(key: GroupKey, deviceId: DeviceId): Promise<void>;
  /** Direct members. */
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
  refuseDynamic(command);
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
    createdAt: now,
    modifiedAt: now,
  });
}

function refuseDynamic({ type, dynamicGroupRule }: AddGroup): void {
  if (type === 'DYNAMIC') {
    throw new Problem('groupType', { field: 'type', args: ['Dynamic groups are not available in this version.'] });
  }
  if (dynamicGroupRule !== undefined) {
    throw new Problem('groupType', { field: 'dynamicGroupRule', args: ['A static group has no rule.'] });
  }
}

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

async function list(
  { store }: GroupServiceParts,
  { type, ...filter }: GroupFilter,
  page: PageRequest,
): Promise<Page<DeviceGroup>> {
  await checkAppFilter(store.apps, filter.projectId, filter.appId);
  if (type === 'DYNAMIC') return { items: [], count: 0, marker: null };
  return store.groups.list(filter, page);
}
