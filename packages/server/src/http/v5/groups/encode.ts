import type { DeviceGroup as WireGroup, ListDevicesInGroupResponse } from '@muster/contract/v5';
import type { DeviceGroup, GroupMember } from '../../../domain/group.ts';
import { present } from '../given.ts';

/** v5 7; every group is a static one, so Group and Summary are the same. */
export function encodeGroup(group: DeviceGroup): WireGroup {
  return present({
    group_id: group.groupId,
    name: group.name,
    description: group.description,
    super_group_id: group.superGroupId,
    group_type: 'STATIC' as const,
  });
}

export function encodeMember(member: GroupMember): ListDevicesInGroupResponse['devices'][number] {
  return present({
    device_id: member.deviceId,
    node_id: member.nodeId,
    device_name: member.deviceName,
    product_id: member.productId,
  });
}
