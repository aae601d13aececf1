import type { Decoded } from '@muster/contract';
import type { CreateDeviceGroupRequest, ModifyDeviceGroupRequest } from '@muster/contract/legacy';
import type { App } from '../../../domain/app.ts';
import { asId, type DeviceId, type GroupId } from '../../../domain/ids.ts';
import { present } from '../../../domain/present.ts';
import type { AddGroup, GroupChanges, GroupKey } from '../../../services/groups.ts';

interface Parties {
  readonly caller: App;
  readonly owner: App;
}

export function decodeNewGroup({ caller, owner }: Parties, body: Decoded<typeof CreateDeviceGroupRequest>): AddGroup {
  return {
    appId: owner.appId,
    name: body.name,
    description: body.description,
    superGroupId: undefined,
    type: 'STATIC',
    dynamicGroupRule: undefined,
    creator: caller.appId,
    deviceIds: decodeDeviceIds(body.deviceIds ?? []),
    ...present({ maxDevices: body.maxDevNum }),
  };
}

export function decodeGroupChanges(body: Decoded<typeof ModifyDeviceGroupRequest>): GroupChanges {
  return present({ name: body.name, description: body.description, maxDevices: body.maxDevNum });
}

/** Legacy 6: static groups alone have a name here. */
export function decodeGroupKey({ projectId, appId }: App, groupId: string): GroupKey {
  return { projectId, appId, type: 'STATIC', groupId: asId<GroupId>(groupId) };
}

export const decodeDeviceIds = (ids: readonly string[]): readonly DeviceId[] => ids.map((id) => asId<DeviceId>(id));
