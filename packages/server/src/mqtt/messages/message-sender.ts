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
export class MessageSender {
  readonly #parts: MessageSenderParts;
  readonly #resends: DelayLine<InFlight>;
  /** Payloads that sessions keep for sending again. */
  #heldBytes = 0;
  #isStopped = false;

  constructor(parts: MessageSenderParts) {
    this.#parts = parts;
    this.#resends = new DelayLine(parts.clock, parts.limits.resendMs, (entry) => this.#resendOrGiveUp(entry));
  }

  hasRoom({ session, inFlight }: MessageFlow): boolean {
    const { unacknowledgedMax, unsentBytesMax, heldBytesMax } = this.#parts.limits;
    if (this.#isStopped || inFlight.size >= unacknowledgedMax) return false;
    return session.unsentBytes < unsentBytesMax && this.#heldBytes < heldBytesMax;
  }

  /** False: there is no room for it now, it is to be offered again later. Otherwise it is done with, one way or the other. */
  offer(flow: MessageFlow, message: MessageDownlink): boolean {
    const mark = markOf(message);
    const key = keyOf(mark);
    if (flow.inFlight.has(key) || flow.settling.has(key) || flow.givenUp.has(key)) return true;
    const { session } = flow;
    if (session.downlinkQos(mark.topic) === undefined) {
      this.#parts.results.undelivered(mark, session.device.projectId, 'notSubscribed');
      return true;
    }
    if (!this.hasRoom(flow)) return false;
    const payload = encodeMessagePayload(message);
    const bytes = payload.length;
    // A payload may be larger than the bound; then it leaves alone.
    if (session.unsentBytes > 0 && session.unsentBytes + bytes > this.#parts.limits.unsentBytesMax) return false;
    return this.#write({ flow, key, mark, bytes, packetId: 0, sends: 1, waits: 0, isOver: false }, payload);
  }

  /** Nobody is connected: a message without cache time has failed. */
  refuseOffline(message: MessageDownlink): void {
    this.#parts.results.undelivered(markOf(message), undefined, 'deviceOffline');
  }

  stop(): void {
    this.#isStopped = true;
    this.#resends.stop();
  }

  #write(entry: InFlight, payload: Buffer): boolean {
    const { flow, key, mark } = entry;
    const onAcknowledged = (): void => this.#acknowledge(entry);
    const outcome = flow.session.publish({ topic: mark.topic, payload, isRepeatable: true, onAcknowledged });
    if (outcome.kind !== 'sent') return !flow.session.isOpen;
    if (outcome.qos === 0) {
      this.#settle(entry);
      return true;
    }
    entry.packetId = outcome.packetId;
    flow.inFlight.set(key, entry);
    this.#heldBytes += entry.bytes;
    this.#resends.add(entry);
    return true;
  }

  #acknowledge(entry: InFlight): void {
    if (entry.isOver) return;
    this.#release(entry);
    this.#settle(entry);
    this.#parts.onRoom(entry.flow);
  }

  #settle({ flow, key, mark }: InFlight): void {
    flow.settling.add(key);
    this.#parts.results.delivered(mark, flow.session.device.projectId, () => {
      // An answer of the store that is on its way may be older than this.
      if (flow.state === 'stepping') flow.settled.push(key);
      else flow.settling.delete(key);
    });
  }

  #release(entry: InFlight): void {
    entry.isOver = true;
    this.#heldBytes -= entry.bytes;
    entry.flow.inFlight.delete(entry.key);
  }

  #resendOrGiveUp(entry: InFlight): void {
    if (entry.isOver || this.#isStopped) return;
    const { session } = entry.flow;
    const { resendWaitsMax, sendsPerRound } = this.#parts.limits;
    if (session.isOpen && session.unsentBytes > 0 && entry.waits < resendWaitsMax) {
      // The reader has not even taken the last send: another copy would only bring it nearer to being closed.
      entry.waits += 1;
    } else if (session.isOpen && entry.sends < sendsPerRound) {
      entry.sends += 1;
      session.repeat(entry.packetId);
    } else {
      this.#giveUp(entry);
      return;
    }
    this.#resends.add(entry);
  }

  /** No PUBACK, or no session any more: it is PENDING again, as the store has it. */
  #giveUp(entry: InFlight): void {
    const { flow, mark, key } = entry;
    flow.session.forget(entry.packetId);
    this.#release(entry);
    if (!mark.cached) this.#parts.results.undelivered(mark, flow.session.device.projectId, 'deviceOffline');
    else if (flow.session.isOpen) flow.givenUp.set(key, mark);
    this.#parts.onRoom(flow);
  }
}
