/** One HTTP call of the legacy generation. */
export interface LegacyEndpoint {
  readonly operationId: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path with `{name}` for each parameter. */
  readonly path: string;
  /** Further paths under which the same call is served: older versions of it. */
  readonly alsoAt?: readonly string[];
  /** `public`: neither `app_key` nor token (legacy 1.2). */
  readonly access: 'application' | 'public';
  /** HTTP status of success; without a response schema 200 and 201 have an empty body. */
  readonly status: 200 | 201 | 204;
  readonly summary: string;
  /** The query parameter that names the application whose things the call is about; absent: `appId`. */
  readonly ownerQuery?: 'accessAppId';
  /** The body's `appId` names it, too. */
  readonly ownerInBody?: true;
  /** What a missing mandatory parameter answers; absent: the family's bad input. */
  readonly missingCode?: '100019' | '102202';
  /** The body is multipart/form-data with one part, `file`. */
  readonly upload?: true;
  /** The codes that this call alone answers, for its reader; what all calls answer is left out. */
  readonly errors: readonly string[];
}

/** The first part of a path: which codes stand for bad input and the like (legacy 1.1). */
export type LegacyFamily = 'iocm' | 'iodm';

/** Undefined: no address of the legacy generation. */
export function legacyFamilyOf(path: string): LegacyFamily | undefined {
  const [, first] = path.split('/', 2);
  return first === 'iocm' || first === 'iodm' ? first : undefined;
}

/** Legacy 1.1. */
export const badInputCodes: Readonly<Record<LegacyFamily, string>> = { iocm: '100022', iodm: '120015' };

const security = '/iocm/app/sec/v1.1.0';
const upgrade = '/iodm/northbound/v1.5.0';

const securityEndpoints: readonly LegacyEndpoint[] = [
  {
    ...{ operationId: 'Login', method: 'POST', path: `${security}/login`, access: 'public', status: 200 },
    summary: 'Sign an application in',
    missingCode: '102202',
    errors: ['100208', '100247', '102202', '1010009'],
  },
  {
    ...{ operationId: 'RefreshToken', method: 'POST', path: `${security}/refreshToken`, access: 'public', status: 200 },
    summary: 'Get new tokens for a refresh token',
    missingCode: '102202',
    errors: ['100006', '100208', '100247', '102202', '1010009'],
  },
  {
    ...{ operationId: 'Logout', method: 'POST', path: `${security}/logout`, access: 'public', status: 204 },
    summary: 'End an access token',
    missingCode: '102202',
    errors: ['102202'],
  },
];

const packageEndpoints: readonly LegacyEndpoint[] = [
  {
    ...{ operationId: 'ListUpgradePackages', method: 'GET', path: `${upgrade}/category`, status: 200 },
    access: 'application',
    summary: 'List upgrade packages',
    errors: ['123029'],
  },
  {
    ...{ operationId: 'ShowUpgradePackage', method: 'GET', path: `${upgrade}/category/{fileId}`, status: 200 },
    access: 'application',
    summary: 'Show an upgrade package',
    errors: ['123002'],
  },
  {
    ...{ operationId: 'DeleteUpgradePackage', method: 'DELETE', path: `${upgrade}/category/{fileId}`, status: 200 },
    access: 'application',
    summary: 'Delete an upgrade package',
    errors: ['123002', '123803'],
  },
];

const ofUpgrades = { access: 'application' } as const;

const operationEndpoints: readonly LegacyEndpoint[] = [
  ...(['softwareUpgrade', 'firmwareUpgrade'] as const).map(
    (kind): LegacyEndpoint => ({
      ...{
        operationId: kind === 'softwareUpgrade' ? 'CreateSoftwareUpgrade' : 'CreateFirmwareUpgrade',
        method: 'POST',
      },
      ...{ path: `${upgrade}/operations/${kind}`, status: 200, ...ofUpgrades },
      summary: `Upgrade the ${kind === 'softwareUpgrade' ? 'software' : 'firmware'} of devices`,
      errors: [
        ...['123002', '123016', '123019', '123020', '123021', '123022', '123023', '123024', '123025', '123026'],
        ...['123027', '123028', '123032', '123033'],
      ],
    }),
  ),
  {
    ...{ operationId: 'ShowOperation', method: 'GET', path: `${upgrade}/operations/{operationId}`, status: 200 },
    ...ofUpgrades,
    summary: 'Show an operation',
    errors: ['123009'],
  },
  {
    ...{ operationId: 'ListOperations', method: 'GET', path: `${upgrade}/operations`, status: 200, ...ofUpgrades },
    summary: 'List operations',
    errors: ['123029'],
  },
  {
    ...{ operationId: 'ListSubOperations', method: 'GET', status: 200, ...ofUpgrades },
    path: `${upgrade}/operations/{operationId}/subOperations`,
    summary: 'List the sub-operations of an operation',
    errors: ['123009', '123029'],
  },
  {
    ...{ operationId: 'StopOperation', method: 'POST', path: `${upgrade}/operations/{operationId}/stop`, status: 204 },
    ...ofUpgrades,
    summary: 'Extension: stop what is not finished of an operation',
    errors: ['123009', '123802'],
  },
  {
    ...{ operationId: 'DeleteOperation', method: 'DELETE', path: `${upgrade}/operations/{operationId}`, status: 204 },
    ...ofUpgrades,
    summary: 'Extension: delete a finished operation',
    errors: ['123009', '123801'],
  },
];

