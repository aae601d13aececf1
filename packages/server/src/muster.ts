import type { FastifyInstance } from 'fastify';
import { type Api, createApi } from './api.ts';
import { type Cluster, createCluster } from './cluster.ts';
import type { Config } from './config/config.ts';
import { lastMarker } from './domain/paging.ts';
import { createDeviceGateway, type DeviceGateway, type MqttAddresses } from './device-gateway.ts';
import { createEngine, type Engine } from './engine/engine.ts';
import { engineDefaults } from './engine/engine-defaults.ts';
import { addDeviceRoutes } from './http/device/device-routes.ts';
import { createHttpServer, defaultHttpLimits } from './http/http-server.ts';
import { createHttpListeners, downloadBaseOf, type HttpAddresses, type HttpListeners } from './http-listeners.ts';
import { createPlatform, type Platform } from './platform.ts';
import type { SecretBox } from './ports/secret-box.ts';
import { noHints } from './ports/hints.ts';
import { createHttpPush, type HttpPush, type HttpPushSettings } from './push/http/http-push.ts';
import { type AmqpAddresses, type ConsumerSide, createConsumerSide } from './consumer-side.ts';
import type { DeviceHttpAccess } from './services/device-side/http/device-http-access.ts';
import { newDownloadToken } from './services/download-token.ts';
import { ensureFirstAccount } from './services/first-account.ts';
import { createCredentialsFile } from './system/credentials-file.ts';
import { createReadyFile, type ReadyFile } from './system/ready-file.ts';
import { taskTypes } from './task-types/index.ts';
import { createUpkeep, type Upkeep } from './upkeep.ts';

/** Where everything listens, as the ready file says it (operations page, Observing). */
export interface Addresses extends HttpAddresses, MqttAddresses, AmqpAddresses {
  readonly projectId: string | undefined;
}

/** One Muster process. */
export interface Muster {
  readonly platform: Platform;
  /** Resolves when it is ready; rejects, with nothing left running, where it cannot start. */
  start(): Promise<Addresses>;
  /** Stops accepting, finishes what is in hand, closes; idempotent. Nothing is lost either way. */
  stop(): Promise<void>;
}

interface Parts {
  readonly platform: Platform;
  readonly cluster: Cluster;
  readonly gateway: DeviceGateway;
  readonly engine: Engine;
  readonly push: HttpPush;
  readonly consumers: ConsumerSide;
  readonly api: Api;
  readonly upkeep: Upkeep;
  readonly http: HttpListeners;
  readonly readyFile: ReadyFile;
  readonly state: State;
}

/** Engine, push and store stop after HTTP, and all of it has 10 s (operations page, Observing). */
const httpStopGraceMs = 6000;

/** What is known only once the process listens. */
interface State {
  ready: boolean;
  downloadBase: string;
}

export interface MusterOptions {
  /** Another process goes on under this node's name: this one has to stop. */
  onReplaced(): void;
}

/** The composition root: every part is made here, in the order in which they need each other. */
export async function createMuster(config: Config, { onReplaced }: MusterOptions): Promise<Muster> {
  const platform = await createPlatform(config);
  const parts = composeParts(platform, onReplaced);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= stopParts(parts);
    return stopped;
  };
  return {
    platform,
    stop,
    async start() {
      try {
        return await startParts(parts);
      } catch (error) {
        // What was not started cannot always be stopped; why it did not start is what matters.
        await stop().catch(() => undefined);
        throw error;
      }
    },
  };
}

/**
 * The node of all sessions in a data folder. One process at a time works on it, so whatever sessions it finds are an earlier life's own,
 * however that was named: under a name drawn anew their devices would look connected for ever.
 */
const embeddedNode = 'embedded';

function composeParts(platform: Platform, onReplaced: () => void): Parts {
  const { store, clock, random, log, metrics, objects, config } = platform;
  const state: State = { ready: false, downloadBase: '' };
  const downloadBase = (): string => state.downloadBase;
  const hints = platform.clusterNode?.hints ?? noHints;
  const push = createHttpPush({ ...{ store, clock, random, log, metrics }, settings: pushSettings(platform) });
  const nodeName = platform.clusterNode?.name ?? embeddedNode;
  const consumers = createConsumerSide(platform, nodeName);
  const onPushedHere = (): void => {
    push.nudge();
    consumers.nudge();
  };
  const onPushed = (): void => {
    onPushedHere();
    hints.tell('pushes');
  };
  const gateway: DeviceGateway = createDeviceGateway(platform, { engine: () => engine, link: () => link }, nodeName);
  const { replies, httpAccess } = gateway;
  const cluster = createCluster({
    platform,
    replies,
    local: gateway.link,
    holds: (deviceId) => gateway.holds(deviceId),
    onConsumersEnded: (projectId, exceptKey) => consumers.closeConsumers(projectId, exceptKey),
    onLost: () => {
      gateway.closeAll();
      consumers.closeAll();
    },
    onReplaced,
  });
  const { link } = cluster;
  const engine = createEngine({
    ...{ store, clock, random, log, metrics, link, objects, downloadBase },
    types: taskTypes,
    settings: {
      ...engineDefaults[config.database === undefined ? 'oneWriter' : 'manyWriters'],
      timers: config.taskTimers,
      retryMinuteMs: config.batch.retryMinuteMs,
    },
    newToken: () => newDownloadToken(random),
    onPushed,
    onWork: () => hints.tell('work'),
  });
  hints.onHint('work', () => engine.nudgeOwn());
  hints.onHint('pushes', onPushedHere);
  const api = createApi({
    ...{ platform, engine, link, replies, downloadBase, probe: push.probe, onPushed },
    onConsumersEnded: (projectId, exceptKey) => {
      consumers.closeConsumers(projectId, exceptKey);
      hints.tell('letters');
    },
  });
  const server = createHttpServer({
    host: { log, clock, random },
    ready: () => state.ready && cluster.isFresh,
    readMetrics: () => metrics.read(),
    addRoutes: (app, closing) => addRoutes(config, { api, httpAccess }, { app, closing }),
    limits: { ...defaultHttpLimits, ...limitsOf(config) },
    ...(config.node.roles.includes('api') && { dialects: api.dialects }),
    stopGraceMs: httpStopGraceMs,
  });
  const http = createHttpListeners({ platform, server, download: api.download });
  const upkeep = createUpkeep(platform, { devices: api.devices, link, engine });
  const readyFile = createReadyFile(config.readyFile);
  return { platform, cluster, gateway, engine, push, consumers, api, http, state, upkeep, readyFile };
}

