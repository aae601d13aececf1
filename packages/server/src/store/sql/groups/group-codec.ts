import type { Insertable, Selectable } from 'kysely';
import type { DeviceGroup, StoredGroup } from '../../../domain/group.ts';
import { type AppId, asId, type GroupId, type ProjectId, type RecordId } from '../../../domain/ids.ts';
import { orNull, orUndefined } from '../columns.ts';
import type { DeviceGroupsTable } from '../tables.ts';

export function groupOf(row: Selectable<DeviceGroupsTable>): StoredGroup {
  return {
    recordId: asId<RecordId>(row.record_id),
    groupId: asId<GroupId>(row.group_id),
    projectId: asId<ProjectId>(row.project_id),
    appId: asId<AppId>(row.app_id),
    name: row.name,
    description: orUndefined(row.description),
    superGroupId: row.super_group_id === null ? undefined : asId<GroupId>(row.super_group_id),
    rule: orUndefined(row.rule),
    maxDevices: row.max_devices,
    creator: orUndefined(row.creator),
    deviceCount: row.member_count,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  };
}

export function rowOfGroup(group: DeviceGroup, depth: number): Insertable<DeviceGroupsTable> {
  return {
    record_id: group.recordId,
    group_id: group.groupId,
    project_id: group.projectId,
    app_id: group.appId,
    name: group.name,
    description: orNull(group.description),
    super_group_id: orNull(group.superGroupId),
    rule: orNull(group.rule),
    max_devices: group.maxDevices,
    creator: orNull(group.creator),
    depth,
    created_at: group.createdAt,
    modified_at: group.modifiedAt,
  };
}
