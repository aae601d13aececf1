/** Who may call an endpoint: a v5 permission, the role `admin`, anybody signed in, or everybody. */
export type EndpointPermission = `iotda:${string}:${string}` | 'admin' | 'signed-in' | 'public';

/** One HTTP call of the v5 generation. */
export interface Endpoint {
  /** Named as in the official API where that has the call. */
  readonly operationId: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path with `{name}` for each parameter. */
  readonly path: string;
  readonly permission: EndpointPermission;
  /** HTTP status of success. */
  readonly status: 200 | 201 | 204;
  readonly summary: string;
  /** The value of the query parameter `action_id` that selects this call among those of one method and path. */
  readonly actionIds?: readonly string[];
}

const project = '/v5/iot/{project_id}';
const legacyGrant = `${project}/apps/{owner_app_id}/legacy-grants/{caller_app_id}`;
const device = `${project}/devices/{device_id}`;
const group = `${project}/device-group/{group_id}`;
const task = `${project}/batchtasks/{task_id}`;
const packages = `${project}/ota-upgrades/packages`;
const modules = `${project}/ota-upgrades/modules`;
const rules = `${project}/routing-rule/rules`;
const actions = `${project}/routing-rule/actions`;
const backlogPolicies = `${project}/routing-rule/backlog-policy`;
const flowPolicies = `${project}/routing-rule/flowcontrol-policy`;
const queues = `${project}/amqp-queues`;
const admin = '/admin/v1';

function at(path: string, permission: EndpointPermission) {
  return (operationId: string, call: Pick<Endpoint, 'method' | 'status'>, summary: string): Endpoint => ({
    operationId,
    ...call,
    path,
    permission,
    summary,
  });
}

// v5 1, Success statuses.
const create = { method: 'POST', status: 201 } as const;
const act = { method: 'POST', status: 200 } as const;
const switchOver = { method: 'POST', status: 204 } as const;
const read = { method: 'GET', status: 200 } as const;
const update = { method: 'PUT', status: 200 } as const;
const allow = { method: 'PUT', status: 204 } as const;
const remove = { method: 'DELETE', status: 204 } as const;

const iamEndpoints: readonly Endpoint[] = [
  at('/v3/auth/tokens', 'public')('CreateToken', create, 'Sign in with name and password'),
  at('/v3/projects', 'signed-in')('ListProjects', read, "List the caller's projects"),
  at('/v3/auth/domains', 'signed-in')('ListDomains', read, "List the caller's domains"),
];

const appEndpoints: readonly Endpoint[] = [
  at(`${project}/apps`, 'iotda:apps:create')('AddApplication', create, 'Add an application'),
  at(`${project}/apps`, 'iotda:apps:queryList')('ListApplications', read, 'List applications'),
  at(`${project}/apps/{app_id}`, 'iotda:apps:query')('ShowApplication', read, 'Show an application'),
  at(`${project}/apps/{app_id}`, 'iotda:apps:update')('UpdateApplication', update, 'Rename an application'),
  at(`${project}/apps/{app_id}`, 'iotda:apps:delete')('DeleteApplication', remove, 'Delete an application'),
  at(`${project}/apps/{app_id}/legacy-secret`, 'iotda:apps:update')(
    'RenewLegacySecret',
    create,
    'Extension: give an application a new legacy secret',
  ),
  at(`${project}/apps/{app_id}/legacy-secret`, 'iotda:apps:update')(
    'RevokeLegacySecret',
    remove,
    'Extension: revoke the legacy secret and tokens of an application',
  ),
  at(legacyGrant, 'iotda:apps:update')(
    'CreateLegacyGrant',
    allow,
    'Extension: let an application use the things of another one over the legacy API',
  ),
  at(legacyGrant, 'iotda:apps:update')('DeleteLegacyGrant', remove, 'Extension: take such a permission back'),
];