const batch = '/iocm/app/batchtask/v1.1.0';
const ofBatches = { access: 'application', missingCode: '100019' } as const;

const batchEndpoints: readonly LegacyEndpoint[] = [
  {
    ...{ operationId: 'CreateLegacyBatchTask', method: 'POST', path: `${batch}/tasks`, status: 200, ...ofBatches },
    ownerInBody: true,
    summary: 'Create a batch task',
    errors: ['100019', '101001', '105001', '105002', '105201'],
  },
  {
    ...{ operationId: 'ListLegacyBatchTasks', method: 'GET', path: `${batch}/tasks`, status: 200, ...ofBatches },
    summary: 'Extension: list batch tasks',
    errors: [],
  },
  {
    ...{ operationId: 'ShowLegacyBatchTask', method: 'GET', path: `${batch}/tasks/{taskId}`, status: 200 },
    ...ofBatches,
    summary: 'Show a batch task',
    errors: ['105005'],
  },
  {
    ...{ operationId: 'ListLegacySubtasks', method: 'GET', path: `${batch}/taskDetails`, status: 200, ...ofBatches },
    summary: 'List the sub-tasks of a batch task',
    errors: ['100019', '105005'],
  },
  {
    ...{ operationId: 'StopLegacyBatchTask', method: 'POST', path: `${batch}/tasks/{taskId}/stop`, status: 204 },
    ...ofBatches,
    summary: 'Extension: stop a batch task',
    errors: ['105005', '105802'],
  },
  {
    ...{ operationId: 'DeleteLegacyBatchTask', method: 'DELETE', path: `${batch}/tasks/{taskId}`, status: 204 },
    ...ofBatches,
    summary: 'Extension: delete a finished batch task',
    errors: ['105005', '105801'],
  },
  {
    ...{ operationId: 'UploadLegacyBatchFile', method: 'POST', path: `${batch}/files`, status: 200, ...ofBatches },
    upload: true,
    summary: 'Extension: upload a batch file',
    errors: [],
  },
  {
    ...{ operationId: 'ListLegacyBatchFiles', method: 'GET', path: `${batch}/files`, status: 200, ...ofBatches },
    summary: 'Extension: list batch files',
    errors: [],
  },
  {
    ...{ operationId: 'DeleteLegacyBatchFile', method: 'DELETE', path: `${batch}/files/{fileId}`, status: 204 },
    ...ofBatches,
    summary: 'Extension: delete a batch file',
    errors: ['101001'],
  },
];

const registration = '/iocm/app/reg/v1.1.0/deviceCredentials';
const registrationV2 = '/iocm/app/reg/v2.0.0/deviceCredentials';
const olderVersions = ['v1.1.0', 'v1.2.0', 'v1.3.0'];
const ofApp = { access: 'application' } as const;

/** Of every version of device management (legacy 5). */
const managedAt = (rest: string) => ({
  path: `/iocm/app/dm/v1.4.0/devices${rest}`,
  alsoAt: olderVersions.map((version) => `/iocm/app/dm/${version}/devices${rest}`),
});

