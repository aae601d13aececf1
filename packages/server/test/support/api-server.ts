import type { FastifyInstance } from 'fastify';
import type { App } from '../../src/domain/app.ts';
import { type ProjectId, type RecordId, type UserId, asId } from '../../src/domain/ids.ts';
import { createAuthenticator } from '../../src/http/auth/create-authenticator.ts';
import { type HttpServer, type HttpServerOptions, createHttpServer } from '../../src/http/http-server.ts';
import { createAdminRoutes } from '../../src/http/v5/admin-routes.ts';
import { createIamRoutes } from '../../src/http/v5/iam-routes.ts';
import { registerV5 } from '../../src/http/v5/register-v5.ts';
import type { V5Route } from '../../src/http/v5/route.ts';
import type { Store } from '../../src/ports/store/store.ts';
import { type AccountServices, createAccountServices } from '../../src/services/accounts/account-services.ts';
import { createCredentials } from '../../src/services/credentials.ts';
import { type TokenParts, createTokens } from '../../src/services/tokens.ts';
import { createMetrics } from '../../src/system/metrics.ts';
import { createPasswordHasher } from '../../src/system/password-hasher.ts';
import { createOrderedIds, createRealRandom } from '../../src/system/real-random.ts';
import { createSecretBox } from '../../src/system/secret-box.ts';
import { aUser, anAccessKey } from '../builders/account-builders.ts';
import type { SigningKey } from './http-client.ts';
import { type ManualClock, createManualClock } from './manual-clock.ts';
import { openTestStore } from './test-store.ts';

/** The key of the contract's golden vectors (v5 2.4). */
export const testKey = { accessKey: 'AKTEST', secretKey: 'SKTEST' };
export const testPassword = 'correct horse battery';
export const testProject = asId<ProjectId>('proj1');
export const testUser = asId<UserId>('0123456789abcdef0123456789abcdef');

/** Any 32 bytes: the same for all servers of a test, so that tokens survive a restart. */
const masterKey = Buffer.alloc(32, 7);

export interface LoggedLine {
  readonly level: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export interface ApiServer {
  readonly port: number;
  readonly clock: ManualClock;
  readonly store: Store;
  readonly accounts: AccountServices;
  readonly http: HttpServer;
  readonly logged: readonly LoggedLine[];
  stop(): Promise<void>;
}

export interface ApiServerOptions {
  readonly routes?: readonly V5Route[];
  readonly addRoutes?: (app: FastifyInstance) => void;
  readonly store?: Store;
  readonly clock?: ManualClock;
  readonly limits?: HttpServerOptions['limits'];
  readonly backoff?: TokenParts['backoff'];
  readonly bodyLimits?: HttpServerOptions['bodyLimits'];
  readonly ready?: () => boolean;
}

/** Real HTTP over a free port, on a store of its own, with one admin, one project `proj1` and the golden vectors' key and time. */
export async function startApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  const clock = options.clock ?? createManualClock();
  const store = options.store ?? (await openTestStore());
  const random = createRealRandom(() => clock.now());
  // The least cost: these tests are not about guessing.
  const passwords = createPasswordHasher({ N: 16, r: 8, p: 1 });
  const parts = { accounts: store.accounts, clock, random, passwords };
  await insertTestAccount(store, await passwords.hash(testPassword), clock.now());
  const tokens = createTokens({
    ...parts,
    box: createSecretBox(masterKey, 'tokens'),
    lifeMs: 86_400_000,
    ...(options.backoff && { backoff: options.backoff }),
  });
  const accounts = createAccountServices(parts);
  const authenticate = createAuthenticator(createCredentials(store.accounts, tokens), clock);
  const routes = [
    ...createIamRoutes(tokens, accounts.projects),
    ...createAdminRoutes(accounts),
    ...(options.routes ?? []),
  ];
  const logged: LoggedLine[] = [];
  const write = (level: string) => (fields: LoggedLine['fields'], message: string) =>
    void logged.push({ level, fields, message });
  const log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const http = createHttpServer({
    host: { log, clock, random },
    ready: options.ready ?? (() => true),
    readMetrics: () => createMetrics().read(),
    addRoutes: (app, closing) => {
      registerV5(app, routes, { authenticate, closing });
      options.addRoutes?.(app);
    },
    ...(options.limits && { limits: options.limits }),
    ...(options.bodyLimits && { bodyLimits: options.bodyLimits }),
  });
  const { port } = await http.listen({ host: '127.0.0.1', port: 0, setting: 'MUSTER_HTTP_PORT' });
  const stop = async (): Promise<void> => {
    await http.close();
    if (options.store === undefined) await store.stop();
  };
  return { port, clock, store, accounts, http, logged, stop };
}

export async function insertTestAccount(store: Store, passwordHash: string, createdAt: number): Promise<void> {
  const ids = createOrderedIds({ now: () => createdAt, processPart: Buffer.alloc(5), counter: 0 });
  const recordId = () => asId<RecordId>(ids());
  const common = { domain: 'muster', createdAt };
  const defaultApp: App = {
    recordId: recordId(),
    appId: asId('00000000000000000000000000000001'),
    projectId: testProject,
    name: 'DefaultApp',
    isDefault: true,
    createdAt,
  };
  await store.accounts.insertFirst({
    user: { ...common, recordId: recordId(), userId: testUser, name: 'admin', passwordHash },
    project: { ...common, recordId: recordId(), projectId: testProject, name: 'cn-test-1' },
    defaultApp,
    accessKey: { ...testKey, recordId: recordId(), userId: testUser, projectId: testProject, createdAt },
  });
}

/** May read in the test's project, but sees no secrets. */
export async function insertViewer(store: Store): Promise<SigningKey> {
  const user = aUser();
  await store.accounts.insertUser(user);
  await store.accounts.setRole({ userId: user.userId, projectId: testProject }, 'viewer');
  const key = anAccessKey({ userId: user.userId, projectId: testProject });
  await store.accounts.insertAccessKey(key);
  return key;
}
