import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createApi } from '../../src/api.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { toBasicTime } from '../../src/domain/time.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { engineDefaults } from '../../src/engine/engine-defaults.ts';
import { createFileSpool } from '../../src/files/file-spool.ts';
import { createHttpServer } from '../../src/http/http-server.ts';
import { createDiskPackageStore } from '../../src/packages-store/disk-package-store.ts';
import type { Platform } from '../../src/platform.ts';
import { createHttpPush } from '../../src/push/http/http-push.ts';
import { createCommandAnswers } from '../../src/services/command-answers.ts';
import { createReplyBook } from '../../src/services/reply-book.ts';
import { createMetrics } from '../../src/system/metrics.ts';
import { createPasswordHasher } from '../../src/system/password-hasher.ts';
import { createSecretBox } from '../../src/system/secret-box.ts';
import { taskTypes } from '../../src/task-types/index.ts';
import { random } from '../builders/chance.ts';
import { createGiven } from '../builders/given.ts';
import { insertTestAccount, testKey, testProject } from './api-server.ts';
import { timers } from './engine-harness.ts';
import { call, type HttpAnswer, type SigningKey, signed } from './http-client.ts';
import { createManualClock } from './manual-clock.ts';
import { noObjectStores } from './no-object-stores.ts';
import { createRecordedLink } from './recorded-link.ts';
import { openTestStore } from './test-store.ts';

export interface WholeApiCall {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

export interface RegisteredRoute {
  readonly method: string;
  /** `:name` for each parameter. */
  readonly url: string;
}

/**
 * Every call of both generations as the server has it, with the engine behind it; no device is connected. Gone when the test is over.
 * `settings`: environment variables.
 */
export async function startWholeApi(settings: Readonly<Record<string, string>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'muster-api-'));
  const clock = createManualClock();
  const store = await openTestStore();
  const errors: string[] = [];
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, child: () => log };
  const log: Platform['log'] = {
    ...silent,
    error: ({ err }, message) => void errors.push(`${message}: ${err instanceof Error ? (err.stack ?? '') : ''}`),
  };
  const loaded = loadConfig({ args: [], env: settings, isTerminal: false });
  if (loaded.kind !== 'run') throw new Error('The defaults run a server.');
  const passwords = createPasswordHasher({ N: 16, r: 8, p: 1 });
  const files = createDiskPackageStore(folder);
  await files.start();
  const spool = createFileSpool(join(folder, 'spool'), random);
  await spool.start();
  const link = createRecordedLink();
  const engine = createEngine({
    ...{ store, types: taskTypes, clock, random, log, link },
    metrics: { count: () => {}, observe: () => {}, gauge: () => {} },
    settings: { ...engineDefaults.oneWriter, timers, retryMinuteMs: 60_000 },
    newToken: () => ({ token: random.uuid(), hash: random.uuid() }),
    objects: noObjectStores,
    downloadBase: () => 'https://muster.test:8943',
    onPushed: () => {},
  });
  const replies = createReplyBook({
    clock,
    collect: engine.collect,
    commands: createCommandAnswers({
      ...{ store, clock },
      answerMs: timers.commandTimeoutMs,
      collect: engine.collect,
      send: (downlinks) => link.send(downlinks),
    }),
    onDropped: () => {},
    timeoutMs: timers.commandTimeoutMs,
    waitingMax: 1000,
  });
  const parts = { store, clock, random, log, files, objects: noObjectStores, spool, config: loaded.config, passwords };
  const metrics = createMetrics();
  const allowPrivate = [{ address: '127.0.0.0', prefix: 8, family: 'ipv4' }] as const;
  const push = createHttpPush({ store, clock, random, log, metrics, settings: { allowPrivate } });
  // Only what the API works with.
  const platform = { ...parts, tokenBox: createSecretBox(Buffer.alloc(32, 7), 'tokens') } as unknown as Platform;
  const api = createApi({
    ...{ platform, engine, link, replies, downloadBase: () => 'https://muster.test:8943' },
    probe: push.probe,
    onPushed: () => {},
    onConsumersEnded: () => {},
  });
  await insertTestAccount(store, await passwords.hash('correct horse battery'), clock.now());
  const registered: RegisteredRoute[] = [];
  const server = createHttpServer({
    host: { log, clock, random },
    ready: () => true,
    readMetrics: () => Promise.resolve({ contentType: 'text/plain', text: '' }),
    addRoutes: (app, closing) => {
      app.addHook('onRoute', ({ method, url }) => {
        registered.push(...[method].flat().map((each) => ({ method: each, url })));
      });
      api.addRoutes(app, closing);
    },
    dialects: api.dialects,
  });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0, setting: 'MUSTER_HTTP_PORT' });
  engine.start();
  onTestFinished(async () => {
    api.transfers.stop();
    await push.stop();
    replies.stop();
    await server.close();
    await engine.stop();
    await store.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** `key` undefined: without credentials. */
  const sendAs = (key: SigningKey | undefined, { method, path, body }: WholeApiCall): Promise<HttpAnswer> => {
    const headers = { 'Content-Type': 'application/json' };
    const target = { method, path, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    return call(port, key === undefined ? target : signed(key, target, { date: toBasicTime(clock.now()) }));
  };
  /** As multipart/form-data; `path` is behind `/v5/iot/{project_id}`. */
  const upload = (path: string, fileName: string, content: string): Promise<HttpAnswer> => {
    const head = `--part\r\nContent-Disposition: form-data; name="file"; filename="${fileName}"\r\n\r\n`;
    const target = {
      method: 'POST',
      path: `/v5/iot/${testProject}${path}`,
      headers: { 'Content-Type': 'multipart/form-data; boundary=part' },
      body: `${head}${content}\r\n--part--\r\n`,
    };
    return call(port, signed(testKey, target, { date: toBasicTime(clock.now()) }));
  };
  const send = (method: string, path: string, body?: unknown): Promise<HttpAnswer> =>
    sendAs(testKey, { method, path, body });
  return {
    store,
    clock,
    port,
    given: createGiven(store),
    scope: { projectId: testProject, appId: (await store.apps.findDefault(testProject))?.appId ?? ('' as never) },
    /** Files that are being received. */
    spooled: () => readdir(join(folder, 'spool')),
    /** What was logged of kind `error`. */
    errors,
    /** Every place that the API has put on the server. */
    registered: registered as readonly RegisteredRoute[],
    send,
    sendAs,
    upload,
    /** `path` is behind `/v5/iot/{project_id}`. */
    ofProject: (method: string, path: string, body?: unknown) => send(method, `/v5/iot/${testProject}${path}`, body),
  };
}