const productEndpoints: readonly Endpoint[] = [
  at(`${project}/products`, 'iotda:products:create')('CreateProduct', create, 'Create a product'),
  at(`${project}/products`, 'iotda:products:queryList')('ListProducts', read, 'List products'),
  at(`${project}/products/{product_id}`, 'iotda:products:query')('ShowProduct', read, 'Show a product'),
  at(`${project}/products/{product_id}`, 'iotda:products:update')('UpdateProduct', update, 'Change a product'),
  at(`${project}/products/{product_id}`, 'iotda:products:delete')('DeleteProduct', remove, 'Delete a product'),
];

const deviceEndpoints: readonly Endpoint[] = [
  at(`${project}/devices`, 'iotda:devices:create')('AddDevice', create, 'Add a device'),
  at(`${project}/devices`, 'iotda:devices:queryList')('ListDevices', read, 'List devices'),
  at(device, 'iotda:devices:query')('ShowDevice', read, 'Show a device'),
  at(device, 'iotda:devices:update')('UpdateDevice', update, 'Change a device'),
  at(device, 'iotda:devices:delete')('DeleteDevice', remove, 'Delete a device'),
  at(`${device}/freeze`, 'iotda:devices:update')('FreezeDevice', switchOver, 'Freeze a device'),
  at(`${device}/unfreeze`, 'iotda:devices:update')('UnfreezeDevice', switchOver, 'Unfreeze a device'),
  {
    ...at(`${device}/action`, 'iotda:devices:update')('ResetDeviceSecret', act, "Reset a device's secret"),
    actionIds: ['resetSecret'],
  },
  at(`${device}/reset-fingerprint`, 'iotda:devices:update')(
    'ResetFingerprint',
    act,
    "Replace or clear the fingerprint of a device's certificate",
  ),
  at(`${device}/change-gateway`, 'iotda:devices:update')(
    'ChangeGateway',
    switchOver,
    'Hang a child device under another gateway',
  ),
  // v5 6: a POST, though it only reads.
  at(`${device}/list-device-group`, 'iotda:group:queryList')(
    'ListDeviceGroupsByDevice',
    act,
    'List the groups of a device',
  ),
  at(`${project}/search/query-devices`, 'iotda:devices:queryList')(
    'SearchDevices',
    act,
    'Search devices, or count them, by a statement like SQL',
  ),
];

const groupEndpoints: readonly Endpoint[] = [
  at(`${project}/device-group`, 'iotda:group:create')('AddDeviceGroup', create, 'Add a device group'),
  at(`${project}/device-group`, 'iotda:group:queryList')('ListDeviceGroups', read, 'List device groups'),
  at(group, 'iotda:group:query')('ShowDeviceGroup', read, 'Show a device group'),
  at(group, 'iotda:group:update')('UpdateDeviceGroup', update, 'Change a device group'),
  at(group, 'iotda:group:delete')('DeleteDeviceGroup', remove, 'Delete a device group'),
  {
    ...at(`${group}/action`, 'iotda:group:update')('CreateOrDeleteDeviceInGroup', act, 'Add or remove a member'),
    actionIds: ['addDevice', 'removeDevice'],
  },
  at(`${group}/devices`, 'iotda:group:query')('ListDevicesInGroup', read, 'List the members of a group'),
];

const tagEndpoints: readonly Endpoint[] = [
  at(`${project}/tags/bind-resource`, 'iotda:tags:create')('TagDevice', act, 'Bind tags to a device'),
  at(`${project}/tags/unbind-resource`, 'iotda:tags:delete')('UntagDevice', act, 'Take tags from a device'),
  at(`${project}/tags/query-resources`, 'iotda:tags:queryList')(
    'ListResourcesByTags',
    act,
    'List the devices that have one of some tags',
  ),
];

