import { request as sendRequest } from 'node:http';
import { onTestFinished } from 'vitest';
import type { Device } from '../../../src/domain/device.ts';
import { asId, type DeviceId } from '../../../src/domain/ids.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import type { SessionRef } from '../../../src/domain/run.ts';
import { toBasicTime } from '../../../src/domain/time.ts';
import { createEngine } from '../../../src/engine/engine.ts';
import { createAsyncCommandRoutes } from '../../../src/http/v5/async-commands/routes.ts';
import { createCommandRoutes } from '../../../src/http/v5/commands/routes.ts';
import { createMessageRoutes } from '../../../src/http/v5/messages/routes.ts';
import { createPropertyRoutes } from '../../../src/http/v5/properties/routes.ts';
import { createMqttDeviceLink } from '../../../src/mqtt/device-link.ts';
import { createCommandDelivery } from '../../../src/mqtt/commands/command-delivery.ts';
import { createMqttGateway } from '../../../src/mqtt/gateway.ts';
import type { GatewayHooks, Session, Uplink } from '../../../src/mqtt/gateway-hooks.ts';
import { defaultMqttLimits, type MqttLimits } from '../../../src/mqtt/limits.ts';
import { createMqttListener } from '../../../src/mqtt/listener.ts';
import { createMessageDelivery } from '../../../src/mqtt/messages/message-delivery.ts';
import { defaultMessageLimits, type MessageLimits } from '../../../src/mqtt/messages/message-limits.ts';
import { SessionRegistry } from '../../../src/mqtt/session-registry.ts';
import type { DeviceLink } from '../../../src/ports/device-link.ts';
import type { Store } from '../../../src/ports/store/store.ts';
import type { TaskTimers } from '../../../src/ports/task-type.ts';
import { createAsyncCommandService } from '../../../src/services/async-commands.ts';
import { createCommandAnswers } from '../../../src/services/command-answers.ts';
import { createCommandUpkeep } from '../../../src/services/command-upkeep.ts';
import { createCommandService } from '../../../src/services/commands.ts';
import { createAuthBackoff } from '../../../src/services/device-side/sign-in/auth-backoff.ts';
import { createMessageUpkeep } from '../../../src/services/message-upkeep.ts';
import { createMessageService } from '../../../src/services/messages.ts';
import { createPropertyService } from '../../../src/services/properties.ts';
import { createReplyBook, type ReplyDropReason } from '../../../src/services/reply-book.ts';
import { createLog } from '../../../src/system/log.ts';
import { createRealRandom } from '../../../src/system/real-random.ts';
import { taskTypes } from '../../../src/task-types/index.ts';
import { createGiven, type DeviceWish } from '../../builders/given.ts';
import { startApiServer, testKey, testProject } from '../../support/api-server.ts';
import { timers } from '../../support/engine-harness.ts';
import { call, type HttpCall, signed } from '../../support/http-client.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { noObjectStores } from '../../support/no-object-stores.ts';
import { openTestStore } from '../../support/test-store.ts';
import { connectPacket, RawClient } from '../fixture/raw-client.ts';

