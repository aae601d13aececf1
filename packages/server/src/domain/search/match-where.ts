import { type DeviceStatus, type NodeType, nodeTypeOf, shownStatus } from '../device.ts';
import type { Device } from '../device.ts';
import { parseMillisTime } from '../time.ts';
import { type Condition, isTagCondition, type SearchField, type TagField, type Where } from './where.ts';

/** What a device is searched by. */
export type SearchableDevice = Pick<
  Device,
  | 'recordId'
  | 'deviceId'
  | 'appId'
  | 'productId'
  | 'nodeId'
  | 'name'
  | 'parentId'
  | 'connectivity'
  | 'frozen'
  | 'fwVersion'
  | 'swVersion'
  | 'createdAt'
  | 'tags'
  | 'legacy'
>;

/** The same answer that the database gives (store/sql/search), for a device that is at hand. `groupIds`: the groups that it is in. */
export function matchesWhere(where: Where, device: SearchableDevice, groupIds: ReadonlySet<string>): boolean {
  return where.some((conditions) => {
    const ofTags = conditions.filter(isTagCondition);
    const rest = conditions.filter((one) => !isTagCondition(one));
    const hasTag =
      ofTags.length === 0 ||
      device.tags.some((tag) => ofTags.every((one) => holds(one, one.field === 'tag_key' ? tag.key : tag.value)));
    return hasTag && rest.every((one) => meets(one, device, groupIds));
  });
}

function meets(condition: Condition, device: SearchableDevice, groupIds: ReadonlySet<string>): boolean {
  if (condition.field !== 'group_id') return holds(condition, values[condition.field as keyof typeof values](device));
  return condition.kind === 'equal' && condition.values.some((id) => groupIds.has(id)) !== condition.negated;
}

type Value = string | number | undefined;

const values: Readonly<Record<Exclude<SearchField, TagField | 'group_id'>, (device: SearchableDevice) => Value>> = {
  app_id: ({ appId }) => appId,
  device_id: ({ deviceId }) => deviceId,
  gateway_id: ({ parentId, deviceId }) => parentId ?? deviceId,
  product_id: ({ productId }) => productId,
  device_name: ({ name }) => name,
  node_id: ({ nodeId }) => nodeId,
  status: (device): DeviceStatus => shownStatus(device),
  node_type: (device): NodeType => nodeTypeOf(device),
  sw_version: ({ swVersion }) => swVersion,
  fw_version: ({ fwVersion }) => fwVersion,
  create_time: ({ createdAt }) => createdAt,
  marker: ({ recordId }) => recordId,
  location: ({ legacy }) => legacy.location,
};

function holds(condition: Condition, value: Value): boolean {
  if (condition.kind === 'prefix') return typeof value === 'string' && value.startsWith(condition.prefix);
  const given = (text: string): Value => (condition.field === 'create_time' ? parseMillisTime(text) : text);
  if (condition.kind === 'equal') return condition.values.some((text) => given(text) === value) !== condition.negated;
  const bound = given(condition.value);
  if (value === undefined || bound === undefined) return false;
  return condition.side === '>' ? value > bound : value < bound;
}
