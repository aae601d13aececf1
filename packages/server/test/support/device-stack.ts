import { createHash } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { Device } from '../../src/domain/device.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import { createEngine, type Engine, type EngineSettings } from '../../src/engine/engine.ts';
import { createDeviceSide, type DeviceSide } from '../../src/mqtt/create-device-side.ts';
import { createCommandDelivery } from '../../src/mqtt/commands/command-delivery.ts';
import { createMqttGateway, type MqttGateway } from '../../src/mqtt/gateway.ts';
import { defaultMqttLimits, type MqttLimits } from '../../src/mqtt/limits.ts';
import { createMqttListener, type MqttListener } from '../../src/mqtt/listener.ts';
import { createMessageDelivery } from '../../src/mqtt/messages/message-delivery.ts';
import { defaultMessageLimits } from '../../src/mqtt/messages/message-limits.ts';
import type { DropReason } from '../../src/mqtt/reasons.ts';
import { SessionRegistry } from '../../src/mqtt/session-registry.ts';
import type { DeviceLink } from '../../src/ports/device-link.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Metrics } from '../../src/ports/metrics.ts';
import type { ObjectStores } from '../../src/ports/object-stores.ts';
import type { PeriodicJob } from '../../src/ports/periodic-job.ts';
import type { Store } from '../../src/ports/store/store.ts';
import type { TaskTimers } from '../../src/ports/task-type.ts';
import { createCommandAnswers } from '../../src/services/command-answers.ts';
import { createCommandUpkeep } from '../../src/services/command-upkeep.ts';
import type { DeviceMessage } from '../../src/services/device-side/device-messages.ts';
import { createAuthBackoff } from '../../src/services/device-side/sign-in/auth-backoff.ts';
import { createReplyBook, type ReplyBook } from '../../src/services/reply-book.ts';
import { taskTypes } from '../../src/task-types/index.ts';
import { builtAt, random } from '../builders/chance.ts';
import { createGiven, type Given, type Scope } from '../builders/given.ts';
import { connectPacket, RawClient } from '../mqtt/fixture/raw-client.ts';
import { Trail } from '../mqtt/fixture/trail.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';
import { noObjectStores } from './no-object-stores.ts';
import { TestDevice } from './test-device.ts';
import { openTestStore, type TestData } from './test-store.ts';

export const second = 1000;
export const minute = 60 * second;

/** Short enough that no keepalive (20 minutes here) ends while a test waits for them. */
const shortTimers: TaskTimers = {
  commandTimeoutMs: 20 * second,
  otaOnlineTimeoutMs: 15 * minute,
  otaVersionTimeoutMs: 3 * minute,
  otaResultTimeoutMs: 10 * minute,
  otaMismatchGraceMs: 10 * second,
  otaOffersMax: 3,
  otaTokenMs: 1440 * minute,
  asyncCommands: true,
};

export interface DeviceStackOptions {
  /** For tests that start again on it; absent: its own. */
  readonly data?: TestData;
  readonly clock?: ManualClock;
  readonly limits?: Partial<MqttLimits>;
  readonly timers?: Partial<TaskTimers>;
  readonly engine?: Partial<EngineSettings>;
  readonly offlineDelayMs?: number;
  /** Absent: none is configured. */
  readonly objects?: Pick<ObjectStores, 'sign'>;
  /** The scope of an earlier stack on the same data. */
  readonly scope?: Scope;
}

/** Gateway, engine and store as they work together in the server; only HTTP is missing, and time stands still until it is moved. */
export interface DeviceStack {
  readonly store: Store;
  readonly engine: Engine;
  readonly side: DeviceSide;
  readonly gateway: MqttGateway;
  readonly listener: MqttListener;
  readonly replies: ReplyBook;
  /** Not started: its looks are the test's to take. */
  readonly commandUpkeep: PeriodicJob;
  readonly clock: ManualClock;
  readonly given: Given;
  readonly scope: Scope;
  /** Messages of devices, in the order of their effect. */
  readonly messages: Trail<DeviceMessage>;
  readonly dropped: readonly DropReason[];
  /** What was logged of kind `error`. */
  readonly errors: readonly string[];
  /** A client that has not signed in. */
  open(): Promise<RawClient>;
  /** Signs in and lets the delivery delay pass. */
  connect(device: Pick<Device, 'deviceId' | 'auth'>, options?: ConnectOptions): Promise<TestDevice>;
  /** Resolves when `look` gives something; time does not move, but what is due runs. */
  eventually<T>(look: () => Promise<T | undefined | false> | T | undefined | false): Promise<T>;
  status(deviceId: DeviceId): Promise<Device['connectivity'] | undefined>;
  /** Ends everything in order, or, `abruptly`, as when the process is killed: what was committed stays. Idempotent. */
  stop(options?: { readonly abruptly: boolean }): Promise<void>;
}

export interface ConnectOptions {
  readonly secret?: string;
  /** False: the delivery delay is left to the test. */
  readonly isDelayOver?: boolean;
}

/** On a free port, gone when the test is over. */
export async function startDeviceStack(options: DeviceStackOptions = {}): Promise<DeviceStack> {
  const clock = options.clock ?? createManualClock(builtAt);
  const store = await openTestStore(options.data);
  const given = createGiven(store);
  const records = { messages: new Trail<DeviceMessage>(), dropped: [] as DropReason[], errors: [] as string[] };
  const parts = await startParts({ options, clock, store, ...records });
  const core = { clock, store, given, scope: options.scope ?? (await given.scope()), ...records, ...parts };
  const stack = { ...core, ...createActions(core, createStop(core)) };
  onTestFinished(() => stack.stop());
  return stack;
}

