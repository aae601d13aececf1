import type { Decoded } from '@muster/contract';
import type { AddDeviceGroupRequest, ListDeviceGroupsQuery, UpdateDeviceGroupRequest } from '@muster/contract/v5';
import type { AppId, GroupId, ProjectId } from '../../../domain/ids.ts';
import type { AddGroup, GroupChanges, GroupFilter } from '../../../services/groups.ts';
import type { FieldNames } from '../field-names.ts';
import { present } from '../../../domain/present.ts';
import { given, givenId } from '../given.ts';
import { decodeTime } from '../time-field.ts';

export const groupFieldNames: FieldNames = { type: 'group_type' };

export function decodeAddGroup(body: Decoded<typeof AddDeviceGroupRequest>): AddGroup {
  return {
    appId: givenId<AppId>(body.app_id),
    name: body.name,
    description: body.description,
    superGroupId: givenId<GroupId>(body.super_group_id),
    type: body.group_type,
    dynamicGroupRule: given(body.dynamic_group_rule),
  };
}

export function decodeGroupChanges(body: Decoded<typeof UpdateDeviceGroupRequest>): GroupChanges {
  return present({ name: body.name, description: body.description });
}

export function decodeGroupFilter(projectId: ProjectId, query: Decoded<typeof ListDeviceGroupsQuery>): GroupFilter {
  return present({
    projectId,
    appId: query.app_id as AppId | undefined,
    name: query.name,
    type: query.group_type,
    modifiedAfter: decodeTime(query.last_modified_time, 'last_modified_time'),
  });
}
