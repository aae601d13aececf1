type Query = Readonly<Record<string, string>>;

const never = '20990101T000000Z';
const long = '20000101T000000Z';

/** By member, or by call and member: a value that no entry of the seeded lists has. */
const values: Readonly<Record<string, readonly Query[]>> = {
  product_id: [{ product_id: 'nobody' }],
  product_name: [{ product_name: 'nobody' }],
  gateway_id: [{ gateway_id: 'nobody' }],
  // Of all levels, below a device that does not exist.
  is_cascade_query: [{ is_cascade_query: 'true', gateway_id: 'nobody' }],
  node_id: [{ node_id: 'nobody' }],
  device_name: [{ device_name: 'nobody' }],
  start_time: [{ start_time: never }],
  end_time: [{ end_time: long }],
  last_modified_time: [{ last_modified_time: never }],
  group_type: [{ group_type: 'DYNAMIC' }],
  name: [{ name: 'nobody' }],
  command_name: [{ command_name: 'nobody' }],
  'ListAsyncCommands status': [{ status: 'DELIVERED' }],
  'ListAsyncHistoryCommands status': [{ status: 'EXPIRED' }],
  package_type: [{ package_type: 'softwarePackage' }],
  version: [{ version: 'nobody' }],
  task_type: [{ task_type: 'firmwareUpgrade' }, { task_type: 'moduleUpgrade' }, { task_type: 'nonsense' }],
  'ListBatchTasks status': [{ status: 'Stopped' }],
  task_detail_status: [{ task_detail_status: 'Fail' }, { task_detail_status: 'Removed' }],
  target: [{ target: 'nobody' }],
  resource_condition: [{ resource_condition: '{"task_id":"nobody"}' }],
  resource: [{ resource: 'nobody' }],
  event: [{ event: 'nobody' }],
  rule_name: [{ rule_name: 'nobody' }],
  rule_id: [{ rule_id: 'nobody' }],
  channel: [{ channel: 'AMQP_FORWARDING' }],
  app_type: [{ app_type: 'APP' }],
  policy_name: [{ policy_name: 'nobody' }],
  scope: [{ scope: 'USER' }, { scope: 'nonsense' }],
  queue_name: [{ queue_name: 'nobody' }],
  scope_value: [{ scope_value: 'nobody' }],
  active: [{ active: 'false' }],
};

/** Queries that find nothing because of this member; none: the member is not known here. */
export function nobodyHas(operationId: string, member: string, otherApp: string): readonly Query[] {
  if (member === 'app_id') return [{ app_id: otherApp }];
  return values[`${operationId} ${member}`] ?? values[member] ?? [];
}