const deviceEndpoints: readonly LegacyEndpoint[] = [
  {
    ...{ operationId: 'RegisterDevice', method: 'POST', path: registration, status: 200, ...ofApp },
    alsoAt: [registrationV2],
    summary: 'Register a device',
    errors: ['100003', '100416', '100426', '100601', '100603', '600002'],
  },
  {
    ...{ operationId: 'RefreshDeviceKey', method: 'PUT', path: `${registration}/{deviceId}`, status: 200, ...ofApp },
    summary: 'Give a device a new verification code',
    errors: ['100003', '100403', '100610', '100611'],
  },
  {
    ...{
      operationId: 'RefreshDeviceSecret',
      method: 'PUT',
      path: `${registrationV2}/{deviceId}`,
      status: 200,
      ...ofApp,
    },
    summary: 'Give a device a new verification code and a new secret',
    errors: ['100003', '100403', '100610', '100611'],
  },
  {
    ...{ operationId: 'ShowActivation', method: 'GET', path: `${registration}/{deviceId}`, status: 200, ...ofApp },
    summary: 'Show whether a device has connected',
    errors: ['100403'],
  },
  {
    ...{ operationId: 'LegacyShowDevice', method: 'GET', ...managedAt('/{deviceId}'), status: 200, ...ofApp },
    summary: 'Show a device',
    errors: ['100403'],
  },
  {
    ...{ operationId: 'LegacyListDevices', method: 'GET', ...managedAt(''), status: 200, ...ofApp },
    summary: 'List devices',
    errors: ['100218', '100405'],
  },
  {
    ...{ operationId: 'ModifyDevice', method: 'PUT', ...managedAt('/{deviceId}'), status: 204, ...ofApp },
    summary: 'Change a device, or move it to another product',
    errors: ['100403', '100426', '600002'],
  },
  {
    ...{ operationId: 'LegacyDeleteDevice', method: 'DELETE', ...managedAt('/{deviceId}'), status: 204, ...ofApp },
    summary: 'Delete a device',
    errors: ['100403', '100405'],
  },
  {
    ...{ operationId: 'LegacyShowDeviceShadow', method: 'GET', status: 200, ...ofApp },
    path: '/iocm/app/shadow/v1.5.0/devices/{deviceId}',
    summary: 'Show the shadow of a device',
    errors: ['100403'],
  },
  {
    ...{ operationId: 'SetDeviceShadow', method: 'PUT', status: 204, ...ofApp },
    path: '/iocm/app/shadow/v1.5.0/devices/{deviceId}',
    summary: 'Set desired values of a device',
    errors: ['100403'],
  },
  {
    ...{ operationId: 'ListDeviceCapabilities', method: 'GET', status: 200, ...ofApp },
    path: '/iocm/app/data/v1.1.0/deviceCapabilities',
    summary: 'Show what devices can do by their product models',
    errors: ['100403'],
  },
];

const groups = '/iocm/app/devgroup/v1.3.0/devGroups';
const ofGroups = { access: 'application', ownerQuery: 'accessAppId' } as const;

const groupEndpoints: readonly LegacyEndpoint[] = [
  {
    ...{ operationId: 'CreateDeviceGroup', method: 'POST', path: groups, status: 200, ...ofGroups },
    ownerInBody: true,
    summary: 'Create a device group',
    errors: ['100403', '100601', '100602', '100607', '100609'],
  },
  {
    ...{ operationId: 'ListDeviceGroups', method: 'GET', path: groups, status: 200, ...ofGroups },
    summary: 'List device groups',
    errors: [],
  },
  {
    ...{ operationId: 'ShowDeviceGroup', method: 'GET', path: `${groups}/{devGroupId}`, status: 200, ...ofGroups },
    summary: 'Show a device group',
    errors: ['100603'],
  },
  {
    ...{ operationId: 'ModifyDeviceGroup', method: 'PUT', path: `${groups}/{devGroupId}`, status: 200, ...ofGroups },
    summary: 'Change a device group',
    errors: ['100602', '100603'],
  },
  {
    ...{ operationId: 'DeleteDeviceGroup', method: 'DELETE', path: `${groups}/{devGroupId}`, status: 204, ...ofGroups },
    summary: 'Delete a device group; its devices stay',
    errors: ['100603'],
  },
  {
    ...{
      operationId: 'ListGroupMembers',
      method: 'GET',
      path: '/iocm/app/dm/v1.2.0/devices/ids',
      status: 200,
      ...ofGroups,
    },
    summary: 'List the ids of the devices of a group',
    errors: ['100603'],
  },
  {
    ...{ operationId: 'AddDevicesToGroup', method: 'POST', status: 200, ...ofGroups },
    path: '/iocm/app/dm/v1.1.0/devices/addDevGroupTagToDevices',
    summary: 'Add devices to a group, all or none',
    errors: ['100403', '100601', '100603', '100609'],
  },
  {
    ...{ operationId: 'RemoveDevicesFromGroup', method: 'POST', status: 204, ...ofGroups },
    path: '/iocm/app/dm/v1.1.0/devices/deleteDevGroupTagFromDevices',
    summary: 'Take devices out of a group, all or none',
    errors: ['100403', '100603', '100609'],
  },
];

