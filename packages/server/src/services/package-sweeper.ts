import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { PackageStore } from '../ports/package-store.ts';
import { createPeriodicJob, type PeriodicJob } from '../ports/periodic-job.ts';
import type { PackageMetaStore } from '../ports/store/catalogue-stores.ts';
import { removeDropped } from './package-removal.ts';

export interface PackageSweeperParts {
  readonly store: { readonly packages: PackageMetaStore };
  readonly files: PackageStore;
  readonly clock: Clock;
  readonly log: Log;
}

const hourMs = 3_600_000;
/** v5 10: how long an uploaded file waits for its package. */
const unusedLifeMs = 24 * hourMs;
const stepMax = 100;

/** Removes uploaded files that no package took, and what is left of those that were deleted or never came to their end. */
export function createPackageSweeper({ store, files, clock, log }: PackageSweeperParts): PeriodicJob {
  return createPeriodicJob({
    what: 'unused package files are removed',
    clock,
    log,
    everyMs: hourMs,
    async step() {
      const dropped = await store.packages.dropStaleFiles(clock.now() - unusedLifeMs, stepMax);
      const removed = await removeDropped({ store, files, log }, dropped);
      if (removed > 0) log.info({ removed }, 'unused package files removed');
      // Where some could not be removed, the next ones wait for the next look.
      return removed === stepMax;
    },
  });
}
