import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { createPeriodicJob, type PeriodicJob } from '../../ports/periodic-job.ts';
import type { ExportStore } from '../../ports/store/export-store.ts';

export interface ExportSweeperParts {
  readonly store: { readonly exports: Pick<ExportStore, 'purge'> };
  readonly clock: Clock;
  readonly log: Log;
}

const everyMs = 10_000;
const chunksPerStep = 16;

/** Takes the files of exports away that are deleted or past their life (v5 14). */
export function createExportSweeper({ store, clock, log }: ExportSweeperParts): PeriodicJob {
  return createPeriodicJob({
    what: 'exports that nobody needs are removed',
    clock,
    log,
    everyMs,
    step: () => store.exports.purge(clock.now(), chunksPerStep),
  });
}
