import type { LegacyDeviceGroup } from '@muster/contract/legacy';
import type { StoredGroup } from '../../../domain/group.ts';

export function encodeGroup(group: StoredGroup): LegacyDeviceGroup {
  return {
    name: group.name,
    description: group.description ?? null,
    id: group.groupId,
    appId: group.appId,
    maxDevNum: group.maxDevices,
    curDevNum: group.deviceCount,
    creator: group.creator ?? null,
  };
}
