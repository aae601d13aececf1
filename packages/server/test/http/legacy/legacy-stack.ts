import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.ts';
import type { Device } from '../../../src/domain/device.ts';
import { createFileSpool } from '../../../src/files/file-spool.ts';
import { createTableFiles } from '../../../src/files/table-files.ts';
import { createAuthenticator } from '../../../src/http/auth/create-authenticator.ts';
import { createHttpServer } from '../../../src/http/http-server.ts';
import { legacyDialect } from '../../../src/http/legacy/dialect.ts';
import { registerLegacy } from '../../../src/http/legacy/register-legacy.ts';
import { registerMultipart } from '../../../src/http/receive-file.ts';
import { createBatchFileRoutes } from '../../../src/http/v5/batch-files/routes.ts';
import { createBatchTaskRoutes } from '../../../src/http/v5/batch-tasks/batch-task-routes.ts';
import { registerV5 } from '../../../src/http/v5/register-v5.ts';
import { createLegacyApi } from '../../../src/legacy-api.ts';
import { createDiskPackageStore } from '../../../src/packages-store/disk-package-store.ts';
import type { Platform } from '../../../src/platform.ts';
import { createBatchFileService } from '../../../src/services/batch-files.ts';
import { createBatchTaskService } from '../../../src/services/batch-tasks/batch-task-service.ts';
import { createCredentials } from '../../../src/services/credentials.ts';
import { createGroupService } from '../../../src/services/groups.ts';
import { createLegacyCredentials } from '../../../src/services/legacy-access/legacy-credentials.ts';
import { createPackageService } from '../../../src/services/packages.ts';
import { createTokens } from '../../../src/services/tokens.ts';
import { createPasswordHasher } from '../../../src/system/password-hasher.ts';
import { createSecretBox } from '../../../src/system/secret-box.ts';
import { taskTypes } from '../../../src/task-types/index.ts';
import { toBasicTime } from '../../../src/domain/time.ts';
import { anAccessKey, aUser } from '../../builders/account-builders.ts';
import { random } from '../../builders/chance.ts';
import { type DeviceStackOptions, startDeviceStack } from '../../support/device-stack.ts';
import { timers } from '../../support/engine-harness.ts';
import { call, type HttpAnswer, signed } from '../../support/http-client.ts';
import { noObjectStores } from '../../support/no-object-stores.ts';
import type { TestDevice } from '../../support/test-device.ts';
import { security, testSecret } from './legacy-api.ts';

export const tasksPath = '/iocm/app/batchtask/v1.1.0/tasks';
export const filesPath = '/iocm/app/batchtask/v1.1.0/files';
export const detailsPath = '/iocm/app/batchtask/v1.1.0/taskDetails';
export const operationsPath = '/iodm/northbound/v1.5.0/operations';

type Json = Readonly<Record<string, unknown>>;

export interface LegacyStackOptions extends DeviceStackOptions {
  readonly settings?: Readonly<Record<string, string>>;
}

interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** Calls are not limited, and a token outlives every test's clock. */
const unhurried = { MUSTER_LEGACY_CALLS_PER_MINUTE: '0', MUSTER_LEGACY_ACCESS_TOKEN_LIFE_SECONDS: '31536000' };

