import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { PackageStore } from '../ports/package-store.ts';
import { createPeriodicJob, type PeriodicJob } from '../ports/periodic-job.ts';
import type { PackageMetaStore } from '../ports/store/catalogue-stores.ts';

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

/** Removes uploaded files that no package took. */
export function createPackageSweeper({ store, files, clock, log }: PackageSweeperParts): PeriodicJob {
  return createPeriodicJob({
    what: 'unused package files are removed',
    clock,
    log,
    everyMs: hourMs,
    async step() {
      const taken = await store.packages.takeStaleFiles(clock.now() - unusedLifeMs, stepMax);
      for (const fileId of taken) await files.delete(fileId);
      if (taken.length > 0) log.info({ removed: taken.length }, 'unused package files removed');
      return taken.length === stepMax;
    },
  });
}