interface Base {
  readonly options: DeviceStackOptions;
  readonly clock: ManualClock;
  readonly store: Store;
  readonly messages: Trail<DeviceMessage>;
  readonly dropped: DropReason[];
  readonly errors: string[];
}

/** The same wiring as the server's own. */
async function startParts({ options, clock, store, messages, dropped, errors }: Base) {
  const log = errorLog(errors);
  const metrics = dropMetrics(dropped);
  const limits = { ...defaultMqttLimits, ...options.limits };
  const registry = new SessionRegistry();
  const shared = { clock, random, log, metrics, store, registry };
  const delivery = createMessageDelivery({
    ...shared,
    limits: defaultMessageLimits,
    collect: (ref, from, event) => engine.collect(ref, from, event),
  });
  const timers = { ...shortTimers, ...options.timers };
  const { commandTimeoutMs: answerMs } = timers;
  const collect: Engine['collect'] = (ref, from, event) => engine.collect(ref, from, event);
  const send: DeviceLink['send'] = (downlinks) => side.link.send(downlinks);
  const commands = createCommandDelivery({ ...shared, answerMs, send });
  const commandUpkeep = createCommandUpkeep({ ...shared, answerMs, collect, send });
  const replies = createReplyBook({
    clock,
    collect,
    commands: createCommandAnswers({ store, clock, answerMs, collect, send }),
    onDropped: (reason) => dropped.push(reason),
    timeoutMs: answerMs,
    waitingMax: 1000,
  });
  const side = createDeviceSide({
    ...shared,
    engine: (): Engine => engine,
    delivery,
    commands,
    replies,
    messages: {
      onMessage: async (message) => messages.add(message),
    },
    limits,
    nodeName: 'node-1',
    settings: { offlineDelayMs: options.offlineDelayMs ?? 5 * second, shadowProtectionMs: 5 * minute },
  });
  const engine: Engine = createEngine({
    ...shared,
    types: taskTypes,
    link: side.link,
    settings: {
      timers,
      chunkSize: 1000,
      shareMin: 1,
      concurrency: 2,
      chunksPerTask: 2,
      // Nudged instead of polling through simulated time.
      pollMs: 1000 * 60 * minute,
      retryMinuteMs: minute,
      eventsMax: 10_000,
      ...options.engine,
    },
    newToken,
    objects: options.objects ?? noObjectStores,
    downloadBase: () => 'https://muster.test:8943',
    onPushed: () => undefined,
  });
  const backoff = createAuthBackoff({ clock, ...limits });
  const gateway = createMqttGateway({ ...shared, limits, hooks: side.hooks, counters: side.counters, backoff });
  const listener = createMqttListener({ gateway, host: '127.0.0.1', port: 0 });
  await side.start();
  engine.start();
  gateway.start();
  await listener.start();
  return { side, engine, gateway, listener, replies, delivery, commands, commandUpkeep };
}

type Core = Omit<DeviceStack, keyof Actions | 'stop'> & Awaited<ReturnType<typeof startParts>>;
type Actions = Pick<DeviceStack, 'open' | 'connect' | 'eventually' | 'status' | 'stop'>;

function createActions(core: Core, stop: DeviceStack['stop']): Actions {
  const { clock, listener, store, scope, engine } = core;
  const clients: RawClient[] = [];
  const eventually: DeviceStack['eventually'] = async (look) => {
    for (;;) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      // In place of the engine's polling, which time that stands still does not bring about.
      engine.nudge();
      await clock.advance(0);
    }
  };
  const open = async (): Promise<RawClient> => {
    const client = await RawClient.open(listener.port);
    clients.push(client);
    return client;
  };
  return {
    eventually,
    open,
    async connect({ deviceId, auth }, { secret = auth.secret ?? '', isDelayOver = true } = {}) {
      const client = await open();
      const code = await client.signIn(connectPacket({ deviceId, secret }, { keepalive: 1200 }));
      if (code !== 0) throw new Error(`${deviceId} was refused with ${code}`);
      if (isDelayOver) await clock.advance(defaultMqttLimits.deliveryDelayMilliseconds);
      return new TestDevice(deviceId, client, eventually);
    },
    status: async (deviceId) => (await store.devices.find(scope.projectId, deviceId))?.connectivity,
    async stop(options) {
      for (const { socket } of clients) socket.destroy();
      await stop(options);
    },
  };
}

function createStop(core: Core): DeviceStack['stop'] {
  const { store, side, engine, gateway, listener, replies, delivery, commands, commandUpkeep } = core;
  let stopped: Promise<void> | undefined;
  const run = async (abruptly: boolean): Promise<void> => {
    if (abruptly) await store.stop();
    replies.stop();
    delivery.stop();
    commands.stop();
    await gateway.stop();
    await listener.stop();
    await commandUpkeep.stop();
    await side.stop();
    await engine.stop();
    await delivery.drained();
    await commands.drained();
    await store.stop();
  };
  return (options) => (stopped ??= run(options?.abruptly === true));
}

function errorLog(errors: string[]): Log {
  const log: Log = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: (fields, message) => {
      const cause = fields['err'] ?? fields['error'];
      errors.push(`${message}: ${cause instanceof Error ? cause.stack : String(cause)}`);
    },
    child: () => log,
  };
  return log;
}

function dropMetrics(dropped: DropReason[]): Metrics {
  return {
    count: (name, labels) => {
      if (name === 'muster_mqtt_dropped_total') dropped.push(labels?.['reason'] as DropReason);
    },
    observe: () => undefined,
    gauge: () => undefined,
  };
}

function newToken(): { token: string; hash: string } {
  const token = Buffer.from(random.bytes(32)).toString('base64url');
  return { token, hash: createHash('sha256').update(token).digest('hex') };
}