const downlinkEndpoints: readonly Endpoint[] = [
  at(`${device}/commands`, 'iotda:commands:create')('CreateCommand', act, 'Send a command and wait for its answer'),
  at(`${device}/async-commands`, 'iotda:commands:create')(
    'CreateAsyncCommand',
    act,
    'Send a command without waiting for its answer',
  ),
  at(`${device}/async-commands`, 'iotda:commands:queryList')(
    'ListAsyncCommands',
    read,
    'List asynchronous commands under way',
  ),
  at(`${device}/async-commands-history`, 'iotda:commands:queryList')(
    'ListAsyncHistoryCommands',
    read,
    'List asynchronous commands of the past',
  ),
  // v5 9: a POST, though it only reads.
  at(`${device}/async-commands-history/count`, 'iotda:commands:queryList')(
    'CountAsyncHistoryCommands',
    act,
    'Count asynchronous commands of the past',
  ),
  at(`${device}/async-commands/{command_id}`, 'iotda:commands:query')(
    'ShowAsyncDeviceCommand',
    read,
    'Show an asynchronous command',
  ),
  at(`${device}/messages`, 'iotda:messages:create')('CreateMessage', create, 'Send a message'),
  at(`${device}/messages`, 'iotda:messages:queryList')('ListDeviceMessages', read, 'List the messages of a device'),
  at(`${device}/messages/{message_id}`, 'iotda:messages:query')('ShowDeviceMessage', read, 'Show a message'),
  at(`${device}/messages/{message_id}`, 'iotda:messages:delete')(
    'DeleteDeviceMessage',
    remove,
    'Withdraw a message that waits',
  ),
  at(`${device}/shadow`, 'iotda:shadows:query')('ShowDeviceShadow', read, 'Show the shadow of a device'),
  at(`${device}/shadow`, 'iotda:shadows:update')(
    'UpdateDeviceShadowDesiredData',
    update,
    'Write desired values into the shadow of a device',
  ),
  at(`${device}/shadow`, 'iotda:shadows:delete')('DeleteDeviceShadow', remove, 'Clear the shadow of a device'),
  at(`${device}/properties`, 'iotda:properties:query')(
    'ListProperties',
    read,
    'Ask a device for its properties and wait for its answer',
  ),
  at(`${device}/properties`, 'iotda:properties:update')(
    'UpdateProperties',
    update,
    'Set properties of a device and wait for its answer',
  ),
];

const packageEndpoints: readonly Endpoint[] = [
  at(packages, 'iotda:packages:create')('CreateOtaPackage', create, 'Create an upgrade package'),
  at(packages, 'iotda:packages:queryList')('ListOtaPackageInfo', read, 'List upgrade packages'),
  at(`${packages}/{package_id}`, 'iotda:packages:query')('ShowOtaPackage', read, 'Show an upgrade package'),
  at(`${packages}/{package_id}`, 'iotda:packages:delete')('DeleteOtaPackage', remove, 'Delete an upgrade package'),
  at(`${project}/ota-upgrades/package-files`, 'iotda:packages:create')(
    'UploadPackageFile',
    create,
    'Extension: upload the file of an upgrade package',
  ),
  at(modules, 'iotda:modules:create')('CreateOtaModule', create, 'Create an OTA module'),
  at(modules, 'iotda:modules:queryList')('ListOtaModules', read, 'List OTA modules'),
  at(`${modules}/{module_id}`, 'iotda:modules:query')('ShowOtaModule', read, 'Show an OTA module'),
  at(`${modules}/{module_id}`, 'iotda:modules:update')('UpdateOtaModule', update, 'Change an OTA module'),
  at(`${modules}/{module_id}`, 'iotda:modules:delete')('DeleteOtaModule', remove, 'Delete an OTA module'),
];

const taskEndpoints: readonly Endpoint[] = [
  at(`${project}/batchtasks`, 'iotda:batchtasks:create')('CreateBatchTask', create, 'Create a batch task'),
  at(`${project}/batchtasks`, 'iotda:batchtasks:queryList')('ListBatchTasks', read, 'List batch tasks'),
  // v5 1: batchtasks have no `query` permission of their own.
  at(task, 'iotda:batchtasks:queryList')('ShowBatchTask', read, 'Show a batch task and its subtasks'),
  at(`${task}/failed-rows`, 'iotda:batchtasks:queryList')(
    'DownloadFailedRows',
    read,
    'Extension: the rows of its file that failed, to be mended and uploaded again',
  ),
  at(task, 'iotda:batchtasks:delete')('DeleteBatchTask', remove, 'Delete a finished batch task'),
  at(`${task}/retry`, 'iotda:batchtasks:retry')('RetryBatchTask', act, 'Run failed subtasks again'),
  at(`${task}/stop`, 'iotda:batchtasks:stop')('StopBatchTask', act, 'Stop a batch task or some of its subtasks'),
  at(`${task}/confirm`, 'iotda:batchtasks:confirm')('ConfirmBatchTask', act, 'Confirm waiting subtasks'),
  at(`${task}/events`, 'iotda:batchtasks:queryList')(
    'WatchBatchTask',
    read,
    'Extension: follow the progress as Server-Sent Events',
  ),
];

