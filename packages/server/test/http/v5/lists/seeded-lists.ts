import { startWholeApi } from '../../../support/whole-api.ts';

/** A list of the contract with three entries or more, or with as many as there can be. */
export interface SeededList {
  readonly operationId: string;
  readonly method: 'GET' | 'POST';
  /** Behind `/v5/iot/{project_id}`, with what the call needs. */
  readonly path: string;
  readonly body?: unknown;
  /** Where its entries are in the answer. */
  readonly key: string;
  /** What an entry is known by. */
  readonly id: string;
  /** As many as there can be; absent: three or more. */
  readonly entries?: number;
}

const three = [1, 2, 3] as const;

/** Everything that can be listed, thrice. */
export async function seedLists() {
  const api = await startWholeApi();
  const { given, scope } = api;
  const product = await given.product(scope);
  const otherApp = await given.app(scope);
  const gateway = await given.device(scope, { product, online: true });
  const { deviceId } = gateway;
  for (const _ of three) await given.product(scope);
  const children = [];
  for (const _ of three) children.push(await given.device(scope, { product, parent: gateway }));
  const members = children.map((child) => child.deviceId);
  const group = await given.group(scope, { members });
  for (const _ of three) await given.group(scope);
  for (const _ of three) await given.pkg(scope, { productId: product.productId });
  for (const _ of three) await given.module(scope, { productId: product.productId });
  const rule = await given.rule(scope);
  for (const _ of three) await given.rule(scope);
  for (const _ of three) await given.action(scope, { rule });
  await given.backlogPolicy(scope);
  for (const _ of three) await given.queue(scope);
  for (const n of three) await given.flowPolicy(scope, { scope: 'RULE', scopeValue: `rule-${n}` });
  const tag = { tag_key: 'site', tag_value: 'north' };
  for (const resource_id of members) {
    await api.ofProject('POST', '/tags/bind-resource', { resource_type: 'device', resource_id, tags: [tag] });
  }
  const source = { kind: 'devices', deviceIds: members } as const;
  const tasks = [];
  for (const _ of three) tasks.push(await given.finishedTask(scope, { source }));
  const exported = { resource_type: 'BatchTask', resource_condition: { task_id: tasks[0]?.taskId } };
  for (const _ of three) await api.ofProject('POST', '/export-tasks', exported);
  for (const _ of three) await given.command(scope, { deviceId });
  for (const _ of three) {
    const { commandId, createdAt: at } = await given.command(scope, { deviceId });
    const ended = { status: 'SUCCESSFUL', at, answerMs: 20_000 } as const;
    await api.store.effects.apply(scope.projectId, [{ kind: 'settleCommand', deviceId, commandId, ...ended }]);
  }
  const lists: readonly SeededList[] = [
    { operationId: 'ListProducts', method: 'GET', path: '/products', key: 'products', id: 'product_id' },
    { operationId: 'ListDevices', method: 'GET', path: '/devices', key: 'devices', id: 'device_id' },
    { operationId: 'ListDeviceGroups', method: 'GET', path: '/device-group', key: 'device_groups', id: 'group_id' },
    {
      ...{ operationId: 'ListDevicesInGroup', method: 'GET', path: `/device-group/${group.groupId}/devices` },
      ...{ key: 'devices', id: 'device_id' },
    },
    {
      ...{ operationId: 'ListResourcesByTags', method: 'POST', path: '/tags/query-resources' },
      body: { resource_type: 'device', tags: [tag] },
      ...{ key: 'resources', id: 'resource_id' },
    },
    {
      ...{ operationId: 'ListAsyncCommands', method: 'GET', path: `/devices/${deviceId}/async-commands` },
      ...{ key: 'commands', id: 'command_id' },
    },
    {
      ...{
        operationId: 'ListAsyncHistoryCommands',
        method: 'GET',
        path: `/devices/${deviceId}/async-commands-history`,
      },
      ...{ key: 'commands', id: 'command_id' },
    },
    {
      ...{
        operationId: 'ListOtaPackageInfo',
        method: 'GET',
        path: '/ota-upgrades/packages?package_type=firmwarePackage',
      },
      ...{ key: 'packages', id: 'package_id' },
    },
    {
      ...{ operationId: 'ListOtaModules', method: 'GET', path: `/ota-upgrades/modules?app_id=${scope.appId}` },
      ...{ key: 'modules', id: 'module_id' },
    },
    { operationId: 'ListBatchTasks', method: 'GET', path: '/batchtasks', key: 'batchtasks', id: 'task_id' },
    {
      ...{ operationId: 'ShowBatchTask', method: 'GET', path: `/batchtasks/${tasks[0]?.taskId}` },
      ...{ key: 'task_details', id: 'target' },
    },
    {
      ...{ operationId: 'ListExportTasks', method: 'GET', path: '/export-tasks?resource_type=BatchTask' },
      ...{ key: 'export_tasks', id: 'export_task_id' },
    },
    { operationId: 'ListRoutingRules', method: 'GET', path: '/routing-rule/rules', key: 'rules', id: 'rule_id' },
    { operationId: 'ListRuleActions', method: 'GET', path: '/routing-rule/actions', key: 'actions', id: 'action_id' },
    {
      ...{ operationId: 'ListRoutingBacklogPolicy', method: 'GET', path: '/routing-rule/backlog-policy' },
      ...{ key: 'backlog_policies', id: 'policy_id', entries: 1 },
    },
    {
      ...{ operationId: 'ListRoutingFlowControlPolicy', method: 'GET', path: '/routing-rule/flowcontrol-policy' },
      ...{ key: 'flowcontrol_policies', id: 'policy_id' },
    },
    { operationId: 'BatchShowQueue', method: 'GET', path: '/amqp-queues', key: 'queues', id: 'queue_id' },
  ];
  return { api, lists, otherApp };
}
