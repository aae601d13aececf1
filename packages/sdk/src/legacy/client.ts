import { createTransport, type Fetch } from '../transport.ts';
import { createBatchTasks } from './batch-tasks.ts';
import { createCommands } from './commands.ts';
import { createDevices } from './devices.ts';
import { createGroups } from './groups.ts';
import { createPackages } from './packages.ts';
import { createSubscriptions } from './subscriptions.ts';
import { createUpgrades } from './upgrades.ts';
import { createLegacyApi } from './legacy-api.ts';
import { createLegacyAuthorizer, type LegacyCredentials } from './sign-in.ts';

/** Where the server is and which application asks. */
export interface LegacyClientOptions extends LegacyCredentials {
  /** `https://host:8743`, with a path if the server is behind one. */
  readonly endpoint: string;
  /** Default: the global `fetch`. */
  readonly fetch?: Fetch;
}

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
    devices: createDevices(api),
    groups: createGroups(api),
    commands: createCommands(api),
    subscriptions: createSubscriptions(api),
    /** Any call by its name in the endpoint table. */
    call: api.call,
    /** Every item of any list of the endpoint table. */
    each: api.each,
  };
}

/** What {@link createLegacyClient} makes. */
export type LegacyClient = ReturnType<typeof createLegacyClient>;
