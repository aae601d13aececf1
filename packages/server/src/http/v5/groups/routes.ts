import {
  AddDeviceGroupRequest,
  DeviceGroupActionQuery,
  ListDeviceGroupsQuery,
  ListDevicesInGroupQuery,
  UpdateDeviceGroupRequest,
} from '@muster/contract/v5';
import { asId, type DeviceId, type GroupId, type ProjectId } from '../../../domain/ids.ts';
import type { GroupKey, GroupService } from '../../../services/groups.ts';
import { withFieldNames } from '../field-names.ts';
import { decodePage, encodePage } from '../page.ts';
import { v5Route, type V5Route } from '../route.ts';
import { decodeAddGroup, decodeGroupChanges, decodeGroupFilter, groupFieldNames } from './decode.ts';
import { encodeGroup, encodeGroupSummary, encodeMember } from './encode.ts';

/** v5 7. */
export function createGroupRoutes(groups: GroupService): V5Route[] {
  return withFieldNames(groupFieldNames, [
    v5Route('AddDeviceGroup', {
      body: AddDeviceGroupRequest,
      handle: async ({ projectId, body }) => encodeGroup(await groups.add(projectId, decodeAddGroup(body))),
    }),
    v5Route('ListDeviceGroups', {
      query: ListDeviceGroupsQuery,
      handle: async ({ projectId, query }) => {
        const page = await groups.list(decodeGroupFilter(projectId, query), decodePage(query));
        return { device_groups: page.items.map(encodeGroupSummary), page: encodePage(page) };
      },
    }),
    v5Route('ShowDeviceGroup', { handle: async (call) => encodeGroup(await groups.get(keyOf(call))) }),
    v5Route('UpdateDeviceGroup', {
      body: UpdateDeviceGroupRequest,
      handle: async (call) => encodeGroup(await groups.update(keyOf(call), decodeGroupChanges(call.body))),
    }),
    v5Route('DeleteDeviceGroup', { handle: (call) => groups.delete(keyOf(call)) }),
    ...memberRoutes(groups),
  ]);
}

function memberRoutes(groups: GroupService): V5Route[] {
  return [
    v5Route('CreateOrDeleteDeviceInGroup', {
      query: DeviceGroupActionQuery,
      handle: (call) => {
        const { action_id, device_id } = call.query;
        const deviceId = asId<DeviceId>(device_id);
        return action_id === 'addDevice'
          ? groups.addDevice(keyOf(call), deviceId)
          : groups.removeDevice(keyOf(call), deviceId);
      },
    }),
    v5Route('ListDevicesInGroup', {
      query: ListDevicesInGroupQuery,
      handle: async (call) => {
        const page = await groups.listDevices(keyOf(call), decodePage(call.query));
        return { devices: page.items.map(encodeMember), page: encodePage(page) };
      },
    }),
  ];
}

function keyOf({ projectId, param }: { projectId: ProjectId; param(name: string): string }): GroupKey {
  return { projectId, groupId: asId<GroupId>(param('group_id')) };
}
