import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Outcome, OutboxStore } from '../../ports/store/push-store.ts';

/**
 * Writes what became of deliveries: many that end together share a transaction. Resolves when it is written, or could not be: the lease
 * then brings the item again (at least once, v5 15.3).
 */
export type OutcomeWriter = (outcome: Outcome) => Promise<void>;

export interface OutcomeWriterParts {
  readonly outbox: OutboxStore;
  readonly clock: Clock;
  readonly log: Log;
}

export function createOutcomeWriter({ outbox, clock, log }: OutcomeWriterParts): OutcomeWriter {
  let outcomes: Outcome[] = [];
  let next: Promise<void> | undefined;
  let writing: Promise<void> = Promise.resolve();

  const write = async (): Promise<void> => {
    const batch = outcomes;
    outcomes = [];
    next = undefined;
    try {
      await outbox.finish(batch, clock.now());
    } catch (error) {
      log.error({ err: error }, 'outcomes of notifications could not be written; they will be sent again');
    }
  };

  return (outcome) => {
    outcomes.push(outcome);
    // Whatever comes while one write is under way goes with the next.
    next ??= writing = writing.then(write);
    return next;
  };
}
