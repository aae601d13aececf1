import {
  CreateDeviceGroupRequest,
  GroupDevicesRequest,
  LegacyListDeviceGroupsQuery,
  ListGroupMembersQuery,
  ModifyDeviceGroupRequest,
} from '@muster/contract/legacy';
import type { GroupMember } from '../../../domain/group.ts';
import { present } from '../../../domain/present.ts';
import type { GroupService } from '../../../services/groups.ts';
import { answerList } from '../page.ts';
import type { LegacyCodes } from '../problems.ts';
import { type LegacyRoute, legacyRoute } from '../route.ts';
import { decodeDeviceIds, decodeGroupChanges, decodeGroupKey, decodeNewGroup } from './decode.ts';
import { encodeGroup } from './encode.ts';

/** Legacy 6. */
const codes: LegacyCodes = {
  groupNotFound: '100603',
  groupNameTaken: '100602',
  groupLimit: '100607',
  groupFull: '100601',
};

/** `rowsMax`: of a list that is not paged. */
export function createGroupRoutes(groups: GroupService, rowsMax: number): LegacyRoute[] {
  return [
    legacyRoute('CreateDeviceGroup', {
      ...{ body: CreateDeviceGroupRequest, codes },
      handle: async (call) => encodeGroup(await groups.add(call.owner.projectId, decodeNewGroup(call, call.body))),
    }),
    legacyRoute('ListDeviceGroups', {
      ...{ query: LegacyListDeviceGroupsQuery, codes },
      handle: ({ owner: { projectId, appId }, query }) => {
        const filter = { projectId, appId, type: 'STATIC', ...present({ name: query.name }) } as const;
        return answerList(query, {
          ...{ member: 'list', rowsMax, encode: encodeGroup },
          read: (page) => groups.list(filter, page),
        });
      },
    }),
    legacyRoute('ShowDeviceGroup', {
      codes,
      handle: async ({ owner, param }) => encodeGroup(await groups.get(decodeGroupKey(owner, param('devGroupId')))),
    }),
    legacyRoute('ModifyDeviceGroup', {
      ...{ body: ModifyDeviceGroupRequest, codes },
      handle: async ({ owner, param, body }) =>
        encodeGroup(await groups.update(decodeGroupKey(owner, param('devGroupId')), decodeGroupChanges(body))),
    }),
    legacyRoute('DeleteDeviceGroup', {
      codes,
      handle: ({ owner, param }) => groups.dissolve(decodeGroupKey(owner, param('devGroupId'))),
    }),
    ...memberRoutes(groups, rowsMax),
  ];
}

function memberRoutes(groups: GroupService, rowsMax: number): LegacyRoute[] {
  return [
    legacyRoute('ListGroupMembers', {
      ...{ query: ListGroupMembersQuery, codes },
      handle: ({ owner, query }) => {
        const key = decodeGroupKey(owner, query.devGroupId);
        return answerList(query, {
          ...{ member: 'deviceIds', rowsMax, encode: ({ deviceId }: GroupMember) => deviceId },
          read: (page) => groups.listDevices(key, page),
        });
      },
    }),
    legacyRoute('AddDevicesToGroup', {
      ...{ body: GroupDevicesRequest, codes },
      handle: async ({ owner, body: { devGroupId, deviceIds } }) => {
        await groups.addDevices(decodeGroupKey(owner, devGroupId), decodeDeviceIds(deviceIds));
        return { devGroupId, deviceIds };
      },
    }),
    legacyRoute('RemoveDevicesFromGroup', {
      ...{ body: GroupDevicesRequest, codes },
      handle: ({ owner, body: { devGroupId, deviceIds } }) =>
        groups.removeDevices(decodeGroupKey(owner, devGroupId), decodeDeviceIds(deviceIds)),
    }),
  ];
}
