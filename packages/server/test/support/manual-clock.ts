import type { Clock } from '../../src/ports/clock.ts';
import { settleWork } from './work-under-way.ts';

/** Time that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /**
   * Moves time on by `ms`, stopping at every timer that falls due on the way: the clock shows the timer's moment while it runs, timers
   * of one moment run in the order in which they were set, and promises and test stores get to an end after each, so that timers set by
   * what a timer has started count, too. Work that waits for sockets or files is not waited for.
   */
  advance(ms: number): Promise<void>;
  /** As `advance`, to a moment in ms since epoch; a moment that has passed moves nothing. */
  advanceTo(at: number): Promise<void>;
  /** Jumps, as when an operator sets the clock: no timer fires by this alone. */
  set(at: number): void;
  /** Moments of the timers that wait, earliest first; for tests that no timer is left behind. */
  pending(): readonly number[];
}

interface ManualTimer {
  at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Default start: 2026-11-22T01:55:13Z, the moment of the contract's golden vectors. */
export function createManualClock(startAt: number = Date.UTC(2026, 10, 22, 1, 55, 13)): ManualClock {
  const timers = new Set<ManualTimer>();
  let now = startAt;
  let order = 0;

  const earliest = (): ManualTimer | undefined => {
    let first: ManualTimer | undefined;
    for (const timer of timers) {
      if (first === undefined || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) {
        first = timer;
      }
    }
    return first;
  };

  const advanceTo = async (end: number): Promise<void> => {
    await settleWork();
    for (let due = earliest(); due !== undefined && due.at <= end; due = earliest()) {
      timers.delete(due);
      now = Math.max(now, due.at);
      due.run();
      await settleWork();
    }
    now = Math.max(now, end);
  };

  return {
    now: () => now,
    setTimer: (delayMs, run) => {
      const timer: ManualTimer = { at: now + Math.max(0, delayMs), order: order++, run };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer) };
    },
    advance: (ms) => advanceTo(now + ms),
    advanceTo,
    set: (at) => {
      const shift = at - now;
      // Timers measure durations: a set clock neither hastens nor delays them.
      for (const timer of timers) timer.at += shift;
      now = at;
    },
    pending: () => [...timers].map(({ at }) => at).sort((a, b) => a - b),
  };
}
