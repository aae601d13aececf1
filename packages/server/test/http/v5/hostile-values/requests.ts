import { aPackageFile } from '../../../builders/catalogue-builders.ts';
import type { Json } from '../../../support/hostile-values.ts';
import type { startWholeApi } from '../../../support/whole-api.ts';

export type WholeApi = Awaited<ReturnType<typeof startWholeApi>>;

/** A call that would be taken, with a value in every field. */
export interface FullRequest {
  readonly method: string;
  readonly path: string;
  /** Absent: the values are those of the query. */
  readonly body?: Json;
  readonly query?: Readonly<Record<string, string>>;
}

let made = 0;

/** What the requests name. */
export async function setScene(api: WholeApi) {
  const { given, scope, store } = api;
  const properties = [{ property_name: 'force', data_type: 'enum', method: 'RW' }];
  const capabilities = [{ service_id: 'Press', service_type: 'Press', properties }];
  const product = await given.product(scope, { customTopics: ['a/b'], capabilities });
  const gateway = await given.device(scope, { product });
  const device = await given.device(scope, { product });
  const group = await given.group(scope, { members: [device.deviceId] });
  const file = aPackageFile({ projectId: scope.projectId });
  await store.packages.insertFile(file);
  const pkg = await given.pkg(scope, { productId: product.productId, location: { kind: 'file', file } });
  const module = await given.module(scope, { productId: product.productId });
  const rule = await given.rule(scope);
  const action = await given.action(scope, { rule });
  const backlog = await given.backlogPolicy(scope);
  // One id for both kinds: paths name either by `policy_id`.
  const flow = await given.flowPolicy(scope, { policyId: backlog.policyId });
  const queue = await given.queue(scope);
  const task = await given.task(scope);
  const user = (await api.send('POST', '/admin/v1/users', { user_name: unique('user') })).json as { user_id: string };
  return { store, scope, product, gateway, device, group, pkg, module, rule, action, backlog, flow, queue, task, user };
}

export type Scene = Awaited<ReturnType<typeof setScene>>;