const commands = '/iocm/app/cmd/v1.4.0/deviceCommands';
const cancelTasks = '/iocm/app/cmd/v1.4.0/deviceCommandCancelTasks';

const commandEndpoints: readonly LegacyEndpoint[] = [
  {
    ...{ operationId: 'CreateDeviceCommand', method: 'POST', path: commands, status: 201, ...ofApp },
    summary: 'Send a command to a device, or cache it',
    errors: ['100223', '100403', '100428', '100431'],
  },
  {
    ...{ operationId: 'ListDeviceCommands', method: 'GET', path: commands, status: 200, ...ofApp },
    summary: 'List commands',
    errors: ['100403'],
  },
  {
    ...{ operationId: 'CancelDeviceCommand', method: 'PUT', status: 200, ...ofApp },
    path: `${commands}/{deviceCommandId}`,
    summary: 'Cancel a command that is cached',
    errors: ['100434', '100435'],
  },
  {
    ...{ operationId: 'CancelDeviceCommands', method: 'POST', path: cancelTasks, status: 201, ...ofApp },
    summary: 'Cancel every command that is cached for a device',
    errors: ['100403'],
  },
  {
    ...{ operationId: 'ListCommandCancelTasks', method: 'GET', path: cancelTasks, status: 200, ...ofApp },
    summary: 'List cancellations of all commands of a device',
    errors: [],
  },
  {
    ...{ operationId: 'SendCommand', method: 'POST', status: 200, ...ofApp },
    path: '/iocm/app/signaltrans/v1.1.0/devices/{deviceId}/services/{serviceId}/sendCommand',
    summary: 'Send a command to a device that is online, at once',
    errors: ['100403', '100428', '100431'],
  },
];

const subscriptions = '/iocm/app/sub/v1.2.0/subscriptions';
const ofSubscriptions = { access: 'application' } as const;

const subscriptionEndpoints: readonly LegacyEndpoint[] = [
  {
    ...{ operationId: 'Subscribe', method: 'POST', path: subscriptions, status: 201, ...ofSubscriptions },
    ownerInBody: true,
    summary: 'Subscribe to messages of a type',
    errors: ['100222', '100227'],
  },
  {
    ...{ operationId: 'SubscribeToManagement', method: 'POST', status: 200, ...ofSubscriptions },
    path: '/iodm/app/sub/v1.1.0/subscribe',
    summary: 'Subscribe to messages of a type, or change where they go',
    errors: ['100222'],
  },
  {
    ...{ operationId: 'SubscribeInOldestForm', method: 'POST', status: 201, ...ofSubscriptions },
    path: '/iocm/app/sub/v1.1.0/subscribe',
    alsoAt: ['/iocm/app/sub/v1.2.0/subscribe'],
    summary: 'The same, as the oldest clients ask for it',
    errors: ['100222'],
  },
  {
    ...{ operationId: 'ListSubscriptions', method: 'GET', path: subscriptions, status: 200, ...ofSubscriptions },
    summary: 'List subscriptions',
    errors: [],
  },
  {
    ...{ operationId: 'ShowSubscription', method: 'GET', status: 200, ...ofSubscriptions },
    path: `${subscriptions}/{subscriptionId}`,
    summary: 'Show a subscription',
    errors: ['100225'],
  },
  {
    ...{ operationId: 'DeleteSubscription', method: 'DELETE', status: 204, ...ofSubscriptions },
    path: `${subscriptions}/{subscriptionId}`,
    summary: 'End a subscription; what waits for it is dropped',
    errors: ['100225'],
  },
  {
    ...{ operationId: 'DeleteSubscriptions', method: 'DELETE', path: subscriptions, status: 204, ...ofSubscriptions },
    summary: 'End the subscriptions that match, or all',
    errors: ['200001'],
  },
];

/** Every call of the legacy generation that is served, in the order of the contract's page. */
export const legacyEndpoints: readonly LegacyEndpoint[] = [
  ...securityEndpoints,
  ...batchEndpoints,
  ...packageEndpoints,
  ...operationEndpoints,
  ...deviceEndpoints,
  ...groupEndpoints,
  ...commandEndpoints,
  ...subscriptionEndpoints,
];
