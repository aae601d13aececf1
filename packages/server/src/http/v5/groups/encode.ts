import type { DeviceGroup as WireGroup, DeviceGroupSummary, ListDevicesInGroupResponse } from '@muster/contract/v5';
import { type DeviceGroup, type GroupMember, groupTypeOf } from '../../../domain/group.ts';
import { present } from '../../../domain/present.ts';

/** v5 7: what lists show. */
export function encodeGroupSummary(group: DeviceGroup): DeviceGroupSummary {
  return present({
    group_id: group.groupId,
    name: group.name,
    description: group.description,
    super_group_id: group.superGroupId,
    group_type: groupTypeOf(group),
  });
}

export function encodeGroup(group: DeviceGroup): WireGroup {
  return { ...encodeGroupSummary(group), ...present({ dynamic_group_rule: group.rule }) };
}

export function encodeMember(member: GroupMember): ListDevicesInGroupResponse['devices'][number] {
  return present({
    device_id: member.deviceId,
    node_id: member.nodeId,
    device_name: member.deviceName,
    product_id: member.productId,
  });
}
