import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { createPeriodicJob, type PeriodicJob } from '../../ports/periodic-job.ts';
import type { SessionStore } from '../../ports/store/device-store.ts';

export interface OfflineSweepParts {
  readonly sessions: Pick<SessionStore, 'settleOffline' | 'earliestEnded'>;
  readonly clock: Clock;
  readonly log: Log;
  /** MUSTER_DEVICE_OFFLINE_DELAY_SECONDS. */
  readonly offlineDelayMs: number;
}

/** Devices settled in one transaction. */
const stepDevices = 500;
const everyMs = 1000;

/** device 5: OFFLINE some seconds after a session ended, unless the device is back by then. */
export function createOfflineSweep({ sessions, clock, log, offlineDelayMs }: OfflineSweepParts): PeriodicJob {
  return createPeriodicJob({
    what: 'devices whose session ended are set OFFLINE',
    clock,
    log,
    everyMs,
    step: async () => (await sessions.settleOffline(clock.now() - offlineDelayMs, stepDevices)) > 0,
    async dueInMs() {
      const earliest = await sessions.earliestEnded();
      return earliest === undefined ? undefined : earliest + offlineDelayMs - clock.now();
    },
  });
}
