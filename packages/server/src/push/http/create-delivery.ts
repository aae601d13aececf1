import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Random } from '../../ports/random.ts';
import type { Outcome, OutboxItem } from '../../ports/store/push-store.ts';
import { retryDelayMs } from '../back-off.ts';
import type { HttpSender } from './http-sender.ts';
import type { OutcomeWriter } from './outcome-writer.ts';
import { failureOf, type PushFailure } from './push-failure.ts';

export interface DeliveryParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly sender: HttpSender;
  readonly outcomes: OutcomeWriter;
  /** Cuts off what is under way. */
  readonly cut: AbortSignal;
}

/** Sends one item and has written what became of it; true: delivered. Never rejects. */
export type Delivery = (item: OutboxItem) => Promise<boolean>;

/** Failing receivers that are remembered, so that each is logged once. */
const failingMax = 10_000;

export function createDelivery(parts: DeliveryParts): Delivery {
  const { metrics, log, outcomes } = parts;
  const failing = new Set<string>();

  const onFailure = (actionId: string, failure: PushFailure): void => {
    metrics.count('push_deliveries_total', { outcome: 'failed' });
    // Once per receiver that turns bad, not once per item of its backlog.
    const { message: reason, cause: err } = failure;
    if (!failing.has(actionId)) log.warn({ actionId, reason, err }, 'a receiver does not take notifications');
    if (failing.size < failingMax) failing.add(actionId);
  };

  return async (item) => {
    const { no, actionId } = item;
    try {
      await parts.sender.send(item, parts.cut);
    } catch (error) {
      const failure = failureOf(error);
      // Cut off by our own stop, which is not the receiver's failure.
      if (!parts.cut.aborted) onFailure(actionId, failure);
      outcomes.write(outcomeOf(parts, item, failure));
      return false;
    }
    metrics.count('push_deliveries_total', { outcome: 'delivered' });
    if (failing.delete(actionId)) log.info({ actionId }, 'a receiver takes notifications again');
    outcomes.write({ kind: 'delivered', no, actionId });
    return true;
  };
}

function outcomeOf({ clock, random, cut }: DeliveryParts, item: OutboxItem, failure: PushFailure): Outcome {
  const { no, actionId } = item;
  const now = clock.now();
  if (cut.aborted) return { kind: 'returned', no, actionId, nextAt: now };
  const nextAt = item.isKept ? now + retryDelayMs(item.attempts, random) : undefined;
  return { kind: 'failed', no, actionId, nextAt, error: failure.message };
}
