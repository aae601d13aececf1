import type { EngineParts } from './engine.ts';
import { createPeriodicJob, type PeriodicJob } from '../ports/periodic-job.ts';

export interface RetentionSettings {
  /** How long a finished task is kept; 0: for ever (v5 13.1, T12). */
  readonly taskRetentionMs: number;
  readonly everyMs: number;
}

/** Rows taken away in one transaction: small enough that nothing waits for it. */
const stepRows = 2000;
const tasksPerStep = 20;

/** Takes away in small steps what nobody needs any more: rows of deleted tasks, tasks past their retention, expired keys and grants. */
export function createRetention(
  { store, clock, log }: Pick<EngineParts, 'store' | 'clock' | 'log'>,
  { taskRetentionMs, everyMs }: RetentionSettings,
): PeriodicJob {
  return createPeriodicJob({
    what: 'old tasks, keys and grants are removed',
    clock,
    log,
    everyMs,
    async step() {
      const now = clock.now();
      const deleted = taskRetentionMs > 0 ? await store.tasks.deleteFinished(now - taskRetentionMs, tasksPerStep) : 0;
      const purged = await store.tasks.purge(stepRows);
      const expired = await store.tasks.purgeExpired(now, stepRows);
      return deleted > 0 || purged || expired > 0;
    },
  });
}
