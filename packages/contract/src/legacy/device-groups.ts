import { Type } from 'typebox';
import type { Static } from 'typebox';
import { names } from '../v5/primitives.ts';
import { pagedOrWhole, pageMembers } from './paging.ts';
import { count, shown, string, textOrNull } from './primitives.ts';

// Legacy 6; the names are v5's.
const groupName = names(64, 'Name, unique in the application.', 1);
const description = names(64, 'What the group is for.');
const maxDevNum = Type.Integer({
  description: 'Devices that it may have; 0: no limit of its own.',
  minimum: 0,
  maximum: 2147483647,
});

/** Legacy 6: more at once are 100609. */
const deviceIds = (minItems: number) =>
  Type.Array(string(256, 'A device.', 1), {
    description: 'Devices, at most 1000.',
    minItems,
    maxItems: 1000,
    'x-too-many-code': '100609',
  });

export const CreateDeviceGroupRequest = Type.Object({
  name: groupName,
  description: Type.Optional(description),
  appId: Type.Optional(string(64, 'Owner; absent: the caller.')),
  maxDevNum: Type.Optional(maxDevNum),
  deviceIds: Type.Optional(deviceIds(0)),
});
export type CreateDeviceGroupRequest = Static<typeof CreateDeviceGroupRequest>;

export const ModifyDeviceGroupRequest = Type.Object({
  name: Type.Optional(groupName),
  description: Type.Optional(description),
  maxDevNum: Type.Optional(maxDevNum),
});
export type ModifyDeviceGroupRequest = Static<typeof ModifyDeviceGroupRequest>;

export const LegacyDeviceGroup = Type.Object(
  {
    name: shown('Name.'),
    description: textOrNull('What the group is for.'),
    id: shown('Id.'),
    appId: shown('Owner.'),
    maxDevNum: count('Devices that it may have; 0: no limit of its own.'),
    curDevNum: count('Devices that it has.'),
    creator: textOrNull('Application that made it; null: it was made through v5.'),
  },
  { description: 'A group.' },
);
export type LegacyDeviceGroup = Static<typeof LegacyDeviceGroup>;

export const LegacyListDeviceGroupsQuery = Type.Object({
  name: Type.Optional(string(64, 'Only the group of this name.')),
  ...pagedOrWhole({ usual: 25, max: 250 }),
});
export type LegacyListDeviceGroupsQuery = Static<typeof LegacyListDeviceGroupsQuery>;

export const LegacyListDeviceGroupsResponse = Type.Object({
  list: Type.Array(LegacyDeviceGroup, { description: 'The groups, oldest first.' }),
  ...pageMembers,
});
export type LegacyListDeviceGroupsResponse = Static<typeof LegacyListDeviceGroupsResponse>;

export const ListGroupMembersQuery = Type.Object({
  devGroupId: string(64, 'The group.', 1),
  ...pagedOrWhole({ usual: 10, max: 250 }),
});
export type ListGroupMembersQuery = Static<typeof ListGroupMembersQuery>;

export const ListGroupMembersResponse = Type.Object({
  deviceIds: Type.Array(Type.String(), { description: 'The devices, in the order in which they came.' }),
  ...pageMembers,
});
export type ListGroupMembersResponse = Static<typeof ListGroupMembersResponse>;

export const GroupDevicesRequest = Type.Object({ devGroupId: string(64, 'The group.', 1), deviceIds: deviceIds(1) });
export type GroupDevicesRequest = Static<typeof GroupDevicesRequest>;

export const AddDevicesToGroupResponse = Type.Object({
  devGroupId: shown('The group.'),
  deviceIds: Type.Array(Type.String(), { description: 'The devices, as sent.' }),
});
export type AddDevicesToGroupResponse = Static<typeof AddDevicesToGroupResponse>;
