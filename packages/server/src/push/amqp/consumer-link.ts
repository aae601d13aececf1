import rhea from 'rhea';
import type { AmqpError, Delivery, Sender } from 'rhea';
import type { Clock } from '../../ports/clock.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Random } from '../../ports/random.ts';
import type { Holder, QueueMessage } from '../../ports/store/queue-store.ts';
import { retryDelayMs } from '../back-off.ts';
import type { AmqpLimits } from './limits.ts';
import type { SettlementWriter } from './settlement-writer.ts';
import { agreeOnModes, creditOf, forget, isDraining, outgoingOf, tellDrained } from './tame-library.ts';

export interface LinkParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: Metrics;
  readonly limits: AmqpLimits;
  readonly writer: SettlementWriter;
}

export interface LinkOptions {
  readonly sender: Sender;
  readonly held: Holder;
  /** Whether the connection takes more output. */
  isWritable(): boolean;
  /** It can take messages now. */
  onRoom(link: ConsumerLink): void;
}

/** What a consumer says of a delivery. */
export type Outcome = 'accepted' | 'released' | 'rejected' | 'modified' | 'settled';

/** A consumer's link to a queue: as many messages as it has credit for, and what it says of each. */
export class ConsumerLink {
  readonly held: Holder;
  readonly #parts: LinkParts;
  readonly #options: LinkOptions;
  readonly #sender: Sender;
  readonly #isPresettled: boolean;
  /** Sent and not settled. */
  readonly #inHand = new Map<Delivery, QueueMessage>();
  #bytes = 0;
  /** Given back, which is not written yet: what stands behind must not be taken before. */
  #givingBack = 0;
  #isEnded = false;

  constructor(options: LinkOptions, parts: LinkParts) {
    this.#options = options;
    this.#parts = parts;
    this.#sender = options.sender;
    this.held = options.held;
    this.#isPresettled = agreeOnModes(options.sender).isPresettled;
  }

  /** How many messages it can take. */
  get room(): number {
    const mayTake = !this.#isEnded && this.#sender.is_open() && this.#givingBack === 0;
    if (!mayTake || !this.#options.isWritable() || this.bytesRoom <= 0) return 0;
    const { unsettledMax } = this.#parts.limits;
    const { unsent, available } = outgoingOf(this.#sender.session);
    const room = Math.min(creditOf(this.#sender) - unsent, unsettledMax - this.#inHand.size, available);
    return Math.max(0, room);
  }

  get bytesRoom(): number {
    return this.#parts.limits.unsettledBytesMax - this.#bytes;
  }

  /** In the order in which they were taken. */
  send(messages: readonly QueueMessage[]): void {
    // It went while they were being taken.
    if (this.#isEnded || !this.#sender.is_open()) return this.#parts.writer.release(this.held);
    for (const message of messages) this.#sendOne(message);
  }

  #sendOne(message: QueueMessage): void {
    const { no, payload, createdAt, attempts } = message;
    // Credit may have been taken back meanwhile; what the session cannot keep waits for another turn.
    if (outgoingOf(this.#sender.session).available <= 0) return this.#settle(message, 'released');
    const delivery = this.#sender.send({
      message_id: String(no),
      creation_time: new Date(createdAt),
      durable: true,
      delivery_count: attempts,
      // v5 15.3.
      body: payload,
    });
    if (this.#isPresettled) return this.#settle(message, 'accepted');
    this.#inHand.set(delivery, message);
    this.#bytes += message.bytes;
  }

  onOutcome(delivery: Delivery, outcome: Outcome): void {
    const message = this.#inHand.get(delivery);
    if (message === undefined) return;
    this.#inHand.delete(delivery);
    this.#bytes -= message.bytes;
    this.#settle(message, kindOf(outcome, delivery));
    // The client wants to hear that we know before it forgets.
    if (!delivery.remote_settled) {
      delivery.update(true, described(outcome));
      forget(delivery);
    }
    this.#options.onRoom(this);
  }

  #settle({ no, attempts }: QueueMessage, kind: 'accepted' | 'released' | 'failed'): void {
    const { writer, clock, random, metrics } = this.#parts;
    metrics.count('amqp_deliveries_total', { outcome: kind });
    const of = { no, holder: this.held.holder };
    if (kind === 'accepted') return writer.settle({ ...of, kind });
    this.#givingBack += 1;
    const onWritten = (): void => {
      this.#givingBack -= 1;
      if (this.#givingBack === 0) this.#options.onRoom(this);
    };
    if (kind === 'released') return writer.settle({ ...of, kind }, onWritten);
    writer.settle({ ...of, kind, dueAt: clock.now() + retryDelayMs(attempts, random) }, onWritten);
  }

  /** Its credit has changed. */
  onFlow(): void {
    this.#options.onRoom(this);
  }

  /** There is nothing (more) for it now. */
  onDry(): void {
    if (this.#isEnded || !this.#sender.is_open() || !isDraining(this.#sender)) return;
    if (creditOf(this.#sender) > 0) tellDrained(this.#sender);
  }

  close(error: AmqpError): void {
    this.#sender.close(error);
    this.end();
  }

  /** True: something was handed over that will never be sent, so that the session cannot go on. */
  end(): boolean {
    if (this.#isEnded) return false;
    this.#isEnded = true;
    const { unsent } = outgoingOf(this.#sender.session);
    for (const delivery of this.#inHand.keys()) forget(delivery);
    const hadUnsent = unsent > 0 && this.#inHand.size > 0;
    this.#inHand.clear();
    this.#parts.writer.release(this.held);
    return hadUnsent;
  }
}

/** The library makes these functions from a table that its types do not show. */
function described(outcome: Outcome): unknown {
  const makers = rhea.message as unknown as Record<Outcome, (fields: object) => { described(): unknown }>;
  return outcome === 'settled' ? undefined : makers[outcome]({}).described();
}

/** v1.0 3.4: whoever settles without an outcome, or only does not want it here, is not asked again at once. */
function kindOf(outcome: Outcome, delivery: Delivery): 'accepted' | 'released' | 'failed' {
  if (outcome === 'accepted' || outcome === 'released') return outcome;
  if (outcome !== 'modified') return 'failed';
  const state = delivery.remote_state as { delivery_failed?: unknown; undeliverable_here?: unknown } | undefined;
  return state?.delivery_failed === true || state?.undeliverable_here === true ? 'failed' : 'released';
}