export interface DeviceApiOptions {
  readonly messageLimits?: Partial<MessageLimits>;
  readonly mqttLimits?: Partial<MqttLimits>;
  readonly repliesWaitingMax?: number;
  readonly settings?: Partial<TaskTimers>;
  /** Somebody else's, who stops it; absent: in memory. */
  readonly store?: Store;
  /** For several tests, which stop it. */
  readonly isShared?: boolean;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export type DeviceApi = Awaited<ReturnType<typeof startDeviceApi>>;

export const ownTopic = (deviceId: string, rest: string): string => `$oc/devices/${deviceId}/${rest}`;

/** HTTP, store, engine and gateway around the services of this folder; sign-in takes every device at its word. */
export async function startDeviceApi(options: DeviceApiOptions = {}) {
  const clock = createManualClock();
  const store = options.store ?? (await openTestStore());
  const random = createRealRandom(() => clock.now());
  const log = createLog({ level: 'silent', format: 'json' });
  const dropped: ReplyDropReason[] = [];

  const link: DeviceLink = {
    send: (downlinks) => deviceLink.send(downlinks),
    close: () => undefined,
    posted: () => undefined,
  };
  const engine = createEngine({
    store,
    types: taskTypes,
    clock,
    random,
    log,
    metrics: { count: () => undefined, observe: () => undefined, gauge: () => undefined },
    link,
    settings: {
      timers: { ...timers, ...options.settings },
      chunkSize: 1000,
      shareMin: 1,
      concurrency: 2,
      chunksPerTask: 2,
      pollMs: 1000,
      retryMinuteMs: 60_000,
      eventsMax: 10_000,
    },
    newToken: () => ({ token: 't', hash: 'h' }),
    objects: noObjectStores,
    downloadBase: () => 'https://muster.test:8943',
    onPushed: () => undefined,
  });
  const { collect } = engine;
  const { commandTimeoutMs: answerMs } = timers;
  const { send } = link;
  const replies = createReplyBook({
    clock,
    collect,
    commands: createCommandAnswers({ store, clock, answerMs, collect, send }),
    onDropped: (reason) => dropped.push(reason),
    timeoutMs: answerMs,
    waitingMax: options.repliesWaitingMax ?? 1000,
  });

  const attached = new Map<number, SessionRef>();
  const hooks: GatewayHooks = {
    async authenticate({ deviceId }) {
      const login = await store.sessions.findLogin(asId<DeviceId>(deviceId));
      if (login === undefined) return { kind: 'refused', reason: 'bad-credentials' };
      return { kind: 'accepted', device: { deviceId: login.deviceId, projectId: login.projectId } };
    },
    async attach({ device, remoteAddress }) {
      const { deviceId } = device;
      const at = clock.now();
      const made = await store.sessions.attach({ deviceId, node: 'node-1', address: remoteAddress, at });
      if (made === undefined) return { kind: 'refused', reason: 'not-authorized' };
      attached.set(made.session.epoch, made.session);
      const { projectId, appId, productId } = made;
      return { kind: 'attached', device: { deviceId, projectId, appId, productId }, generation: made.session.epoch };
    },
    onDeliverable: (session) => {
      void commands.onDeliverable(session).then(() => commands.onChildrenDeliverable(session));
      delivery.onDeliverable(session);
    },
    onSubscribed: (session, filters) => delivery.onSubscribed(session, filters),
    onPublish: (session, uplink) => onPublish(session, uplink),
    onPuback: () => undefined,
    async detach(session) {
      const ref = attached.get(session.generation);
      if (ref !== undefined) await store.sessions.detach(session.device.deviceId, ref, clock.now());
    },
  };
  const limits = { ...defaultMqttLimits, ...options.mqttLimits };
  const registry = new SessionRegistry();
  const gateway = createMqttGateway({
    registry,
    clock,
    log,
    limits,
    hooks,
    counters: { dropped: () => undefined, refused: () => undefined, closed: (reason) => void closed.push(reason) },
    backoff: createAuthBackoff({ clock, ...limits }),
  });
  const closed: string[] = [];
  const delivery = createMessageDelivery({
    clock,
    log,
    limits: { ...defaultMessageLimits, ...options.messageLimits },
    store,
    registry,
    collect,
  });
  const commands = createCommandDelivery({ clock, log, store, registry, answerMs, send });
  const deviceLink = createMqttDeviceLink({
    registry,
    delivery,
    commands,
    shadows: { onChanged: () => undefined },
    clock,
    log,
  });

  async function onPublish({ device }: Session, { route, payload }: Uplink): Promise<void> {
    if (route.kind !== 'sys') return;
    const [, requestId] =
      /^(?:commands|properties\/set|properties\/get)\/response\/request_id=([^=/]+)$/.exec(route.suffix) ?? [];
    if (requestId === undefined) return;
    let body: unknown;
    try {
      body = payload.length === 0 ? {} : JSON.parse(payload.toString());
    } catch {
      body = undefined;
    }
    await replies.onReply(device.deviceId, requestId, body);
  }

  const listener = createMqttListener({ gateway, host: '127.0.0.1', port: 0 });
  const services = { store, link, clock, random };
  const server = await startApiServer({
    clock,
    store,
    routes: [
      ...createCommandRoutes(createCommandService({ ...services, replies })),
      ...createAsyncCommandRoutes(
        createAsyncCommandService({ ...services, settings: { ...timers, ...options.settings } }),
      ),
      ...createPropertyRoutes(createPropertyService({ ...services, replies })),
      ...createMessageRoutes(createMessageService({ ...services, collect })),
    ],
  });
  const upkeep = createMessageUpkeep({ store, clock, log });
  const commandUpkeep = createCommandUpkeep({ store, clock, log, answerMs, collect, send });
  gateway.start();
  engine.start();
  await listener.start();
  const clients: RawClient[] = [];
  const stop = async (): Promise<void> => {
    for (const { socket } of clients) socket.destroy();
    replies.stop();
    delivery.stop();
    commands.stop();
    await upkeep.stop();
    await commandUpkeep.stop();
    await gateway.stop();
    await delivery.drained();
    await commands.drained();
    await engine.stop();
    await listener.stop();
    await server.stop();
    if (options.store === undefined) await store.stop();
  };
  if (options.isShared !== true) onTestFinished(stop);

  const given = createGiven(store);
  const apps = await store.apps.findDefault(testProject);
  if (apps === undefined) throw new Error('There is no default application.');
  const scope = { projectId: testProject, appId: apps.appId };

  const signedCall = (method: string, path: string, body?: unknown): HttpCall => {
    const request = {
      method,
      path: `/v5/iot/${testProject}/devices/${path}`,
      headers: { 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    return signed(testKey, request, { date: toBasicTime(clock.now()) });
  };

  const http = async (method: string, path: string, body?: unknown): Promise<ApiAnswer> => {
    const { status, json } = await call(server.port, signedCall(method, path, body));
    return { status, body: (json ?? {}) as Record<string, unknown> };
  };

  /** A POST whose caller may go away before it is answered. */
  const beginCall = (path: string, body: unknown): (() => void) => {
    const { method = 'POST', path: target, headers = {}, body: text } = signedCall('POST', path, body);
    const request = sendRequest({ host: '127.0.0.1', port: server.port, method, path: target, headers, agent: false });
    request.on('error', () => undefined);
    request.end(text);
    return () => request.destroy();
  };

  /** Turns of the event loop until it is so: real sockets and databases take their time, the clock stands still. */
  const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
  };

  return {
    clock,
    store,
    engine,
    gateway,
    delivery,
    upkeep,
    commandUpkeep,
    replies,
    given,
    scope,
    stop,
    dropped,
    closed,
    port: server.port,
    http,
    beginCall,
    until,
    device: (wish: DeviceWish = {}): Promise<Device> => given.device(scope, wish),
    /** Accepted, the delivery delay not over. */
    async signIn(deviceId: DeviceId): Promise<RawClient> {
      const client = await RawClient.open(listener.port);
      clients.push(client);
      const code = await client.signIn(connectPacket({ deviceId }));
      if (code !== 0) throw new Error(`The device was refused with ${code}.`);
      return client;
    },
    /** The same, with the delivery delay over. */
    async connect(deviceId: DeviceId, filters: Readonly<Record<string, 0 | 1>> = {}): Promise<RawClient> {
      const client = await this.signIn(deviceId);
      if (Object.keys(filters).length > 0) await subscribe(client, filters);
      await clock.advance(limits.deliveryDelayMilliseconds);
      return client;
    },
    async disconnect(client: RawClient, deviceId: DeviceId): Promise<void> {
      client.socket.destroy();
      await until(async () => (await store.sessions.findReach(testProject, deviceId))?.reachable !== true);
    },
    async message(deviceId: DeviceId, messageId: unknown): Promise<Record<string, unknown>> {
      return (await http('GET', `${deviceId}/messages/${String(messageId)}`)).body;
    },
    /** Waits until it has this status. */
    async messageIs(deviceId: DeviceId, messageId: unknown, status: string): Promise<void> {
      await until(async () => (await store.messages.find(deviceId, asId(String(messageId))))?.status === status);
    },
    /** Waits until the asynchronous command has this status. */
    async commandIs(deviceId: DeviceId, commandId: unknown, status: string): Promise<void> {
      await until(async () => (await store.commands.find(deviceId, asId(String(commandId))))?.status === status);
    },
    async post(deviceId: DeviceId, body: JsonObject): Promise<ApiAnswer> {
      return http('POST', `${deviceId}/messages`, body);
    },
  };
}

export async function subscribe(client: RawClient, filters: Readonly<Record<string, 0 | 1>>): Promise<void> {
  const subscriptions = Object.entries(filters).map(([topic, qos]) => ({ topic, qos }));
  client.send({ cmd: 'subscribe', messageId: 7, subscriptions });
  await client.nextOf('suback');
}

export function acknowledge(client: RawClient, messageId: number | undefined): void {
  if (messageId === undefined) throw new Error('The packet has no id.');
  client.send({ cmd: 'puback', messageId });
}

export function payloadOf(packet: { readonly payload: string | Buffer }): Record<string, unknown> {
  return JSON.parse(packet.payload.toString()) as Record<string, unknown>;
}
