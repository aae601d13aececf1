import type { Clock } from '../ports/clock.ts';

export interface AlignedClock extends Clock {
  /** What time it is by the clock that all nodes go by, ms since epoch. */
  align(now: number): void;
}

/** The own clock, shifted to that of the database: deadlines that one node sets are looked at by others. */
export function createAlignedClock(own: Clock): AlignedClock {
  let shiftMs = 0;
  return {
    now: () => own.now() + shiftMs,
    setTimer: (delayMs, run) => own.setTimer(delayMs, run),
    align(now) {
      shiftMs = now - own.now();
    },
  };
}
