import type { Log } from '../../ports/log.ts';
import type { OutboxStore } from '../../ports/store/push-store.ts';

export type Postponed = Parameters<OutboxStore['postpone']>[0][number];

/** Writes what became of deliveries: many that end together share a transaction. */
export interface OutcomeWriter {
  delivered(no: number): Promise<void>;
  postponed(item: Postponed): Promise<void>;
}

/** Resolves when it is written, or could not be: the lease then brings the item again (at least once, v5 15.3). */
export function createOutcomeWriter(outbox: OutboxStore, log: Log): OutcomeWriter {
  let delivered: number[] = [];
  let postponed: Postponed[] = [];
  let next: Promise<void> | undefined;
  let writing: Promise<void> = Promise.resolve();

  const write = async (): Promise<void> => {
    const [done, again] = [delivered, postponed];
    delivered = [];
    postponed = [];
    next = undefined;
    try {
      if (done.length > 0) await outbox.complete(done);
      if (again.length > 0) await outbox.postpone(again);
    } catch (error) {
      log.error({ err: error }, 'outcomes of notifications could not be written; they will be sent again');
    }
  };
  /** Whatever comes while one write is under way goes with the next. */
  const soon = (): Promise<void> => {
    next ??= writing = writing.then(write);
    return next;
  };

  return {
    delivered: (no) => {
      delivered.push(no);
      return soon();
    },
    postponed: (item) => {
      postponed.push(item);
      return soon();
    },
  };
}
