import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Random } from '../../ports/random.ts';
import type { OutboxItem } from '../../ports/store/push-store.ts';
import { retryDelayMs } from './back-off.ts';
import type { HttpSender } from './http-sender.ts';
import type { OutcomeWriter, Postponed } from './outcome-writer.ts';

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

/** Sends one item and writes what became of it; true: delivered. Never rejects. */
export type Delivery = (item: OutboxItem) => Promise<boolean>;

/** Failing receivers that are remembered, so that each is logged once. */
const failingMax = 10_000;

export function createDelivery(parts: DeliveryParts): Delivery {
  const { metrics, log, outcomes } = parts;
  const failing = new Set<string>();

  const onFailure = (actionId: string, reason: string): void => {
    metrics.count('push_deliveries_total', { outcome: 'failed' });
    // Once per receiver that turns bad, not once per item of its backlog.
    if (!failing.has(actionId)) log.warn({ actionId, reason }, 'a receiver does not take notifications');
    if (failing.size < failingMax) failing.add(actionId);
  };

  return async (item) => {
    try {
      await parts.sender.send(item, parts.cut);
    } catch (error) {
      // Cut off by our own stop, which is not the receiver's failure.
      if (!parts.cut.aborted) onFailure(item.actionId, sentenceOf(error));
      await outcomes.postponed(postponed(parts, item, error));
      return false;
    }
    metrics.count('push_deliveries_total', { outcome: 'delivered' });
    if (failing.delete(item.actionId)) log.info({ actionId: item.actionId }, 'a receiver takes notifications again');
    await outcomes.delivered(item.no);
    return true;
  };
}

function postponed({ clock, random, cut }: DeliveryParts, { no, attempts }: OutboxItem, error: unknown): Postponed {
  const now = clock.now();
  if (cut.aborted) return { no, at: now, error: undefined };
  return { no, at: now + retryDelayMs(attempts, random), error: sentenceOf(error) };
}

const sentenceMax = 200;

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Unknown error.';
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code}: ` : '';
  return `${code}${error.message || error.name}`.slice(0, sentenceMax);
}
