import type { RunEvent } from '../../domain/device-event.ts';
import type { Downlink } from '../../domain/downlink.ts';
import type { DeviceId } from '../../domain/ids.ts';
import type { RunRef } from '../../domain/request-id.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { EffectStore, MessageStore } from '../../ports/store/message-store.ts';
import type { GrantedFilter, Session } from '../gateway-hooks.ts';
import type { SessionRegistry } from '../session-registry.ts';
import { isMatch } from '../topics.ts';
import { createMessageFlow, type MessageFlow } from './message-flow.ts';
import type { MessageLimits } from './message-limits.ts';
import { isMessageDownlink } from './message-payload.ts';
import { MessageReader } from './message-reader.ts';
import { createMessageResults } from './message-results.ts';
import { MessageSender } from './message-sender.ts';

/** Cached messages on their way to devices (device 6.3): what is stored as PENDING, not what memory holds, is what will be delivered. */
export interface MessageDelivery {
  /** A message that has just been stored. It leaves now, or is read from the store when its turn comes. */
  deliver(downlink: Downlink): void;
  /**
   * The session may be written to: everything that waits for its devices is tried, in order of creation. `onRead`: that was it, but for
   * what waits for room; what comes after messages may begin (device 4.5).
   */
  onDeliverable(session: Session, onRead?: () => void): void;
  onSubscribed(session: Session, filters: readonly GrantedFilter[]): void;
  /** Children behind the session turned ONLINE (device 4.7). */
  onChildrenReachable(session: Session, deviceIds: readonly DeviceId[], onRead?: () => void): void;
  /** Resolves when every result so far is durable. */
  drained(): Promise<void>;
  /** Nothing is sent or sent again from now on. */
  stop(): void;
}

export interface MessageDeliveryParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: MessageLimits;
  readonly store: { readonly messages: MessageStore; readonly effects: EffectStore };
  readonly registry: Pick<SessionRegistry, 'find'>;
  /** For messages of a task: their run decides what the result means. Resolves when that is durable. */
  collect(ref: RunRef, from: undefined, event: RunEvent): Promise<void>;
}

export function createMessageDelivery(parts: MessageDeliveryParts): MessageDelivery {
  const { clock, log, limits, store, registry, collect } = parts;
  // An ended session takes its flow along.
  const flows = new WeakMap<Session, MessageFlow>();
  const results = createMessageResults({ clock, log, effects: store.effects, collect });
  const sender: MessageSender = new MessageSender({ clock, limits, results, onRoom: (flow) => reader.wake(flow) });
  const reader = new MessageReader({ clock, log, limits, messages: store.messages, sender });

  return {
    deliver(downlink) {
      if (!isMessageDownlink(downlink)) throw new Error(`A ${downlink.content.kind} is no message.`);
      const session = registry.find(downlink.rootId);
      if (session === undefined) {
        sender.refuseOffline(downlink);
        return;
      }
      const flow = flows.get(session);
      // Before the delivery delay is over: the store is read when it is.
      if (flow === undefined) return;
      // What is behind others in the store must not overtake them.
      if (flow.state === 'idle' && sender.offer(flow, downlink)) return;
      reader.read(flow, [downlink.deviceId]);
    },
    onDeliverable(session, onRead) {
      const flow = createMessageFlow(session);
      flows.set(session, flow);
      reader.startRounds(flow);
      if (onRead !== undefined) reader.whenRead(flow, onRead);
    },
    onSubscribed(session, filters) {
      const flow = flows.get(session);
      if (flow === undefined) return;
      for (const [key, { topic }] of flow.givenUp) {
        if (filters.some(({ filter }) => isMatch(filter, topic))) flow.givenUp.delete(key);
      }
      reader.startRounds(flow);
    },
    onChildrenReachable(session, deviceIds, onRead) {
      const flow = flows.get(session);
      if (flow === undefined) return;
      reader.startRounds(flow, deviceIds);
      if (onRead !== undefined) reader.whenRead(flow, onRead);
    },
    drained: () => results.drained(),
    stop() {
      sender.stop();
      reader.stop();
    },
  };
}
