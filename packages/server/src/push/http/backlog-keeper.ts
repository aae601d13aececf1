import { defaultBacklog } from '../../domain/policy.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { createPeriodicJob, type PeriodicJob } from '../../ports/periodic-job.ts';
import type { OutboxStore } from '../../ports/store/push-store.ts';

export interface BacklogParts {
  readonly store: { readonly outbox: OutboxStore };
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** How old what is of the legacy generation may become (legacy 9.1). */
  readonly legacyAgeMs: number;
}

/** A policy of seconds is kept to within so many. */
const everyMs = 5000;

/** Keeps every project's backlog within its limits (v5 15.4), the oldest going first, and tells how long it is. */
export function createBacklogKeeper({ store, clock, log, metrics, legacyAgeMs }: BacklogParts): PeriodicJob {
  let size = 0;
  metrics.gauge('push_backlog', () => size);
  return createPeriodicJob({
    what: 'the backlog of notifications is trimmed',
    clock,
    log,
    everyMs,
    async step() {
      const dropped = await store.outbox.trim(clock.now(), { ...defaultBacklog, legacyAgeMs });
      if (dropped > 0) {
        metrics.count('push_dropped_total', {}, dropped);
        log.warn({ dropped }, 'notifications were dropped: their receivers did not take them in time');
      }
      size = await store.outbox.size();
      return false;
    },
  });
}
