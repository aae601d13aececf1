import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { createPeriodicJob, type PeriodicJob } from '../ports/periodic-job.ts';
import type { BatchFileStore } from '../ports/store/batch-file-store.ts';

export interface BatchFileSweeperParts {
  readonly store: { readonly batchFiles: BatchFileStore };
  readonly clock: Clock;
  readonly log: Log;
  /** No other process has this store: what was being uploaded before this one began is left by one that ended. */
  readonly isAlone: boolean;
}

/** Longer than an upload may take to arrive, wait for its turn and be read: the process that had it in hand must be gone. */
const uploadMsMax = 3 * 3_600_000;
const everyMs = 10_000;
const rowsPerStep = 1000;

/** Takes the rows of files away that are deleted, past their life (v5 12) or were never wholly there. */
export function createBatchFileSweeper({ store, clock, log, isAlone }: BatchFileSweeperParts): PeriodicJob {
  const { batchFiles } = store;
  const startedAt = clock.now();
  const leftBefore = () => (isAlone ? startedAt : clock.now() - uploadMsMax);
  return createPeriodicJob({
    what: 'batch task files that nobody needs are removed',
    clock,
    log,
    everyMs,
    step: async () =>
      (await batchFiles.purge(clock.now(), rowsPerStep)) || (await batchFiles.discardBegunBefore(leftBefore())),
  });
}
