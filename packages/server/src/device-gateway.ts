import type { Engine } from './engine/engine.ts';
import { createDeviceSide } from './mqtt/create-device-side.ts';
import { createMqttGateway } from './mqtt/gateway.ts';
import { defaultMqttLimits } from './mqtt/limits.ts';
import { createMqttListener } from './mqtt/listener.ts';
import { createMessageDelivery } from './mqtt/messages/message-delivery.ts';
import { defaultMessageLimits } from './mqtt/messages/message-limits.ts';
import { SessionRegistry } from './mqtt/session-registry.ts';
import type { Platform } from './platform.ts';
import type { DeviceLink } from './ports/device-link.ts';
import { createAuthBackoff } from './services/device-side/sign-in/auth-backoff.ts';
import { createReplyBook, type ReplyBook } from './services/reply-book.ts';

/** Everything between devices and the engine on this node. */
export interface DeviceGateway {
  readonly link: DeviceLink;
  readonly replies: ReplyBook;
  /** The port that devices connect to; 0 before `start`. */
  readonly port: number;
  /** Listens; CONNECT is answered with "server unavailable" until `open`. */
  start(): Promise<void>;
  open(): void;
  /** Closes sessions and settles what they had under way; engine and store still run. */
  stop(): Promise<void>;
}

/** Single calls that may wait for their device at once. */
const waitingCallsMax = 10_000;

/** `engine`: asked for with each event, because the engine is made after the link that it sends by. */
export function createDeviceGateway(platform: Platform, engine: () => Engine, nodeName: string): DeviceGateway {
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
  const replies = createReplyBook({
    clock,
    collect,
    onDropped: (reason) => metrics.count('muster_mqtt_dropped_total', { reason }),
    timeoutMs: config.taskTimers.commandTimeoutMs,
    waitingMax: waitingCallsMax,
  });
  const side = createDeviceSide({
    ...{ store, engine, registry, delivery, replies, clock, random, log, metrics, limits, nodeName },
    settings: config.devices,
  });
  const { counters, hooks } = side;
  const backoff = createAuthBackoff({ clock, ...limits });
  const gateway = createMqttGateway({ clock, log, limits, hooks, counters, backoff, registry });
  const listener = createMqttListener({ gateway, host: config.mqtt.host, port: config.mqtt.port });
  return {
    link: side.link,
    replies,
    get port() {
      return listener.port;
    },
    async start() {
      await side.start();
      await listen(listener, config.mqtt);
    },
    open: () => gateway.start(),
    async stop() {
      await gateway.stop();
      await listener.stop();
      delivery.stop();
      await side.stop();
    },
  };
}

async function listen(listener: { start(): Promise<void> }, at: { readonly host: string; readonly port: number }): Promise<void> {
  try {
    await listener.start();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const fix = 'Stop what uses it, or set MUSTER_MQTT_PORT to another port (0 picks a free one).';
    throw new Error(`Port ${at.port} on ${at.host} (MUSTER_MQTT_PORT) is taken. ${fix}`, { cause: error });
  }
}
