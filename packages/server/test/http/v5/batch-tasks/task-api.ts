import type {
  BatchTask,
  BatchTaskTargetsResponse,
  ErrorResponse,
  ListBatchTasksResponse,
  ShowBatchTaskResponse,
} from '@muster/contract/v5';
import { onTestFinished } from 'vitest';
import type { JsonObject } from '../../../../src/domain/json.ts';
import type { Role } from '../../../../src/domain/account.ts';
import { createEngine } from '../../../../src/engine/engine.ts';
import { createAuthenticator } from '../../../../src/http/auth/create-authenticator.ts';
import { createTableFiles } from '../../../../src/files/table-files.ts';
import { createHttpServer } from '../../../../src/http/http-server.ts';
import { createBatchTaskRoutes } from '../../../../src/http/v5/batch-tasks/batch-task-routes.ts';
import { registerV5 } from '../../../../src/http/v5/register-v5.ts';
import type { TaskTimers } from '../../../../src/ports/task-type.ts';
import type { BatchTaskSettings } from '../../../../src/services/batch-tasks/batch-task-parts.ts';
import { createBatchTaskService } from '../../../../src/services/batch-tasks/batch-task-service.ts';
import { createCredentials } from '../../../../src/services/credentials.ts';
import { createTokens } from '../../../../src/services/tokens.ts';
import { createLog } from '../../../../src/system/log.ts';
import { createMetrics } from '../../../../src/system/metrics.ts';
import { createPasswordHasher } from '../../../../src/system/password-hasher.ts';
import { createRealRandom } from '../../../../src/system/real-random.ts';
import { createSecretBox } from '../../../../src/system/secret-box.ts';
import { taskTypes } from '../../../../src/task-types/index.ts';
import { aUser } from '../../../builders/account-builders.ts';
import { createGiven, type Scope } from '../../../builders/given.ts';
import { createManualClock } from '../../../support/manual-clock.ts';
import { noObjectStores } from '../../../support/no-object-stores.ts';
import { openTestStore } from '../../../support/test-store.ts';

const hour = 3_600_000;
const timers: TaskTimers = {
  commandTimeoutMs: 20_000,
  otaOnlineTimeoutMs: 25 * hour,
  otaVersionTimeoutMs: 180_000,
  otaResultTimeoutMs: 24 * hour,
  otaMismatchGraceMs: 300_000,
  otaOffersMax: 3,
  otaTokenMs: 24 * hour,
  asyncCommands: true,
};

export interface ApiOptions extends Partial<Pick<BatchTaskSettings, 'unfinishedTasksMax' | 'eventStreamsMax'>> {
  /** Without it tasks stay Initializing. */
  readonly engine?: 'running' | 'still';
}

export interface Answered<Body> {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON, of the shape that the test expects; `{}` without a body. */
  readonly body: Body;
}

/** An error's members stand beside those of the expected answer: a test sees which of them came. */
type OrError<Body> = Body & Partial<ErrorResponse>;

