import type { LegacyAnswerOf, LegacyBodyOf, LegacyOperation, LegacyQueryOf } from '@muster/contract/legacy';
import type { ReadonlyDeep } from '../readonly-deep.ts';
import { createTransport, type Fetch } from '../transport.ts';
import { createLegacyApi, type LegacyApi, type LegacyCallOptions } from './legacy-api.ts';
import { type WaitOptions, waitUntil } from './wait-until.ts';
import { createLegacyAuthorizer, type LegacyCredentials } from './sign-in.ts';

/** Where the server is and which application asks. */
export interface LegacyClientOptions extends LegacyCredentials {
  /** `https://host:8743`, with a path if the server is behind one. */
  readonly endpoint: string;
  /** Default: the global `fetch`. */
  readonly fetch?: Fetch;
}

type Body<Operation extends LegacyOperation> = ReadonlyDeep<LegacyBodyOf<Operation>>;
type Query<Operation extends LegacyOperation> = ReadonlyDeep<NonNullable<LegacyQueryOf<Operation>>>;

/**
 * A client of the legacy API for one application; runs wherever `fetch` does. It signs in by itself and stays signed in. Methods take and
 * give the contract's own JSON; anything but 2xx throws a MusterError.
 */
export function createLegacyClient({ endpoint, appId, secret, ...options }: LegacyClientOptions) {
  // A bare `fetch` taken off its global object fails in browsers.
  const fetch: Fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init));
  const open = createTransport({ endpoint, fetch, authorizer: undefined });
  const authorizer = createLegacyAuthorizer(open, { appId, secret });
  const api = createLegacyApi(createTransport({ endpoint, fetch, authorizer }));
  return {
    appId,
    batchTasks: createBatchTasks(api),
    packages: createPackages(api),
    upgrades: createUpgrades(api),
    groups: createGroups(api),
    subscriptions: createSubscriptions(api),
    /** Any call by its name in the endpoint table. */
    call: api.call,
    /** Every item of any list of the endpoint table. */
    each: api.each,
  };
}

/** What {@link createLegacyClient} makes. */
export type LegacyClient = ReturnType<typeof createLegacyClient>;

/** Batch processing (legacy 3). */
function createBatchTasks(api: LegacyApi) {
  const one = (taskId: string) => ({ params: { taskId } });
  return {
    create: (body: Body<'CreateLegacyBatchTask'>, options?: LegacyCallOptions) =>
      api.call('CreateLegacyBatchTask', { ...options, body }),
    list: (query: Query<'ListLegacyBatchTasks'> = {}, options?: LegacyCallOptions) =>
      api.call('ListLegacyBatchTasks', { ...options, query }),
    listAll: (query: Query<'ListLegacyBatchTasks'> = {}, options?: LegacyCallOptions) =>
      api.each('ListLegacyBatchTasks', { ...options, query }),
    get: (taskId: string, query: Query<'ShowLegacyBatchTask'> = {}, options?: LegacyCallOptions) =>
      api.call('ShowLegacyBatchTask', { ...options, ...one(taskId), query }),
    listDetails: (query: Query<'ListLegacySubtasks'>, options?: LegacyCallOptions) =>
      api.call('ListLegacySubtasks', { ...options, query }),
    /** All sub-tasks, a page in memory at a time. */
    listAllDetails: (query: Query<'ListLegacySubtasks'>, options?: LegacyCallOptions) =>
      api.each('ListLegacySubtasks', { ...options, query }),
    stop: (taskId: string, options?: LegacyCallOptions) =>
      api.call('StopLegacyBatchTask', { ...options, ...one(taskId) }),
    delete: (taskId: string, options?: LegacyCallOptions) =>
      api.call('DeleteLegacyBatchTask', { ...options, ...one(taskId) }),
    /** Waits until the task is `Complete` or `Timeout` and returns it. */
    waitFor: (taskId: string, options?: WaitOptions<LegacyAnswerOf<'ShowLegacyBatchTask'>>) =>
      waitUntil(
        (call) => api.call('ShowLegacyBatchTask', { ...call, ...one(taskId), query: {} }),
        ({ status }) => status === 'Complete' || status === 'Timeout',
        options,
      ),
  };
}

