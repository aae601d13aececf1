import type { DeviceId } from './domain/ids.ts';
import type { Engine } from './engine/engine.ts';
import { type ListenOptions, listenError } from './http/listen-on.ts';
import { createDeviceSide } from './mqtt/create-device-side.ts';
import { listenerUrl } from './listener-url.ts';
import { createCommandDelivery } from './mqtt/commands/command-delivery.ts';
import { createMqttGateway, type MqttGateway } from './mqtt/gateway.ts';
import { defaultMqttLimits } from './mqtt/limits.ts';
import { createMqttListener, type MqttListener } from './mqtt/listener.ts';
import { createMessageDelivery } from './mqtt/messages/message-delivery.ts';
import { defaultMessageLimits } from './mqtt/messages/message-limits.ts';
import { SessionRegistry } from './mqtt/session-registry.ts';
import type { Platform } from './platform.ts';
import type { DeviceLink } from './ports/device-link.ts';
import { createCommandAnswers } from './services/command-answers.ts';
import { createDeviceMessages } from './services/device-side/device-messages.ts';
import { createDeviceHttpAccess, type DeviceHttpAccess } from './services/device-side/http/device-http-access.ts';
import { createAuthBackoff } from './services/device-side/sign-in/auth-backoff.ts';
import { createReplyBook, type ReplyBook } from './services/reply-book.ts';

/** As the ready file says them. */
export interface MqttAddresses {
  /** Null: this process has not the role. */
  readonly mqtt: string | null;
  readonly mqtts: string | null;
}

/** Everything between devices and the engine on this node. */
export interface DeviceGateway {
  /** To the devices that are connected here. */
  readonly link: DeviceLink;
  readonly httpAccess: DeviceHttpAccess;
  readonly replies: ReplyBook;
  /** Listens and says where; CONNECT is answered with "server unavailable" until `open`. */
  start(): Promise<MqttAddresses>;
  open(): void;
  /** Whether the device is connected here. */
  holds(deviceId: DeviceId): boolean;
  /** Ends every session, because this node has lost its right to them; devices come back, here or elsewhere. */
  closeAll(): void;
  /** Closes sessions and settles what they had under way; engine and store still run. */
  stop(): Promise<void>;
}

/** Single calls that may wait for their device at once. */
const waitingCallsMax = 10_000;

/** What is made after the gateway, and asked for with each event. */
export interface GatewaySurroundings {
  readonly engine: () => Engine;
  /** To the devices of all nodes. */
  readonly link: () => DeviceLink;
}

export function createDeviceGateway(
  platform: Platform,
  { engine, link }: GatewaySurroundings,
  nodeName: string,
): DeviceGateway {
  const { store, clock, random, log, metrics, config } = platform;
  const limits = { ...defaultMqttLimits, ...config.mqtt.limits };
  const collect: Engine['collect'] = (ref, from, event) => engine().collect(ref, from, event);
  const registry = new SessionRegistry();
  const delivery = createMessageDelivery({
    clock,
    log,
    store,
    registry,
    collect,
    limits: { ...defaultMessageLimits, ...config.messages },
  });
  const { commandTimeoutMs: answerMs } = config.taskTimers;
  const send: DeviceLink['send'] = (downlinks) => link().send(downlinks);
  const commands = createCommandDelivery({ clock, log, store, registry, answerMs, send });
  const replies = createReplyBook({
    clock,
    collect,
    commands: createCommandAnswers({ store, clock, answerMs, collect, send }),
    onDropped: (reason) => metrics.count('muster_mqtt_dropped_total', { reason }),
    timeoutMs: answerMs,
    waitingMax: waitingCallsMax,
  });
  const messages = createDeviceMessages({ events: store.events, metrics });
  const side = createDeviceSide({
    ...{ store, engine, registry, delivery, commands, replies, clock, random, log, metrics, limits, nodeName },
    messages,
    settings: config.devices,
  });
  const { counters, hooks } = side;
  const backoff = createAuthBackoff({ clock, ...limits });
  const httpAccess = createDeviceHttpAccess({
    ...{ store, clock, random, backoff, messages, reported: side.shadows },
    settings: { ...config.deviceHttp, clockToleranceHours: limits.clockToleranceHours },
  });
  const gateway = createMqttGateway({ clock, log, limits, hooks, counters, backoff, registry });
  const listeners = createListeners(platform, gateway);
  return {
    link: endTokens(side.link, httpAccess),
    httpAccess,
    replies,
    holds: (deviceId) => registry.find(deviceId) !== undefined,
    closeAll() {
      for (const session of [...registry.sessions()]) session.close('lease-lost');
    },
    async start() {
      await side.start();
      return config.node.roles.includes('gateway') ? listeners.start() : { mqtt: null, mqtts: null };
    },
    open: () => gateway.start(),
    async stop() {
      const ended = gateway.stop();
      // Nobody gets in any more: devices that look for another node must not find this one, the emptiest of all.
      await Promise.all([ended, listeners.stop()]);
      delivery.stop();
      commands.stop();
      await side.stop();
      await commands.drained();
    },
  };
}

/** Whatever closes a device's session for good ends its access over HTTP as well. */
function endTokens(link: DeviceLink, access: Pick<DeviceHttpAccess, 'revoke'>): DeviceLink {
  return {
    send: (downlinks) => link.send(downlinks),
    close(deviceIds, reason, olderThan) {
      if (reason !== 'taken-over') access.revoke(deviceIds);
      link.close(deviceIds, reason, olderThan);
    },
    posted: () => link.posted(),
  };
}

/** Plain and, where it is on, TLS. */
function createListeners({ config, certificate }: Platform, gateway: MqttGateway) {
  const { host, port, tlsPort } = config.mqtt;
  const plain = createMqttListener({ gateway, host, port });
  const secure =
    tlsPort === undefined || certificate === undefined
      ? undefined
      : { port: tlsPort, listener: createMqttListener({ gateway, host, port: tlsPort, tls: certificate }) };
  return {
    async start(): Promise<MqttAddresses> {
      await listen(plain, { host, port, setting: 'MUSTER_MQTT_PORT' });
      const mqtt = listenerUrl('mqtt', host, plain.port);
      if (secure === undefined) return { mqtt, mqtts: null };
      await listen(secure.listener, { host, port: secure.port, setting: 'MUSTER_MQTTS_PORT' });
      return { mqtt, mqtts: listenerUrl('mqtts', host, secure.listener.port) };
    },
    async stop() {
      await Promise.all([plain.stop(), secure?.listener.stop()]);
    },
  };
}

async function listen(listener: MqttListener, where: ListenOptions): Promise<void> {
  try {
    await listener.start();
  } catch (error) {
    throw listenError(error as Error, where);
  }
}