/** Batch tasks over real HTTP: real store, engine, types, tokens; time moves by hand, and no device is connected unless a test does it. */
export async function startTaskApi(options: ApiOptions = {}) {
  const clock = createManualClock();
  const random = createRealRandom(() => clock.now());
  const log = createLog({ level: 'silent', format: 'json' });
  const masterKey = new Uint8Array(32).fill(7);
  const store = await openTestStore();
  const changes = createSignal();
  const engine = createEngine({
    store,
    types: taskTypes,
    clock,
    random,
    log,
    metrics: createMetrics(),
    link: { send: () => undefined, close: () => undefined, posted: () => undefined },
    settings: {
      timers,
      chunkSize: 1000,
      shareMin: 1,
      concurrency: 4,
      chunksPerTask: 2,
      pollMs: hour,
      retryMinuteMs: 60_000,
      eventsMax: 10_000,
    },
    newToken: () => ({ token: '', hash: '' }),
    objects: noObjectStores,
    downloadBase: () => 'http://127.0.0.1:1',
    onPushed: () => changes.fire(),
  });
  if (options.engine !== 'still') engine.start();
  const tokenBox = createSecretBox(masterKey, 'tokens');
  const passwords = createPasswordHasher({ N: 1024, r: 8, p: 1 });
  const tokens = createTokens({ accounts: store.accounts, clock, passwords, box: tokenBox, lifeMs: 1000 * hour });
  const tasks = createBatchTaskService({
    store,
    tables: createTableFiles(),
    types: taskTypes,
    clock,
    random,
    engine,
    settings: {
      unfinishedTasksMax: options.unfinishedTasksMax ?? 1000,
      idempotencyLifeMs: 24 * hour,
      eventStreamsMax: options.eventStreamsMax ?? 1000,
      timers,
      downloadBase: () => 'http://127.0.0.1:1',
    },
  });
  const authenticate = createAuthenticator(createCredentials(store.accounts, tokens), clock);
  const server = createHttpServer({
    host: { log, clock, random },
    ready: () => true,
    readMetrics: () => Promise.resolve({ contentType: 'text/plain', text: '' }),
    addRoutes: (app, closing) => registerV5(app, createBatchTaskRoutes(tasks), { authenticate, closing }),
  });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0, setting: 'MUSTER_HTTP_PORT' });
  const stop = async (): Promise<void> => {
    await server.close();
    await engine.stop();
    await store.stop();
  };
  onTestFinished(stop);

  const given = createGiven(store);
  const tokenFor = async (scope: Scope, role: Role): Promise<string> => {
    const user = aUser({ passwordHash: await passwords.hash('secret') });
    await store.accounts.insertUser(user);
    await store.accounts.setRole({ userId: user.userId, projectId: scope.projectId }, role);
    const issued = await tokens.signIn({
      methods: ['password'],
      domain: { name: user.domain },
      name: user.name,
      password: 'secret',
      remoteAddress: '127.0.0.1',
      scope: { project: { id: scope.projectId } },
    });
    return issued.token;
  };

  /** A caller with a project of its own. */
  const client = async (role: Role = 'admin') => {
    const scope = await given.scope();
    const token = await tokenFor(scope, role);
    const root = `http://127.0.0.1:${port}/v5/iot/${scope.projectId}/batchtasks`;
    const request = async (method: string, path = '', init: RequestInit = {}): Promise<Response> =>
      fetch(root + path, { method, ...init, headers: { 'X-Auth-Token': token, ...init.headers } });
    const call = async <Body = object>(
      method: string,
      path = '',
      body?: unknown,
      headers: Record<string, string> = {},
    ): Promise<Answered<OrError<Body>>> => {
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const type = { 'Content-Type': 'application/json' };
      const response = await request(method, path, { ...sent, headers: { ...type, ...headers } });
      const text = await response.text();
      const parsed = JSON.parse(text === '' ? '{}' : text) as OrError<Body>;
      return { status: response.status, headers: response.headers, body: parsed };
    };
    const show = async (taskId: string, query = ''): Promise<ShowBatchTaskResponse> =>
      (await call<ShowBatchTaskResponse>('GET', `/${taskId}${query}`)).body;

    /** Looks again after every change that the engine tells, until the task is as wanted. */
    const until = async (taskId: string, wanted: (task: BatchTask) => boolean): Promise<BatchTask> => {
      for (;;) {
        const next = changes.next();
        const { batchtask } = await show(taskId);
        if (wanted(batchtask)) return batchtask;
        await next;
      }
    };
    return {
      ...scope,
      scope,
      request,
      call,
      show,
      until,
      untilFinal: (taskId: string) => until(taskId, ({ status }) => finals.includes(status)),
      create: (body: JsonObject, headers?: Record<string, string>) => call<BatchTask>('POST', '', body, headers),
      list: async (query = '') => (await call<ListBatchTasksResponse>('GET', query)).body,
      command: (taskId: string, kind: string, body?: unknown) =>
        call<BatchTaskTargetsResponse>('POST', `/${taskId}/${kind}`, body),
    };
  };
  return { clock, store, given, engine, client, stop };
}

const finals = ['Success', 'PartialSuccess', 'Fail', 'Stopped'];

export type TaskApi = Awaited<ReturnType<typeof startTaskApi>>;
export type TaskClient = Awaited<ReturnType<TaskApi['client']>>;

/** Something happened: whoever waits is woken. */
function createSignal() {
  let waiting: (() => void)[] = [];
  return {
    fire: (): void => {
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
    next: (): Promise<void> => new Promise((resolve) => waiting.push(resolve)),
  };
}
