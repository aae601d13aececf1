import type { Downlink } from '../../domain/downlink.ts';
import type { DeviceId } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Random } from '../../ports/random.ts';
import type { DeviceStore } from '../../ports/store/device-store.ts';
import { encodeDownlink } from '../encode-downlink.ts';
import type { Session } from '../gateway-hooks.ts';
import type { SessionRegistry } from '../session-registry.ts';
import { ShadowFlow, type ShadowPush, type Trigger } from './shadow-flow.ts';
import type { ShadowLimits } from './shadow-limits.ts';
import { ShadowReader } from './shadow-reader.ts';

/**
 * Desired values on their way to devices (device 6.4): what differs is read from the store when it can be sent, so that it is always the
 * newest. What a session does not take is sent again on the next change, connect or report.
 */
export interface ShadowDelivery {
  /** Desired values were written. */
  onChanged(device: Pick<Downlink, 'deviceId' | 'rootId'>): void;
  /** The session may be written to: its device and the children behind it are told what differs. */
  onDeliverable(session: Session): void;
  /** Children behind the session turned ONLINE (device 4.7). */
  onChildrenReachable(session: Session, deviceIds: readonly DeviceId[]): void;
  /** Reports of these devices are durable, whatever way they came. */
  onReported(rootId: DeviceId, deviceIds: readonly DeviceId[]): void;
  /** False: the request id is none that was sent here. */
  onAnswer(session: Session, requestId: string): boolean;
  /** Resolves when everything has been looked at; what has no room in its session may still wait. */
  idle(): Promise<void>;
  /** Resolves when nothing is under way; nothing is sent from now on. */
  stop(): Promise<void>;
}

export interface ShadowDeliveryParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Random;
  readonly limits: ShadowLimits;
  readonly store: { readonly devices: Pick<DeviceStore, 'listShadowDeltas' | 'listDifferingChildren'> };
  readonly registry: Pick<SessionRegistry, 'find'>;
}

export function createShadowDelivery(parts: ShadowDeliveryParts): ShadowDelivery {
  const { clock, limits, registry, store } = parts;
  // An ended session takes its flow along.
  const flows = new WeakMap<Session, ShadowFlow>();
  const reader = new ShadowReader({ ...parts, devices: store.devices, send: (flow) => send(parts, flow) });

  function want(session: Session | undefined, deviceIds: readonly DeviceId[], trigger: Trigger): void {
    // Without a flow nothing may be sent yet: the store is read when it may.
    const flow = session && flows.get(session);
    if (flow === undefined) return;
    const now = clock.now();
    for (const deviceId of deviceIds) {
      if (trigger === 'change' || !flow.isProtected(deviceId, now)) flow.want(deviceId, trigger);
    }
    reader.queue(flow);
  }

  return {
    onChanged: ({ rootId, deviceId }) => want(registry.find(rootId), [deviceId], 'change'),
    onDeliverable(session) {
      const flow = new ShadowFlow(session, limits);
      flows.set(session, flow);
      flow.want(session.device.deviceId, 'change');
      flow.scanAfter = '';
      reader.queue(flow);
    },
    onChildrenReachable: (session, deviceIds) => want(session, deviceIds, 'change'),
    onReported: (rootId, deviceIds) => want(registry.find(rootId), deviceIds, 'report'),
    onAnswer: (session, requestId) => flows.get(session)?.onAnswer(requestId) ?? false,
    idle: () => reader.idle(),
    stop: () => reader.stop(),
  };
}

/** As far as the session has room. */
function send(parts: ShadowDeliveryParts, flow: ShadowFlow): void {
  const { session, unsent } = flow;
  if (!session.isOpen) return flow.end();
  while (session.unsentBytes <= parts.limits.unsentBytesMax) {
    const push = unsent.shift();
    if (push === undefined) return;
    if (!sendOne(parts, flow, push)) {
      unsent.unshift(push);
      return session.isOpen ? undefined : flow.end();
    }
  }
}

function sendOne({ clock, random }: ShadowDeliveryParts, flow: ShadowFlow, push: ShadowPush): boolean {
  const { session } = flow;
  const { deviceId } = push;
  const requestId = random.uuid();
  const services = push.services.map(({ serviceId, properties }) => ({ service_id: serviceId, properties }));
  const device = { deviceId, rootId: session.device.deviceId };
  const now = clock.now();
  const outcome = session.publish(encodeDownlink(device, { kind: 'properties-set', requestId, services }, now));
  if (outcome.kind !== 'sent') return false;
  flow.onSent(deviceId, requestId, now);
  return true;
}
