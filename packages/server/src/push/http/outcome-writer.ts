import { type Clock, sleep } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Outcome, OutboxStore } from '../../ports/store/push-store.ts';

/** Writes what became of deliveries: many that end together share a transaction, and none of them waits for it. */
export interface OutcomeWriter {
  write(outcome: Outcome): void;
  /** What was given is written when it resolves, or could not be: the lease then brings the item again (at least once, v5 15.3). */
  flush(): Promise<void>;
}

export interface OutcomeWriterParts {
  readonly outbox: OutboxStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Outcomes are gathered for so long: each commit waits for the disk. 0: not at all. */
  readonly gatherMs: number;
  /** What follows those that are gone is due, or they themselves are again. */
  onWritten(): void;
}

export function createOutcomeWriter({ outbox, clock, log, gatherMs, onWritten }: OutcomeWriterParts): OutcomeWriter {
  let outcomes: Outcome[] = [];
  let writing: Promise<void> | undefined;
  let hurry = new AbortController();

  const writeAll = async (): Promise<void> => {
    while (outcomes.length > 0) {
      if (gatherMs > 0) await sleep(clock, gatherMs, hurry.signal);
      const batch = outcomes;
      outcomes = [];
      try {
        await outbox.finish(batch, clock.now());
      } catch (error) {
        log.error({ err: error }, 'outcomes of notifications could not be written; they will be sent again');
      }
      onWritten();
    }
    writing = undefined;
  };

  return {
    write: (outcome) => {
      outcomes.push(outcome);
      writing ??= writeAll();
    },
    flush: async () => {
      hurry.abort();
      await writing;
      hurry = new AbortController();
    },
  };
}