const batchFiles = `${project}/batchtask-files`;

const batchFileEndpoints: readonly Endpoint[] = [
  at(batchFiles, 'iotda:batchtaskfiles:create')('UploadBatchTaskFile', create, 'Upload a file of targets'),
  at(batchFiles, 'iotda:batchtaskfiles:queryList')('ListBatchTaskFiles', read, 'List the present files'),
  at(`${batchFiles}/{file_id}`, 'iotda:batchtaskfiles:delete')('DeleteBatchTaskFile', remove, 'Delete a file'),
  at(`${batchFiles}/templates/{task_type}`, 'iotda:batchtaskfiles:queryList')(
    'ShowBatchTaskFileTemplate',
    read,
    'Extension: an empty file for a task type',
  ),
];

const exportTask = `${project}/export-tasks/{export_task_id}`;

const exportEndpoints: readonly Endpoint[] = [
  at(`${project}/export-tasks`, 'iotda:exporttasks:create')('CreateExportTask', create, 'Export a batch task'),
  at(`${project}/export-tasks`, 'iotda:exporttasks:queryList')('ListExportTasks', read, 'List export tasks'),
  at(exportTask, 'iotda:exporttasks:query')('ShowExportTask', read, 'Extension: show an export task'),
  at(`${exportTask}/file`, 'iotda:exporttasks:query')(
    'DownloadExportTask',
    read,
    'Download the file of an export task',
  ),
  at(exportTask, 'iotda:exporttasks:delete')('DeleteExportTask', remove, 'Delete an export task and its file'),
];

const ruleEndpoints: readonly Endpoint[] = [
  at(rules, 'iotda:rules:create')('CreateRoutingRule', create, 'Create a rule'),
  at(rules, 'iotda:rules:queryList')('ListRoutingRules', read, 'List rules'),
  at(`${rules}/{rule_id}`, 'iotda:rules:query')('ShowRoutingRule', read, 'Show a rule'),
  at(`${rules}/{rule_id}`, 'iotda:rules:update')('UpdateRoutingRule', update, 'Change or activate a rule'),
  at(`${rules}/{rule_id}`, 'iotda:rules:delete')('DeleteRoutingRule', remove, 'Delete a rule and its actions'),
  at(actions, 'iotda:rules:create')('CreateRuleAction', create, 'Create an action of a rule'),
  at(actions, 'iotda:rules:queryList')('ListRuleActions', read, 'List actions'),
  at(`${actions}/{action_id}`, 'iotda:rules:query')('ShowRuleAction', read, 'Show an action'),
  at(`${actions}/{action_id}`, 'iotda:rules:update')('UpdateRuleAction', update, 'Change an action'),
  at(`${actions}/{action_id}`, 'iotda:rules:delete')('DeleteRuleAction', remove, 'Delete an action'),
  at(`${actions}/{action_id}/status`, 'iotda:rules:query')(
    'ShowRuleActionStatus',
    read,
    'Extension: how the deliveries of an action go',
  ),
  at(`${actions}/{action_id}/deliveries`, 'iotda:rules:query')(
    'ListRuleActionDeliveries',
    read,
    'Extension: list what waits to be delivered',
  ),
  at(`${actions}/{action_id}/test`, 'iotda:rules:update')(
    'TestRuleAction',
    act,
    'Extension: send a sample event to the receiver of an action',
  ),
  at(`${actions}/{action_id}/redeliver`, 'iotda:rules:update')(
    'RedeliverRuleAction',
    act,
    'Extension: try again now what waits for its next attempt',
  ),
];