/** The legacy API and v5's batch tasks over real HTTP with the engine and the gateway behind them; time stands still until it is moved. */
export async function startLegacyStack({ settings = {}, ...options }: LegacyStackOptions = {}) {
  const stack = await startDeviceStack(options);
  const { store, clock, engine, scope, side } = stack;
  const folder = await mkdtemp(join(tmpdir(), 'muster-legacy-'));
  const loaded = loadConfig({ args: [], env: { ...unhurried, ...settings }, isTerminal: false });
  if (loaded.kind !== 'run') throw new Error('The defaults run a server.');
  const { config } = loaded;
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, child: () => log };
  const errors: string[] = [];
  const log: Platform['log'] = { ...silent, error: ({ err }, text) => void errors.push(`${text}: ${String(err)}`) };
  const passwords = createPasswordHasher({ N: 16, r: 8, p: 1 });
  const files = createDiskPackageStore(folder);
  const spool = createFileSpool(join(folder, 'spool'), random);
  await files.start();
  await spool.start();
  const base = { store, clock, random, log };
  const tables = createTableFiles();
  const batchFiles = createBatchFileService({ ...base, spool, tables, types: taskTypes, settings: config.batchFiles });
  const services = {
    groups: createGroupService(base),
    packages: createPackageService({ ...base, files, objects: noObjectStores, fileBytesMax: 1_000_000 }),
    batchFiles,
    tasks: createBatchTaskService({
      ...{ ...base, tables, types: taskTypes, engine },
      settings: { ...config.batch, timers, downloadBase: () => 'https://muster.test:8943' },
    }),
  };
  const ways = { link: side.link, collect: engine.collect };
  const legacy = createLegacyApi({ ...base, config, passwords } as unknown as Platform, services, ways);
  const box = createSecretBox(Buffer.alloc(32, 7), 'tokens');
  const tokens = createTokens({ accounts: store.accounts, clock, passwords, box, lifeMs: 86_400_000 });
  const authenticate = createAuthenticator(createCredentials(store.accounts, tokens), clock);
  const server = createHttpServer({
    host: { log, clock, random },
    ready: () => true,
    readMetrics: () => Promise.resolve({ contentType: 'text/plain', text: '' }),
    addRoutes: (app, closing) => {
      registerMultipart(app);
      registerV5(app, [...createBatchTaskRoutes(services.tasks), ...createBatchFileRoutes(batchFiles)], {
        authenticate,
        closing,
      });
      registerLegacy(app, legacy.routes, legacy.access);
    },
    dialects: [legacyDialect],
  });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0, setting: 'MUSTER_HTTP_PORT' });
  onTestFinished(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const credentials = createLegacyCredentials({ store, random, passwords });
  await credentials.renewSecret(scope.projectId, scope.appId, testSecret);
  const { json } = await call(port, {
    method: 'POST',
    path: `${security}/login`,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: `appId=${scope.appId}&secret=${testSecret}`,
  });
  const { accessToken } = json as { accessToken: string };
  const headers = { app_key: scope.appId, Authorization: `Bearer ${accessToken}` };
  /** With headers and body as they are. */
  const send = (method: string, path: string, ask: Sent) =>
    call(port, { method, path, headers: { ...headers, ...ask.headers }, body: ask.body });
  const ask = (method: string, path: string, body?: unknown): Promise<HttpAnswer> =>
    call(port, { method, path, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });

  const user = aUser();
  const key = anAccessKey({ userId: user.userId, projectId: scope.projectId });
  await store.accounts.insertUser(user);
  await store.accounts.setRole({ userId: user.userId, projectId: scope.projectId }, 'admin');
  await store.accounts.insertAccessKey(key);
  /** `path` is behind v5's project. */
  const sendV5 = (method: string, path: string, ask: Partial<Sent>): Promise<HttpAnswer> => {
    const target = { method, path: `/v5/iot/${scope.projectId}${path}`, ...ask };
    return call(port, signed(key, target, { date: toBasicTime(clock.now()) }));
  };
  const askV5 = (method: string, path: string, body?: unknown): Promise<HttpAnswer> => {
    const headers = { 'Content-Type': 'application/json' };
    return sendV5(method, path, { headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  };

  const get = async (path: string): Promise<Json> => {
    const { status, json: answer } = await ask('GET', path);
    if (status !== 200) throw new Error(`${path} answered ${status} ${JSON.stringify(answer)}.`);
    return answer as Json;
  };
  const task = (taskId: string): Promise<Json> => get(`${tasksPath}/${taskId}`);
  const operation = (operationId: string): Promise<Json> => get(`${operationsPath}/${operationId}`);
  return {
    ...stack,
    stackErrors: stack.errors,
    config,
    errors,
    ask,
    askV5,
    send,
    sendV5,
    get,
    task,
    operation,
    batchFiles,
    details: async (taskId: string, query = ''): Promise<readonly Json[]> =>
      (await get(`${detailsPath}?taskId=${taskId}${query}`))['taskDetails'] as readonly Json[],
    subOperations: async (operationId: string, query = ''): Promise<readonly Json[]> =>
      (await get(`${operationsPath}/${operationId}/subOperations?${query}`))['data'] as readonly Json[],
    /** Resolves with the task once it is in this state. */
    taskIs: (taskId: string, status: string): Promise<Json> =>
      stack.eventually(async () => {
        const shown = await task(taskId);
        return shown['status'] === status && shown;
      }),
    operationIs: (operationId: string, status: string): Promise<Json> =>
      stack.eventually(async () => {
        const shown = await operation(operationId);
        return shown['status'] === status && shown;
      }),
    newDevice: (): Promise<Device> => stack.given.device(scope),
  };
}

export type LegacyStack = Awaited<ReturnType<typeof startLegacyStack>>;

export async function createBatch(stack: LegacyStack, over: Json = {}): Promise<string> {
  const answer = await stack.ask('POST', tasksPath, { taskName: random.uuid(), timeout: 10, ...over });
  if (answer.status !== 200) throw new Error(`The task was refused: ${answer.text}`);
  return (answer.json as { taskID: string }).taskID;
}

export const command = { serviceId: 'Motor', method: 'start', paras: { speed: 3 } };

export const commandTo = (devices: readonly { readonly deviceId: string }[], over: Json = {}) => ({
  taskType: 'DeviceCmd',
  param: { type: 'DeviceList', deviceList: devices.map(({ deviceId }) => deviceId), command, ...over },
});

/** Takes the next command and answers it. */
export async function answerCommand(device: TestDevice, payload: object = { paras: { rpm: 7 } }): Promise<string> {
  const { topic } = await device.next();
  const requestId = topic.replace(/^.*request_id=/, '');
  await device.report(`commands/response/request_id=${requestId}`, payload);
  return requestId;
}