function pushSettings({ config, pushCa, legacyPushCa }: Platform): HttpPushSettings {
  const { allowPrivate } = config.push;
  return { allowPrivate, ca: pushCa, legacy: { ...config.legacy.push, ca: legacyPushCa } };
}

/** Health and metrics are everywhere; the rest where the process has the role. */
function addRoutes(
  { node: { roles } }: Config,
  { api, httpAccess }: Pick<Parts, 'api'> & { readonly httpAccess: DeviceHttpAccess },
  { app, closing }: { readonly app: FastifyInstance; readonly closing: AbortSignal },
): void {
  if (roles.includes('api')) api.addRoutes(app, closing);
  if (roles.includes('gateway')) addDeviceRoutes(app, httpAccess);
}

function limitsOf({ http }: Config) {
  return { headersTimeoutMs: http.headersTimeoutMs, requestTimeoutMs: http.requestTimeoutMs };
}

async function startParts(parts: Parts): Promise<Addresses> {
  const { platform, cluster, gateway, engine, push, consumers, upkeep, http, state, readyFile } = parts;
  const { config, store, files } = platform;
  const { roles } = config.node;
  await store.start();
  await readyFile.take();
  await proveInstallation(platform);
  await files.start();
  await platform.spool.start();
  await cluster.start();
  await ensureFirstAccount(
    { ...platform, accounts: store.accounts, file: createCredentialsFile(config.dataDir) },
    config.firstAccount,
  );
  const listening = await http.start();
  state.downloadBase = downloadBaseOf(platform, listening);
  const devicesListening = await gateway.start();
  const consumersListening = await consumers.start();
  if (roles.includes('engine')) engine.start();
  if (roles.includes('push')) push.start();
  if (roles.includes('engine')) upkeep.start();
  gateway.open();
  state.ready = true;
  return announce(parts, { ...listening, ...devicesListening, ...consumersListening });
}

/** Wrong keys and folders show at once, and not with the first device that cannot sign in. */
async function proveInstallation(platform: Platform): Promise<void> {
  const { store, secretBox, files, random } = platform;
  const sealed = await store.meta.claim('master-key', secretBox.seal('muster'));
  if (!opens(secretBox, sealed)) {
    throw new Error(
      'The master key is not that of this installation: MUSTER_MASTER_KEY must be the same for ever, on every node.',
    );
  }
  await files.prove({ newId: random.uuid(), claim: (id) => store.meta.claim('package-folder', id) });
}

function opens(box: SecretBox, sealed: string): boolean {
  try {
    return box.open(sealed) === 'muster';
  } catch {
    // Sealed with another key.
    return false;
  }
}

/** One log line with the real addresses, and the ready file where one was asked for. */
async function announce({ platform, readyFile }: Parts, listening: Omit<Addresses, 'projectId'>): Promise<Addresses> {
  const { config, log } = platform;
  const projectId = config.firstAccount.projectId ?? (await oldestProject(platform));
  const addresses: Addresses = { ...listening, projectId };
  await readyFile.write(addresses);
  log.info({ ...addresses }, 'muster ready');
  return addresses;
}

/** That of the first start, however many came since. */
async function oldestProject({ store }: Platform): Promise<string | undefined> {
  const all = { limit: 1, marker: lastMarker };
  const { count } = await store.accounts.listProjects({ ...all, offset: 0 });
  const { items } = await store.accounts.listProjects({ ...all, offset: Math.max(0, count - 1) });
  return items[0]?.projectId;
}

/** In the order of the flow: nothing comes in any more, what is in hand ends, then what it stands on closes. */
async function stopParts({
  platform,
  cluster,
  gateway,
  engine,
  push,
  consumers,
  api,
  upkeep,
  http,
  state,
  readyFile,
}: Parts): Promise<void> {
  state.ready = false;
  platform.log.info({}, 'muster stopping');
  await readyFile.remove();
  gateway.replies.stop();
  api.transfers.stop();
  await Promise.all([http.stop(), gateway.stop(), upkeep.stop()]);
  await engine.stop();
  await Promise.all([push.stop(), consumers.stop()]);
  await cluster.stop();
  await platform.objects.stop();
  await platform.store.stop();
  platform.log.info({}, 'muster stopped');
}
