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
  /** Outcomes are gathered for so long, and several times as long while they hold up nothing: each commit waits for the disk. 0: not at all. */
  readonly gatherMs: number;
  /** The outcome's receiver has enough to do without what follows it. */
  canWait(outcome: Outcome): boolean;
  /** What follows those that are gone is due, or they themselves are again. */
  onWritten(): void;
}

/** Times `gatherMs`, at most. */
const gatherMost = 5;

export function createOutcomeWriter(parts: OutcomeWriterParts): OutcomeWriter {
  const { outbox, clock, log, gatherMs, onWritten } = parts;
  let outcomes: Outcome[] = [];
  let writing: Promise<void> | undefined;
  let hurry = new AbortController();

  const gather = async (): Promise<void> => {
    for (let times = 0; times < gatherMost && !hurry.signal.aborted; times++) {
      await sleep(clock, gatherMs, hurry.signal);
      if (!outcomes.every((outcome) => parts.canWait(outcome))) return;
    }
  };

  const writeAll = async (): Promise<void> => {
    while (outcomes.length > 0) {
      if (gatherMs > 0) await gather();
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
