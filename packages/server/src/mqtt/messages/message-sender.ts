import type { Clock } from '../../ports/clock.ts';
import { DelayLine } from '../delay-line.ts';
import type { InFlight, MessageFlow } from './message-flow.ts';
import type { MessageLimits } from './message-limits.ts';
import { encodeMessagePayload, keyOf, type MessageDownlink, markOf } from './message-payload.ts';
import type { MessageResults } from './message-results.ts';

export interface MessageSenderParts {
  readonly clock: Clock;
  readonly limits: MessageLimits;
  readonly results: MessageResults;
  /** The flow may have room again. */
  onRoom(flow: MessageFlow): void;
}

/** Writes single messages to their sessions, sends them again, and says what became of them. */
export interface MessageSender {
  /** False: there is no room for it now, it is to be offered again later. Otherwise it is done with, one way or the other. */
  offer(flow: MessageFlow, message: MessageDownlink): boolean;
  hasRoom(flow: MessageFlow): boolean;
  /** Nobody is connected: a message without cache time has failed. */
  refuseOffline(message: MessageDownlink): void;
  stop(): void;
}

export function createMessageSender(parts: MessageSenderParts): MessageSender {
  const { clock, limits, results } = parts;
  const resends = new DelayLine<InFlight>(clock, limits.resendMs, resendOrGiveUp);
  /** Payloads that sessions keep for sending again. */
  let heldBytes = 0;
  let isStopped = false;

  function hasRoom({ session, inFlight }: MessageFlow): boolean {
    if (isStopped || inFlight.size >= limits.unacknowledgedMax) return false;
    return session.unsentBytes < limits.unsentBytesMax && heldBytes < limits.heldBytesMax;
  }

  function offer(flow: MessageFlow, message: MessageDownlink): boolean {
    const mark = markOf(message);
    const key = keyOf(mark);
    if (flow.inFlight.has(key) || flow.settling.has(key) || flow.givenUp.has(key)) return true;
    const { session } = flow;
    if (session.downlinkQos(mark.topic) === undefined) {
      results.undelivered(mark, session.device.projectId, 'notSubscribed');
      return true;
    }
    if (!hasRoom(flow)) return false;
    const payload = encodeMessagePayload(message);
    // A payload may be larger than the bound; then it leaves alone.
    if (session.unsentBytes > 0 && session.unsentBytes + payload.length > limits.unsentBytesMax) return false;
    return write({ flow, key, mark, bytes: payload.length, packetId: 0, sends: 1, waits: 0, isOver: false }, payload);
  }

  function write(entry: InFlight, payload: Buffer): boolean {
    const { flow, key, mark } = entry;
    const onAcknowledged = (): void => acknowledge(entry);
    const outcome = flow.session.publish({ topic: mark.topic, payload, isRepeatable: true, onAcknowledged });
    if (outcome.kind !== 'sent') return !flow.session.isOpen;
    if (outcome.qos === 0) {
      settle(entry);
      return true;
    }
    entry.packetId = outcome.packetId;
    flow.inFlight.set(key, entry);
    heldBytes += entry.bytes;
    resends.add(entry);
    return true;
  }

  function acknowledge(entry: InFlight): void {
    if (entry.isOver) return;
    release(entry);
    settle(entry);
    parts.onRoom(entry.flow);
  }

  function settle({ flow, key, mark }: InFlight): void {
    flow.settling.add(key);
    results.delivered(mark, flow.session.device.projectId, () => {
      // An answer of the store that is on its way may be older than this.
      if (flow.state === 'stepping') flow.settled.push(key);
      else flow.settling.delete(key);
    });
  }

  function release(entry: InFlight): void {
    entry.isOver = true;
    heldBytes -= entry.bytes;
    entry.flow.inFlight.delete(entry.key);
  }

  function resendOrGiveUp(entry: InFlight): void {
    if (entry.isOver || isStopped) return;
    const { session } = entry.flow;
    if (session.isOpen && session.unsentBytes > 0 && entry.waits < limits.resendWaitsMax) {
      // The reader has not even taken the last send: another copy would only bring it nearer to being closed.
      entry.waits += 1;
    } else if (session.isOpen && entry.sends < limits.sendsPerRound) {
      entry.sends += 1;
      session.repeat(entry.packetId);
    } else {
      giveUp(entry);
      return;
    }
    resends.add(entry);
  }

  /** No PUBACK, or no session any more: it is PENDING again, as the store has it. */
  function giveUp(entry: InFlight): void {
    const { flow, mark, key } = entry;
    flow.session.forget(entry.packetId);
    release(entry);
    if (!mark.cached) results.undelivered(mark, flow.session.device.projectId, 'deviceOffline');
    else if (flow.session.isOpen) flow.givenUp.set(key, mark);
    parts.onRoom(flow);
  }

  return {
    offer,
    hasRoom,
    refuseOffline: (message) => results.undelivered(markOf(message), undefined, 'deviceOffline'),
    stop() {
      isStopped = true;
      resends.stop();
    },
  };
}
