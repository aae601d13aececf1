import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Outcome, OutboxItem } from '../../ports/store/push-store.ts';
import type { Rulebook } from './delivery-rules.ts';
import type { OutcomeWriter } from './outcome-writer.ts';
import { failureOf, type PushFailure } from './push-failure.ts';

export interface DeliveryParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly rules: Pick<Rulebook, 'of'>;
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

  const onFailure = (item: OutboxItem, failure: PushFailure): void => {
    metrics.count('push_deliveries_total', { outcome: 'failed' });
    // Once per receiver that turns bad, not once per item of its backlog.
    const { message: reason, cause: err } = failure;
    if (!failing.has(item.receiver)) {
      log.warn({ ...namesOf(item), reason, err }, 'a receiver does not take notifications');
    }
    if (failing.size < failingMax) failing.add(item.receiver);
  };

  return async (item) => {
    const { no, actionId } = item;
    try {
      await parts.rules.of(item).sender.send(item, parts.cut);
    } catch (error) {
      const failure = failureOf(error);
      // Cut off by our own stop, which is not the receiver's failure.
      if (!parts.cut.aborted) onFailure(item, failure);
      outcomes.write(outcomeOf(parts, item, failure));
      return false;
    }
    metrics.count('push_deliveries_total', { outcome: 'delivered' });
    if (failing.delete(item.receiver)) log.info(namesOf(item), 'a receiver takes notifications again');
    outcomes.write({ kind: 'delivered', no, actionId });
    return true;
  };
}

/** What the operator knows a receiver by: an action, or for those that none stands for (legacy 9) the place without what may be secret. */
function namesOf({ actionId, target }: OutboxItem): { readonly actionId?: string; readonly url?: string } {
  if (actionId !== undefined) return { actionId };
  const { origin, pathname } = new URL(target.http.url);
  return { url: `${origin}${pathname}` };
}

function outcomeOf({ clock, rules, cut }: DeliveryParts, item: OutboxItem, failure: PushFailure): Outcome {
  const { no, actionId } = item;
  const now = clock.now();
  if (cut.aborted) return { kind: 'returned', no, actionId, nextAt: now };
  return { kind: 'failed', no, actionId, nextAt: rules.of(item).nextAt(item, now), error: failure.message };
}