/** A request of each call that takes a body or a query; names that must be new are new each time. */
export async function fullRequests(scene: Scene): Promise<readonly FullRequest[]> {
  const { store, scope, product, gateway, device, group, pkg, module, rule, action, backlog, flow, task, user } = scene;
  const file = aPackageFile({ projectId: scope.projectId });
  await store.packages.insertFile(file);
  const v5 = `/v5/iot/${scope.projectId}`;
  const { deviceId } = device;
  const { productId } = product;
  const capability = {
    service_id: 'Press',
    service_type: 'Press',
    description: 'what it is',
    option: 'Master',
    properties: [
      {
        ...{ property_name: 'force', data_type: 'enum', method: 'RW', required: false, unit: 'N', description: 'd' },
        ...{ min: '0', max: '9', max_length: 5, step: 1, enum_list: ['a', 'b'], default_value: { any: ['x', 1] } },
      },
    ],
    commands: [
      { command_name: 'go', paras: [{ para_name: 'p', data_type: 'string', description: 'd' }], responses: [] },
    ],
    events: [{ event_type: 'e', paras: [{ para_name: 'p', data_type: 'string' }] }],
  };
  const productFields = {
    ...{ name: 'Press', device_type: 'Press', protocol_type: 'MQTT', data_format: 'json', industry: 'i' },
    ...{ manufacturer_name: 'Maker', description: 'd', app_id: scope.appId, model: 'm', manufacturer_id: 'id' },
    ...{ custom_topics: ['a/b'], service_capabilities: [capability] },
  };
  const policy = { schedule_time: '20261122T020000Z', retry_count: 1, retry_interval: 1, on_conflict: 'fail' };
  const task0 = { app_id: scope.appId, task_name: 'name', task_policy: policy };
  const http = {
    ...{ url: 'https://example.com/x', cert_id: 'c', cn_name: 'n', sni_enable: true, signature_enable: true },
    token: 'abcdef',
  };
  const page = { limit: '10', marker: 'f'.repeat(24), offset: '0' };
  const bodies: readonly (readonly [string, string, Json])[] = [
    ['POST', `${v5}/apps`, { app_name: unique('app') }],
    ['PUT', `${v5}/apps/${scope.appId}`, { app_name: unique('app') }],
    ['POST', `${v5}/apps/${scope.appId}/legacy-secret`, { secret: 'a1b2c3d4' }],
    ['POST', `${v5}/products`, { product_id: unique('product'), ...productFields }],
    ['PUT', `${v5}/products/${productId}`, productFields],
    [
      'POST',
      `${v5}/devices`,
      {
        ...{ node_id: unique('node'), product_id: productId, device_id: unique('device'), device_name: 'n' },
        ...{ description: 'd', gateway_id: gateway.deviceId, app_id: scope.appId },
        auth_info: { auth_type: 'SECRET', secret: '12345678', secure_access: true, timeout: 7 },
        extension_info: { any: ['x', { y: 'z' }, 1] },
        shadow: [{ service_id: 'Press', desired: { force: 'a', deep: { x: 1 } } }],
      },
    ],
    [
      'PUT',
      `${v5}/devices/${deviceId}`,
      {
        ...{ device_name: 'n', description: 'd', extension_info: { any: 'x', no: 1 } },
        auth_info: { secure_access: true, timeout: 7 },
      },
    ],
    ['POST', `${v5}/devices/${deviceId}/action?action_id=resetSecret`, { secret: '12345678', secret_type: 'PRIMARY' }],
    [
      'POST',
      `${v5}/devices/${deviceId}/reset-fingerprint`,
      { fingerprint: 'a'.repeat(40), fingerprint_type: 'PRIMARY' },
    ],
    ['POST', `${v5}/devices/${deviceId}/change-gateway`, { gateway_id: deviceId }],
    [
      'POST',
      `${v5}/device-group`,
      {
        ...{ name: unique('group'), description: 'd', super_group_id: group.groupId, app_id: scope.appId },
        group_type: 'STATIC',
      },
    ],
    [
      'POST',
      `${v5}/device-group`,
      { name: unique('group'), group_type: 'DYNAMIC', dynamic_group_rule: "node_id = 'x' or tag_key = 'k'" },
    ],
    ['POST', `${v5}/search/query-devices`, { sql: "select * from device where node_id in ('a', 'b')" }],
    [
      'POST',
      `${v5}/tags/bind-resource`,
      { resource_type: 'device', resource_id: deviceId, tags: [{ tag_key: 'k', tag_value: 'v' }] },
    ],
    ['POST', `${v5}/tags/unbind-resource`, { resource_type: 'device', resource_id: deviceId, tag_keys: ['k'] }],
    ['POST', `${v5}/tags/query-resources`, { resource_type: 'device', tags: [{ tag_key: 'k', tag_value: 'v' }] }],
    ['PUT', `${v5}/device-group/${group.groupId}`, { name: unique('group'), description: 'd' }],
    [
      'POST',
      `${v5}/devices/${deviceId}/messages`,
      {
        ...{ message_id: unique('message'), name: 'n', message: { any: ['x', 1] }, encoding: 'none' },
        ...{ payload_format: 'standard', topic_full_name: '$oc/x', topic: 't', ttl: 5 },
        properties: {
          ...{ correlation_data: 'c', response_topic: 'r' },
          user_properties: [{ prop_key: 'k', prop_value: 'v' }],
        },
      },
    ],
    ['POST', `${v5}/devices/${deviceId}/messages`, { message: 'text', ttl: 5 }],
    [
      'POST',
      `${v5}/devices/${deviceId}/commands`,
      { service_id: 's', command_name: 'c', paras: { any: ['x', { y: 1 }] } },
    ],
    [
      'PUT',
      `${v5}/devices/${deviceId}/shadow`,
      { shadow: [{ service_id: 'Press', desired: { force: { any: ['x', 1] }, gone: null }, version: null }] },
    ],
    [
      'POST',
      `${v5}/devices/${deviceId}/async-commands`,
      {
        ...{ service_id: 's', command_name: 'c', paras: { any: ['x', { y: 1 }] } },
        ...{ expire_time: 60, send_strategy: 'delay' },
      },
    ],
    ['PUT', `${v5}/devices/${deviceId}/properties`, { services: [{ service_id: 's', properties: { any: 'x' } }] }],
    [
      'POST',
      `${v5}/ota-upgrades/packages`,
      {
        ...{ app_id: scope.appId, package_type: 'firmwarePackage', product_id: productId, version: unique('v') },
        ...{ support_source_versions: ['1.0'], description: 'd', custom_info: 'c' },
        file_location: { local_location: { file_id: file.fileId } },
      },
    ],
    [
      'POST',
      `${v5}/ota-upgrades/modules`,
      {
        ...{ app_id: scope.appId, product_id: productId, module_name: unique('module') },
        ...{ alias_name: 'a', description: 'd' },
      },
    ],
    ['PUT', `${v5}/ota-upgrades/modules/${module.moduleId}`, { alias_name: 'a', description: 'd' }],
    [
      'POST',
      `${v5}/batchtasks`,
      {
        ...{ ...task0, task_type: 'createCommands', targets: [deviceId], need_confirm: false },
        document: { service_id: 's', command_name: 'c', paras: { any: ['x', { y: 1 }] } },
      },
    ],
    [
      'POST',
      `${v5}/batchtasks`,
      {
        ...{ task_name: 'name', task_type: 'createAsyncCommands', targets: [deviceId, 'nobody'] },
        document: { service_id: 's', command_name: 'c', paras: { any: 'x' }, expire_time: 5, send_strategy: 'delay' },
      },
    ],
    [
      'POST',
      `${v5}/batchtasks`,
      {
        ...{ task_name: 'name', task_type: 'createMessages', targets: [deviceId, 'nobody'] },
        document: {
          message: { any: 'x' },
          name: 'n',
          topic: 't',
          ttl: 5,
          message_id: 'm',
          properties: { correlation_data: 'c' },
        },
      },
    ],
    [
      'POST',
      `${v5}/batchtasks`,
      {
        ...{ task_name: 'name', task_type: 'updateDeviceShadows', targets: [deviceId, 'nobody'] },
        document: { shadow: [{ service_id: 'Press', desired: { force: { any: ['x', 1] }, gone: null } }] },
      },
    ],
    [
      'POST',
      `${v5}/batchtasks`,
      {
        ...{ ...task0, task_type: 'firmwareUpgrade', targets: [deviceId], task_ext_info: { any: 'x', no: 1 } },
        ...{ document: { package_id: pkg.packageId }, task_mode: 'GATEWAY', document_source: '' },
      },
    ],
    [
      'POST',
      `${v5}/batchtasks`,
      { task_name: 'name', task_type: 'freezeDevices', targets_filter: { group_ids: [group.groupId] } },
    ],
    ['POST', `${v5}/batchtasks/${task.taskId}/stop`, { targets: [deviceId] }],
    ['POST', `${v5}/batchtasks/${task.taskId}/retry`, { targets: [deviceId] }],
    ['POST', `${v5}/batchtasks/${task.taskId}/confirm`, { targets: [deviceId] }],
    [
      'POST',
      `${v5}/export-tasks`,
      {
        ...{ resource_type: 'BatchTask', resource_condition: { task_id: task.taskId }, export_format: 'csv' },
        ...{ app_type: 'GLOBAL', app_id: scope.appId },
      },
    ],
    [
      'POST',
      `${v5}/routing-rule/rules`,
      {
        ...{ rule_name: unique('rule'), description: 'd', subject: { resource: 'batchtask', event: 'update' } },
        ...{ app_type: 'APP', app_id: scope.appId, select: '', where: '' },
      },
    ],
    ['PUT', `${v5}/routing-rule/rules/${rule.ruleId}`, { rule_name: 'n', description: 'd', select: '', where: '' }],
    [
      'POST',
      `${v5}/routing-rule/actions`,
      { rule_id: rule.ruleId, channel: 'HTTP_FORWARDING', channel_detail: { http_forwarding: http } },
    ],
    [
      'PUT',
      `${v5}/routing-rule/actions/${action.actionId}`,
      { channel: 'HTTP_FORWARDING', channel_detail: { http_forwarding: http, amqp_forwarding: { queue_name: 'q' } } },
    ],
    ['POST', `${v5}/routing-rule/actions/${action.actionId}/redeliver`, { key: 'k' }],
    [
      'POST',
      `${v5}/routing-rule/backlog-policy`,
      { policy_name: 'n', description: 'd', backlog_size: 1, backlog_time: 1 },
    ],
    [
      'PUT',
      `${v5}/routing-rule/backlog-policy/${backlog.policyId}`,
      { policy_name: 'n', description: 'd', backlog_size: 1, backlog_time: 1 },
    ],
    [
      'POST',
      `${v5}/routing-rule/flowcontrol-policy`,
      { policy_name: 'n', description: 'd', scope: 'RULE', scope_value: rule.ruleId, limit: 1 },
    ],
    ['PUT', `${v5}/routing-rule/flowcontrol-policy/${flow.policyId}`, { policy_name: 'n', description: 'd', limit: 1 }],
    ['POST', `${v5}/amqp-queues`, { queue_name: unique('queue-of-') }],
    ['POST', `${v5}/auth/accesscode`, { type: 'AMQP', force_disconnect: true }],
    ['POST', '/admin/v1/users', { user_name: unique('user'), password: '12345678' }],
    ['PUT', `/admin/v1/users/${user.user_id}`, { user_name: unique('user'), password: '12345678' }],
    ['POST', '/admin/v1/projects', { project_name: unique('project') }],
    ['PUT', `/admin/v1/projects/${scope.projectId}`, { project_name: unique('project') }],
    ['POST', '/admin/v1/access-keys', { user_id: user.user_id, project_id: scope.projectId }],
    ['POST', '/admin/v1/roles', { user_id: user.user_id, project_id: scope.projectId, role: 'viewer' }],
    [
      'POST',
      '/v3/auth/tokens',
      {
        auth: {
          identity: {
            methods: ['password'],
            password: { user: { domain: { name: 'muster', id: 'x' }, name: 'admin', password: 'wrong' } },
          },
          scope: { project: { id: scope.projectId, name: 'n' } },
        },
      },
    ],
  ];
  const queries: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    [`${v5}/products`, { ...page, app_id: scope.appId, product_name: 'n' }],
    [`${v5}/products/${productId}`, { app_id: scope.appId }],
    [
      `${v5}/devices`,
      {
        ...page,
        product_id: 'p',
        gateway_id: 'g',
        node_id: 'n',
        device_name: 'n',
        app_id: scope.appId,
        start_time: '20260101T000000Z',
      },
    ],
    [
      `${v5}/devices/${deviceId}/async-commands`,
      { ...page, status: 'PENDING', command_name: 'c', start_time: '20260101T000000Z', end_time: '20260102T000000Z' },
    ],
    [`${v5}/devices/${deviceId}/async-commands-history`, { ...page, status: 'FAILED', command_name: 'c' }],
    [`${v5}/devices/${deviceId}/properties`, { service_id: 's' }],
    [`${v5}/device-group`, { ...page, name: 'n', app_id: scope.appId, last_modified_time: '20260101T000000Z' }],
    [`${v5}/device-group/${group.groupId}/devices`, page],
    [`${v5}/ota-upgrades/packages`, { ...page, package_type: 'firmwarePackage', product_id: 'p', version: 'v' }],
    [`${v5}/ota-upgrades/modules`, { ...page, app_id: scope.appId, product_id: 'p' }],
    [`${v5}/batchtasks`, { ...page, app_id: scope.appId, task_type: 'freezeDevices', status: 'Success' }],
    [`${v5}/batchtasks/${task.taskId}`, { ...page, target: 't', task_detail_status: 'Fail' }],
    [
      `${v5}/export-tasks`,
      { ...page, resource_type: 'BatchTask', resource_condition: '{}', app_type: 'APP', app_id: scope.appId },
    ],
    [`${v5}/routing-rule/rules`, { ...page, resource: 'r', event: 'e', rule_name: 'n', app_id: scope.appId }],
    [`${v5}/routing-rule/actions`, { ...page, rule_id: 'r', channel: 'c', app_type: 'APP', app_id: scope.appId }],
    [`${v5}/routing-rule/actions/${action.actionId}/deliveries`, { limit: '10', marker: '', key: 'k' }],
    [`${v5}/routing-rule/backlog-policy`, { ...page, policy_name: 'n' }],
    [`${v5}/routing-rule/flowcontrol-policy`, { ...page, scope: 'USER', scope_value: 'v', policy_name: 'n' }],
    [`${v5}/amqp-queues`, { ...page, queue_name: 'n' }],
    ['/v3/projects', { name: 'n' }],
    ['/admin/v1/users', { ...page, user_name: 'n' }],
    ['/admin/v1/projects', { ...page, project_name: 'n' }],
    ['/admin/v1/access-keys', { ...page, user_id: 'u', project_id: 'p' }],
    ['/admin/v1/roles', { ...page, user_id: 'u', project_id: 'p' }],
    ['/admin/v1/audit', { ...page, user_id: 'u' }],
  ];
  return [
    ...bodies.map(([method, path, body]) => ({ method, path, body })),
    ...queries.map(([path, query]) => ({ method: 'GET', path, query })),
  ];
}

const unique = (prefix: string): string => `${prefix}-${++made}`;
