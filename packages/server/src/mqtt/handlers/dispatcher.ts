import type { Clock } from '../../ports/clock.ts';
import { encodeDownlink } from '../encode-downlink.ts';
import type { MqttCounters, Session, Uplink } from '../gateway-hooks.ts';
import type { UplinkRoute } from '../topics.ts';
import { unpack } from './unpack.ts';
import type { UplinkCall, UplinkHandler } from './uplink-call.ts';
import { cutTail, parseUplinkTopic, type UplinkTopic } from './uplink-topic.ts';

export interface UplinkHandlers {
  /** By the topic behind `$oc/devices/{id}/sys/`, without its request id. */
  readonly sys: Readonly<Record<string, UplinkHandler>>;
  /** device 9: a gateway asks on its child's topic. */
  readonly childShadowGet: UplinkHandler;
  readonly user: UplinkHandler;
  readonly free: UplinkHandler;
}

export interface DispatcherParts {
  readonly handlers: UplinkHandlers;
  readonly clock: Clock;
  readonly counters: Pick<MqttCounters, 'dropped'>;
  /** What a packed payload may unpack to. */
  readonly payloadBytesMax: number;
}

/** Hands each uplink to the handler of its topic; what has none is undeclared (device 3.1), dropped and counted. */
export function createDispatcher(parts: DispatcherParts): (session: Session, uplink: Uplink) => Promise<void> {
  return async (session, uplink) => {
    const target = targetOf(parts.handlers, session, uplink);
    if (target === undefined) return parts.counters.dropped('undeclared-topic');
    const { handler, topic } = target;
    const payload = topic.isGzip ? await unpack(uplink.payload, parts.payloadBytesMax) : uplink.payload;
    if (payload === undefined) return parts.counters.dropped('bad-payload');
    await handler(callOf(parts, session, { ...target, payload }));
  };
}

interface Target {
  readonly handler: UplinkHandler;
  readonly topic: UplinkTopic;
  readonly fullName: string;
  readonly topicDeviceId: string;
}

function targetOf(handlers: UplinkHandlers, session: Session, { route, topic: text }: Uplink): Target | undefined {
  const topic = topicOf(route);
  const handler = handlerOf(handlers, route, topic.name);
  if (handler === undefined) return undefined;
  const topicDeviceId = route.kind === 'child-shadow-get' ? route.childId : session.device.deviceId;
  return { handler, topic, topicDeviceId, fullName: route.kind === 'free' ? text : cutTail(text).path };
}

/** Free topics are whatever their text says. */
function topicOf(route: UplinkRoute): UplinkTopic {
  if (route.kind === 'free') return { name: '', requestId: undefined, isGzip: false };
  return parseUplinkTopic(route.suffix);
}

function handlerOf(handlers: UplinkHandlers, route: UplinkRoute, name: string): UplinkHandler | undefined {
  switch (route.kind) {
    case 'sys':
      return Object.hasOwn(handlers.sys, name) ? handlers.sys[name] : undefined;
    case 'child-shadow-get':
      return name === 'shadow/get' ? handlers.childShadowGet : undefined;
    case 'user':
      return handlers.user;
    case 'free':
      return handlers.free;
  }
}

function callOf(
  { clock, counters }: DispatcherParts,
  session: Session,
  { topic, topicDeviceId, fullName, payload }: Target & { readonly payload: Buffer },
): UplinkCall {
  const { deviceId: rootId } = session.device;
  return {
    session,
    topic: fullName,
    requestId: topic.requestId,
    topicDeviceId,
    payload,
    receivedAt: clock.now(),
    drop: (reason) => counters.dropped(reason),
    answer(deviceId, content) {
      session.publish({ ...encodeDownlink({ deviceId, rootId }, content, clock.now()), isAnswer: true });
    },
  };
}