/** Software and firmware upgrades (legacy 4.2 to 4.5). */
function createUpgrades(api: LegacyApi) {
  const one = (operationId: string) => ({ params: { operationId } });
  return {
    createSoftware: (body: Body<'CreateSoftwareUpgrade'>, options?: LegacyCallOptions) =>
      api.call('CreateSoftwareUpgrade', { ...options, body }),
    createFirmware: (body: Body<'CreateFirmwareUpgrade'>, options?: LegacyCallOptions) =>
      api.call('CreateFirmwareUpgrade', { ...options, body }),
    list: (query: Query<'ListOperations'> = {}, options?: LegacyCallOptions) =>
      api.call('ListOperations', { ...options, query }),
    listAll: (query: Query<'ListOperations'> = {}, options?: LegacyCallOptions) =>
      api.each('ListOperations', { ...options, query }),
    get: (operationId: string, options?: LegacyCallOptions) =>
      api.call('ShowOperation', { ...options, ...one(operationId) }),
    listSubOperations: (operationId: string, query: Query<'ListSubOperations'> = {}, options?: LegacyCallOptions) =>
      api.call('ListSubOperations', { ...options, ...one(operationId), query }),
    /** All sub-operations, a page in memory at a time. */
    listAllSubOperations: (operationId: string, query: Query<'ListSubOperations'> = {}, options?: LegacyCallOptions) =>
      api.each('ListSubOperations', { ...options, ...one(operationId), query }),
    stop: (operationId: string, options?: LegacyCallOptions) =>
      api.call('StopOperation', { ...options, ...one(operationId) }),
    delete: (operationId: string, options?: LegacyCallOptions) =>
      api.call('DeleteOperation', { ...options, ...one(operationId) }),
    /** Waits until the operation has ended and returns it. Servers may write its states in capitals. */
    waitFor: (operationId: string, options?: WaitOptions<LegacyAnswerOf<'ShowOperation'>>) =>
      waitUntil(
        (call) => api.call('ShowOperation', { ...call, ...one(operationId) }),
        ({ status }) => !['wait', 'processing'].includes(status.toLowerCase()),
        options,
      ),
  };
}

/** Software and firmware packages (legacy 4.1). */
function createPackages(api: LegacyApi) {
  return {
    list: (query: Query<'ListUpgradePackages'> = {}, options?: LegacyCallOptions) =>
      api.call('ListUpgradePackages', { ...options, query }),
    listAll: (query: Query<'ListUpgradePackages'> = {}, options?: LegacyCallOptions) =>
      api.each('ListUpgradePackages', { ...options, query }),
    get: (fileId: string, options?: LegacyCallOptions) =>
      api.call('ShowUpgradePackage', { ...options, params: { fileId } }),
    delete: (fileId: string, options?: LegacyCallOptions) =>
      api.call('DeleteUpgradePackage', { ...options, params: { fileId } }),
  };
}

/** Device groups and their members (legacy 6). */
function createGroups(api: LegacyApi) {
  const one = (devGroupId: string) => ({ params: { devGroupId } });
  return {
    create: (body: Body<'CreateDeviceGroup'>, options?: LegacyCallOptions) =>
      api.call('CreateDeviceGroup', { ...options, body }),
    list: (query: Query<'ListDeviceGroups'> = {}, options?: LegacyCallOptions) =>
      api.call('ListDeviceGroups', { ...options, query }),
    listAll: (query: Query<'ListDeviceGroups'> = {}, options?: LegacyCallOptions) =>
      api.each('ListDeviceGroups', { ...options, query }),
    get: (devGroupId: string, options?: LegacyCallOptions) =>
      api.call('ShowDeviceGroup', { ...options, ...one(devGroupId) }),
    update: (devGroupId: string, body: Body<'ModifyDeviceGroup'>, options?: LegacyCallOptions) =>
      api.call('ModifyDeviceGroup', { ...options, ...one(devGroupId), body }),
    delete: (devGroupId: string, options?: LegacyCallOptions) =>
      api.call('DeleteDeviceGroup', { ...options, ...one(devGroupId) }),
    /** Ids of its devices. */
    listAllDevices: (devGroupId: string, options?: LegacyCallOptions) =>
      api.each('ListGroupMembers', { ...options, query: { devGroupId } }),
    /** All or none; adding twice succeeds. */
    addDevices: (devGroupId: string, deviceIds: readonly string[], options?: LegacyCallOptions) =>
      api.call('AddDevicesToGroup', { ...options, body: { devGroupId, deviceIds } }),
    removeDevices: (devGroupId: string, deviceIds: readonly string[], options?: LegacyCallOptions) =>
      api.call('RemoveDevicesFromGroup', { ...options, body: { devGroupId, deviceIds } }),
  };
}

/** What is pushed, and where to (legacy 8). */
function createSubscriptions(api: LegacyApi) {
  const one = (subscriptionId: string) => ({ params: { subscriptionId } });
  return {
    /** A second one of a type is refused with 100227; `put` replaces the URL. */
    create: (body: Body<'Subscribe'>, options?: LegacyCallOptions) =>
      api.call('Subscribe', { ...options, body, query: {} }),
    put: (body: Body<'SubscribeToManagement'>, options?: LegacyCallOptions) =>
      api.call('SubscribeToManagement', { ...options, body }),
    list: (query: Query<'ListSubscriptions'> = {}, options?: LegacyCallOptions) =>
      api.call('ListSubscriptions', { ...options, query }),
    listAll: (query: Query<'ListSubscriptions'> = {}, options?: LegacyCallOptions) =>
      api.each('ListSubscriptions', { ...options, query }),
    get: (subscriptionId: string, options?: LegacyCallOptions) =>
      api.call('ShowSubscription', { ...options, ...one(subscriptionId) }),
    delete: (subscriptionId: string, options?: LegacyCallOptions) =>
      api.call('DeleteSubscription', { ...options, ...one(subscriptionId) }),
    /** All that match, without a query all. */
    deleteAll: (query: Query<'DeleteSubscriptions'> = {}, options?: LegacyCallOptions) =>
      api.call('DeleteSubscriptions', { ...options, query }),
  };
}
