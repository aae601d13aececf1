import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { createPeriodicJob, type PeriodicJob } from '../../ports/periodic-job.ts';
import type { Store } from '../../ports/store/store.ts';

export interface LegacyTokenSweeperParts {
  readonly store: Pick<Store, 'legacyAccess'>;
  readonly clock: Clock;
  readonly log: Log;
}

const everyMs = 60_000;
const tokensPerStep = 1000;

/** Takes away the tokens that have expired. */
export function createLegacyTokenSweeper({ store, clock, log }: LegacyTokenSweeperParts): PeriodicJob {
  return createPeriodicJob({
    what: 'expired tokens of legacy applications are removed',
    clock,
    log,
    everyMs,
    step: async () => (await store.legacyAccess.purge(clock.now(), tokensPerStep)) === tokensPerStep,
  });
}
