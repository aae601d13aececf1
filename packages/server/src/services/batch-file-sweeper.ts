import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { createPeriodicJob, type PeriodicJob } from '../ports/periodic-job.ts';
import type { BatchFileStore } from '../ports/store/batch-file-store.ts';

export interface BatchFileSweeperParts {
  readonly store: { readonly batchFiles: BatchFileStore };
  readonly clock: Clock;
  readonly log: Log;
}

const everyMs = 10_000;
const rowsPerStep = 1000;

/** Takes the rows of files away that are deleted or past their life (v5 12). */
export function createBatchFileSweeper({ store, clock, log }: BatchFileSweeperParts): PeriodicJob {
  return createPeriodicJob({
    what: 'batch task files that nobody needs are removed',
    clock,
    log,
    everyMs,
    step: () => store.batchFiles.purge(clock.now(), rowsPerStep),
  });
}
