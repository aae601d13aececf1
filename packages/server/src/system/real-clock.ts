import type { Clock } from '../ports/clock.ts';

/** setTimeout fires at once beyond this. */
const delayMsMax = 2_147_483_647;

/** The wall clock. Timers longer than 24.8 days are cut into pieces. */
export function createRealClock(): Clock {
  return {
    now: () => Date.now(),
    setTimer: (delayMs, run) => {
      let handle: NodeJS.Timeout;
      const arm = (leftMs: number): void => {
        const partMs = Math.min(Math.max(leftMs, 0), delayMsMax);
        handle = setTimeout(() => (leftMs > partMs ? arm(leftMs - partMs) : run()), partMs);
      };
      arm(delayMs);
      return { cancel: () => clearTimeout(handle) };
    },
  };
}
