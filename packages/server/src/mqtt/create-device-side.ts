import type { Clock } from '../ports/clock.ts';
import type { DeviceLink } from '../ports/device-link.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Random } from '../ports/random.ts';
import type { Store } from '../ports/store/store.ts';
import type { DeviceMessages } from '../services/device-side/device-messages.ts';
import {
  createDeviceSessions,
  type DeviceSessions,
  type EndedSession,
} from '../services/device-side/device-sessions.ts';
import { createDeviceSignIn } from '../services/device-side/device-sign-in.ts';
import { createReachability, type ReachabilityParts } from '../services/device-side/reachability.ts';
import type { ReplyBook } from '../services/reply-book.ts';
import { createArrivals, type Arrivals } from './arrivals.ts';
import type { CommandDelivery } from './commands/command-delivery.ts';
import { createMqttDeviceLink } from './device-link.ts';
import type { AttachResult, Attachment, GatewayHooks, MqttCounters, Session, Uplink } from './gateway-hooks.ts';
import { createHandlers } from './handlers/create-handlers.ts';
import { createDispatcher } from './handlers/dispatcher.ts';
import type { MqttLimits } from './limits.ts';
import type { MessageDelivery } from './messages/message-delivery.ts';
import { createMqttCounters } from './mqtt-counters.ts';
import type { EndReason } from './reasons.ts';
import type { SessionRegistry } from './session-registry.ts';
import { createShadowDelivery, type ShadowDelivery } from './shadows/shadow-delivery.ts';
import { defaultShadowLimits } from './shadows/shadow-limits.ts';
import { createUplinkLines } from './uplink-lines.ts';

export interface DeviceSideParts {
  readonly store: Store;
  /** Asked for with each event: the engine is made after the link that it sends by. */
  readonly engine: ReachabilityParts['engine'];
  /** Shared with the gateway and the delivery of messages. */
  readonly registry: SessionRegistry;
  readonly delivery: MessageDelivery;
  readonly commands: CommandDelivery;
  readonly replies: Pick<ReplyBook, 'onReply'>;
  /** Where messages of devices go. */
  readonly messages: DeviceMessages;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly limits: Pick<MqttLimits, 'payloadBytesMax'>;
  readonly nodeName: string;
  readonly settings: {
    /** MUSTER_DEVICE_OFFLINE_DELAY_SECONDS. */
    readonly offlineDelayMs: number;
    /** MUSTER_SHADOW_PROTECTION_SECONDS. */
    readonly shadowProtectionMs: number;
  };
}

/** What stands between the gateway and the rest of the server. */
export interface DeviceSide {
  readonly hooks: GatewayHooks;
  readonly link: DeviceLink;
  readonly counters: MqttCounters;
  readonly shadows: Pick<ShadowDelivery, 'onReported' | 'idle'>;
  /** Before the gateway's: ends what an earlier life of this node left behind. */
  start(): Promise<void>;
  /** After the gateway's: resolves when every uplink and arrival is settled. Neither the engine nor the store has stopped by then. */
  stop(): Promise<void>;
}

export function createDeviceSide(parts: DeviceSideParts): DeviceSide {
  const { store, engine, registry, delivery, metrics, clock } = parts;
  const counters = createMqttCounters(metrics);
  const reachability = createReachability({ subtasks: store.subtasks, engine, clock });
  const sessions = createDeviceSessions({ ...parts, reachability, offlineDelayMs: parts.settings.offlineDelayMs });
  const limits = { ...defaultShadowLimits, protectionMs: parts.settings.shadowProtectionMs };
  const shadows = createShadowDelivery({ ...parts, limits });
  const arrivals = createArrivals({ ...parts, sessions, reachability, shadows });
  const handlers = createHandlers({ ...parts, reachability, shadows });
  const dispatch = createDispatcher({ ...parts, handlers, counters, payloadBytesMax: parts.limits.payloadBytesMax });
  const lines = createUplinkLines();
  metrics.gauge('muster_mqtt_sessions', () => registry.size);
  return {
    counters,
    shadows,
    link: createMqttDeviceLink({ ...parts, shadows }),
    hooks: {
      ...sessionHooks(parts, sessions, arrivals),
      onPublish: (session, uplink) => lines.run(session, () => handle(session, uplink)),
      onSubscribed: (session, filters) => delivery.onSubscribed(session, filters),
      // Whoever waits for one has said so with its publish.
      onPuback: () => undefined,
    },
    start: () => sessions.start(),
    async stop() {
      await arrivals.stop();
      await lines.idle();
      await shadows.stop();
      await sessions.stop();
    },
  };

  async function handle(session: Session, uplink: Uplink): Promise<void> {
    // device 1.6: work of an older generation is discarded; the device says it again where it matters.
    const current = registry.find(session.device.deviceId);
    if (current !== undefined && current.generation > session.generation) return;
    await dispatch(session, uplink);
  }
}

function sessionHooks(
  { store }: DeviceSideParts,
  sessions: DeviceSessions,
  arrivals: Arrivals,
): Pick<GatewayHooks, 'authenticate' | 'attach' | 'detach' | 'onDeliverable'> {
  const signIn = createDeviceSignIn(store.sessions);
  return {
    async authenticate(credentials) {
      const result = await signIn(credentials);
      if (result.kind === 'refused') return result;
      const { deviceId, projectId } = result;
      return { kind: 'accepted', device: { deviceId, projectId } };
    },
    attach: (attachment) => attach(sessions, attachment),
    detach: ({ device, generation }, reason) =>
      sessions.end({ deviceId: device.deviceId, generation, how: howItEnded(reason) }),
    onDeliverable: (session) => arrivals.onDeliverable(session),
  };
}

function howItEnded(reason: EndReason): EndedSession['how'] {
  if (reason === 'taken-over') return 'taken-over';
  return reason === 'server-shutdown' ? 'stopping' : 'gone';
}

async function attach(sessions: DeviceSessions, { device, remoteAddress }: Attachment): Promise<AttachResult> {
  const begun = await sessions.begin(device.deviceId, remoteAddress);
  // Frozen or deleted while it signed in.
  if (begun === undefined) return { kind: 'refused', reason: 'not-authorized' };
  const { generation, appId, productId } = begun;
  return { kind: 'attached', generation, device: { ...device, appId, productId } };
}
