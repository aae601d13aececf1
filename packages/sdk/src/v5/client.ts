import {
  type Authorizer,
  createSigner,
  createTokenBearer,
  createTokenRenewer,
  type Credentials,
} from '../credentials.ts';
import { fetchPasswordToken } from '../password-token.ts';
import { type ApiCall, createTransport, type Fetch } from '../transport.ts';
import { createActions } from './actions.ts';
import { createApps } from './apps.ts';
import { createBatchFiles } from './batch-files.ts';
import { createAsyncCommands } from './async-commands.ts';
import { createBatchTasks } from './batch-tasks.ts';
import { createCommands } from './commands.ts';
import { createDevices } from './devices.ts';
import { createExports } from './exports.ts';
import { createGroups } from './groups.ts';
import { createMessages } from './messages.ts';
import { createModules } from './modules.ts';
import { createPackages } from './packages.ts';
import { createBacklogPolicies, createFlowControlPolicies } from './policies.ts';
import { createProducts } from './products.ts';
import { createProperties } from './properties.ts';
import { createAccessCodes, createQueues } from './queues.ts';
import { createProjectApi } from './project-api.ts';
import { createRules } from './rules.ts';
import { createShadows } from './shadows.ts';
import { createTags } from './tags.ts';
import type { WaitForTaskOptions } from './wait-for-task.ts';

/** Where the server is and who asks. */
export interface V5ClientOptions {
  /** `http://host:port`, with a path if the server is behind one. */
  readonly endpoint: string;
  readonly projectId: string;
  readonly credentials: Credentials;
  /** Part of derived keys; any text. Default `cn-north-4`. */
  readonly regionId?: string;
  /** Sign with `V11-HMAC-SHA256` and a derived key instead of `SDK-HMAC-SHA256`. */
  readonly derived?: boolean;
  /** Default: the global `fetch`. */
  readonly fetch?: Fetch;
}

const REGION = 'cn-north-4';

function createAuthorizer(options: V5ClientOptions, fetch: Fetch): Authorizer {
  const { credentials } = options;
  switch (credentials.kind) {
    case 'aksk':
      return createSigner(credentials, { regionId: options.regionId ?? REGION, derived: options.derived ?? false });
    case 'token':
      return createTokenBearer(credentials.token);
    case 'password':
      return createTokenRenewer(() => fetchPasswordToken(options.endpoint, credentials, fetch));
  }
}

/**
 * A client of the v5 API for one project; runs wherever `fetch` and WebCrypto do. Methods take and give the
 * contract's own JSON; anything but 2xx throws a MusterError.
 */
export function createV5Client(options: V5ClientOptions) {
  // A bare `fetch` taken off its global object fails in browsers.
  const fetch: Fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init));
  const transport = createTransport({
    endpoint: options.endpoint,
    fetch,
    authorizer: createAuthorizer(options, fetch),
  });
  const api = createProjectApi(transport, options.projectId);
  const batchTasks = createBatchTasks(api);
  return {
    projectId: options.projectId,
    apps: createApps(api),
    products: createProducts(api),
    devices: createDevices(api),
    groups: createGroups(api),
    tags: createTags(api),
    packages: createPackages(api),
    modules: createModules(api),
    commands: createCommands(api),
    asyncCommands: createAsyncCommands(api),
    messages: createMessages(api),
    shadows: createShadows(api),
    properties: createProperties(api),
    batchTasks,
    batchFiles: createBatchFiles(api),
    exports: createExports(api),
    rules: createRules(api),
    actions: createActions(api),
    backlogPolicies: createBacklogPolicies(api),
    flowControlPolicies: createFlowControlPolicies(api),
    queues: createQueues(api),
    accessCodes: createAccessCodes(api),
    /** Waits until a task is final; the same as `batchTasks.waitFor`. */
    waitForTask: (taskId: string, wait?: WaitForTaskOptions) => batchTasks.waitFor(taskId, wait),
    /** Any other call of the server, its path from the root; for what has no method here yet. */
    request: <T>(call: ApiCall): Promise<T> => transport.json<T>(call),
  };
}

/** What {@link createV5Client} makes. */
export type V5Client = ReturnType<typeof createV5Client>;
