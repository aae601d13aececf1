import type { EngineParts } from './engine.ts';
import { createPeriodicJob, type PeriodicJob } from '../ports/periodic-job.ts';
import type { QueueDepth } from '../ports/store/task-store.ts';

const everyMs = 15_000;
const states = ['Waitting', 'Processing', 'FailWaitRetry'] as const satisfies (keyof QueueDepth)[];

/** How many subtasks of the installation have not ended (operations page, Observing): counted from the tasks' counters, not the rows. */
export function createQueueDepth({
  store,
  clock,
  log,
  metrics,
}: Pick<EngineParts, 'store' | 'clock' | 'log' | 'metrics'>): PeriodicJob {
  let depth: QueueDepth = { Waitting: 0, Processing: 0, FailWaitRetry: 0 };
  for (const state of states) metrics.gauge('queue_depth', () => depth[state], { state });
  return createPeriodicJob({
    what: 'the depth of the queue is read',
    clock,
    log,
    everyMs,
    async step() {
      depth = await store.tasks.queueDepth();
      return false;
    },
  });
}
