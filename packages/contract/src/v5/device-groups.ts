import { Type } from 'typebox';
import type { Static } from 'typebox';
import { defaulted } from '../schema.ts';
import {
  PageInfo,
  appIdField,
  charsString,
  id,
  names,
  oneOf,
  pagingQuery,
  shown,
  string,
  timeField,
} from './primitives.ts';

// v5 7. Depth, sizes (015503), taken names (015501) and what a group type allows (015504) are checked in services.
const groupTypes = ['STATIC', 'DYNAMIC'] as const;
const groupName = names(64, 'Name, unique in the application.', 1);
const description = names(64, 'What the group is for.');

export const AddDeviceGroupRequest = Type.Object({
  name: groupName,
  description: Type.Optional(description),
  super_group_id: Type.Optional(
    charsString({
      chars: '0-9a-f-',
      words: 'lower-case hex digits and -',
      description: 'Parent group.',
      min: 0,
      max: 36,
    }),
  ),
  app_id: Type.Optional(appIdField('Owner; absent: the default application.')),
  group_type: defaulted(oneOf(groupTypes, 'DYNAMIC: the members follow the rule.'), 'STATIC'),
  // v5 7: required for DYNAMIC; its grammar answers 015530. Both in services.
  dynamic_group_rule: Type.Optional(string(400, 'Condition (the WHERE part of the search SQL) of a dynamic group.')),
});
export type AddDeviceGroupRequest = Static<typeof AddDeviceGroupRequest>;

export const UpdateDeviceGroupRequest = Type.Object({
  name: Type.Optional(groupName),
  description: Type.Optional(description),
});
export type UpdateDeviceGroupRequest = Static<typeof UpdateDeviceGroupRequest>;

export const ListDeviceGroupsQuery = Type.Object({
  last_modified_time: Type.Optional(timeField('Only groups changed after this time.')),
  app_id: Type.Optional(appIdField('Only groups of this application.')),
  group_type: Type.Optional(oneOf(groupTypes, 'Only groups of this type.')),
  name: Type.Optional(string(64, 'Exact name.')),
  ...pagingQuery,
});
export type ListDeviceGroupsQuery = Static<typeof ListDeviceGroupsQuery>;

const summaryFields = {
  group_id: shown('Group id.'),
  name: shown('Name.'),
  description: Type.Optional(shown('What the group is for.')),
  super_group_id: Type.Optional(shown('Parent group.')),
  group_type: oneOf(groupTypes, 'Type.'),
};

export const DeviceGroupSummary = Type.Object(summaryFields);
export type DeviceGroupSummary = Static<typeof DeviceGroupSummary>;

export const DeviceGroup = Type.Object({
  ...summaryFields,
  dynamic_group_rule: Type.Optional(shown('Condition of a dynamic group.')),
});
export type DeviceGroup = Static<typeof DeviceGroup>;

export const ListDeviceGroupsResponse = Type.Object({
  device_groups: Type.Array(DeviceGroupSummary, { description: 'This page.' }),
  page: PageInfo,
});
export type ListDeviceGroupsResponse = Static<typeof ListDeviceGroupsResponse>;

/** The query of POST device-group/{group_id}/action; the call has no body. */
export const DeviceGroupActionQuery = Type.Object({
  action_id: oneOf(['addDevice', 'removeDevice'], 'What to do.'),
  device_id: id(128, 'The device.'),
});
export type DeviceGroupActionQuery = Static<typeof DeviceGroupActionQuery>;

export const ListDevicesInGroupQuery = Type.Object(pagingQuery);
export type ListDevicesInGroupQuery = Static<typeof ListDevicesInGroupQuery>;

export const ListDevicesInGroupResponse = Type.Object({
  devices: Type.Array(
    Type.Object(
      {
        device_id: shown('Device id.'),
        node_id: shown('Node id.'),
        device_name: Type.Optional(shown('Name.')),
        product_id: shown('Product.'),
      },
      { description: 'A direct member; of a dynamic group a device that its rule matches.' },
    ),
    { description: 'This page.' },
  ),
  page: PageInfo,
});
export type ListDevicesInGroupResponse = Static<typeof ListDevicesInGroupResponse>;

/** v5 6, list-device-group: the groups that a device is in; no pages, there are ten static ones at most. */
export const ListDeviceGroupsByDeviceResponse = Type.Object({
  device_groups: Type.Array(DeviceGroupSummary, { description: 'All groups of the device.' }),
});
export type ListDeviceGroupsByDeviceResponse = Static<typeof ListDeviceGroupsByDeviceResponse>;
