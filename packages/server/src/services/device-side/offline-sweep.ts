import { type Clock, sleep } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { SessionStore } from '../../ports/store/device-store.ts';

export interface OfflineSweepParts {
  readonly sessions: Pick<SessionStore, 'settleOffline' | 'earliestEnded'>;
  readonly clock: Clock;
  readonly log: Log;
  /** MUSTER_DEVICE_OFFLINE_DELAY_SECONDS. */
  readonly offlineDelayMs: number;
}

export interface OfflineSweep {
  start(): void;
  stop(): Promise<void>;
}

/** Devices settled in one transaction. */
const stepDevices = 500;
/** It looks at least this often, and at most that often. */
const pauseMaxMs = 1000;
const pauseMinMs = 20;

/** device 5: OFFLINE some seconds after a session ended, unless the device is back by then. */
export function createOfflineSweep({ sessions, clock, log, offlineDelayMs }: OfflineSweepParts): OfflineSweep {
  const stopping = new AbortController();
  let loop: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      let pauseMs = pauseMaxMs;
      try {
        while (
          !stopping.signal.aborted &&
          (await sessions.settleOffline(clock.now() - offlineDelayMs, stepDevices)) > 0
        );
        const earliest = await sessions.earliestEnded();
        if (earliest !== undefined) pauseMs = earliest + offlineDelayMs - clock.now();
      } catch (err) {
        log.error({ err }, 'devices could not be set OFFLINE; tried again');
      }
      await sleep(clock, Math.min(pauseMaxMs, Math.max(pauseMinMs, pauseMs)), stopping.signal);
    }
  }

  return {
    start() {
      loop ??= run();
    },
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}
