import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { createPeriodicJob, type PeriodicJob } from '../ports/periodic-job.ts';
import type { MessageStore } from '../ports/store/message-store.ts';

export interface MessageUpkeepParts {
  readonly store: { readonly messages: MessageStore };
  readonly clock: Clock;
  readonly log: Log;
}

const everyMs = 5000;
/** Rows changed in one transaction. */
const stepMax = 200;
/** How long an ended message can still be looked up. */
const keptMs = 24 * 3_600_000;

/** Ends single messages whose cache time is over, and forgets what has ended (device 6.3). Those of a task end with their run. */
export function createMessageUpkeep({ store, clock, log }: MessageUpkeepParts): PeriodicJob {
  return createPeriodicJob({
    what: 'messages whose time is over are ended',
    clock,
    log,
    everyMs,
    async step() {
      const expired = await store.messages.expire(clock.now(), stepMax);
      const purged = await store.messages.purge(clock.now() - keptMs, stepMax);
      return expired === stepMax || purged === stepMax;
    },
  });
}