/** v5 15.4: the same five calls for both kinds of policies. */
function policyEndpoints(path: string, kind: string, words: { one: string; many: string }): readonly Endpoint[] {
  const one = `${path}/{policy_id}`;
  return [
    at(path, 'iotda:rules:create')(`CreateRouting${kind}`, create, `Create ${words.one}`),
    at(path, 'iotda:rules:queryList')(`ListRouting${kind}`, read, `List ${words.many}`),
    at(one, 'iotda:rules:query')(`ShowRouting${kind}`, read, `Show ${words.one}`),
    at(one, 'iotda:rules:update')(`UpdateRouting${kind}`, update, `Change ${words.one}`),
    at(one, 'iotda:rules:delete')(`DeleteRouting${kind}`, remove, `Delete ${words.one}`),
  ];
}

const queueEndpoints: readonly Endpoint[] = [
  at(queues, 'iotda:amqpqueues:create')('AddQueue', create, 'Create a queue'),
  at(queues, 'iotda:amqpqueues:queryList')('BatchShowQueue', read, 'List queues'),
  at(`${queues}/{queue_id}`, 'iotda:amqpqueues:query')('ShowQueue', read, 'Show a queue'),
  at(`${queues}/{queue_id}`, 'iotda:amqpqueues:delete')('DeleteQueue', remove, 'Delete a queue'),
  at(`${project}/auth/accesscode`, 'iotda:accesscode:create')(
    'CreateAccessCode',
    create,
    'Make a new access code for consumers',
  ),
];

interface AdminResource {
  readonly path: string;
  readonly id: string;
  readonly one: string;
  readonly many: string;
  readonly words: { readonly one: string; readonly many: string; readonly note?: string };
}

// Operations, Administration: the same five calls for each of the four resources.
function adminResource({ path, id, one, many, words }: AdminResource): readonly Endpoint[] {
  const all = at(`${admin}/${path}`, 'admin');
  const single = at(`${admin}/${path}/{${id}}`, 'admin');
  return [
    all(`AdminCreate${one}`, create, `Create ${words.one}${words.note ?? ''}`),
    all(`AdminList${many}`, read, `List ${words.many}`),
    single(`AdminShow${one}`, read, `Show ${words.one}`),
    single(`AdminUpdate${one}`, update, `Change ${words.one}`),
    single(`AdminDelete${one}`, remove, `Delete ${words.one}`),
  ];
}

const adminEndpoints: readonly Endpoint[] = [
  ...adminResource({
    ...{ path: 'users', id: 'user_id', one: 'User', many: 'Users' },
    words: { one: 'a user', many: 'users' },
  }),
  ...adminResource({
    ...{ path: 'projects', id: 'project_id', one: 'Project', many: 'Projects' },
    words: { one: 'a project', many: 'projects' },
  }),
  ...adminResource({
    ...{ path: 'access-keys', id: 'access_key', one: 'AccessKey', many: 'AccessKeys' },
    words: { one: 'an access key', many: 'access keys' },
  }),
  ...adminResource({
    ...{ path: 'roles', id: 'role_id', one: 'Role', many: 'Roles' },
    words: {
      one: 'the role of a user in a project',
      many: 'roles',
      note: '; replaces the one that the user has there',
    },
  }),
  at(`${admin}/audit`, 'admin')('AdminListAudit', read, 'List administrative acts'),
];

/** Every call of this API generation, in the order of the contract's pages. */
export const endpoints: readonly Endpoint[] = [
  ...iamEndpoints,
  ...appEndpoints,
  ...productEndpoints,
  ...deviceEndpoints,
  ...groupEndpoints,
  ...tagEndpoints,
  ...downlinkEndpoints,
  ...packageEndpoints,
  ...taskEndpoints,
  ...batchFileEndpoints,
  ...exportEndpoints,
  ...ruleEndpoints,
  ...policyEndpoints(backlogPolicies, 'BacklogPolicy', { one: 'a backlog policy', many: 'backlog policies' }),
  ...policyEndpoints(flowPolicies, 'FlowControlPolicy', {
    one: 'a flow control policy',
    many: 'flow control policies',
  }),
  ...queueEndpoints,
  ...adminEndpoints,
];
