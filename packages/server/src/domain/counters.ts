import type { SubtaskState } from './subtask-state.ts';

/** v5 13.2: `total` is the sum of the seven others in every committed state (invariant 1). */
export interface Counters {
  readonly total: number;
  readonly waitting: number;
  readonly processing: number;
  readonly failWaitRetry: number;
  readonly success: number;
  readonly fail: number;
  readonly stopped: number;
  readonly removed: number;
}

export const noCounters: Counters = {
  total: 0,
  waitting: 0,
  processing: 0,
  failWaitRetry: 0,
  success: 0,
  fail: 0,
  stopped: 0,
  removed: 0,
};

export type CountedField = Exclude<keyof Counters, 'total'>;

export const counterOf = {
  Waitting: 'waitting',
  Processing: 'processing',
  FailWaitRetry: 'failWaitRetry',
  Success: 'success',
  Fail: 'fail',
  Stopped: 'stopped',
  Removed: 'removed',
} as const satisfies Record<SubtaskState, CountedField>;

/** How many rows entered (positive) or left (negative) each state in one transaction. */
export type CounterDelta = Partial<Record<CountedField, number>>;

export function countMove(delta: CounterDelta, from: SubtaskState | undefined, to: SubtaskState): void {
  if (from !== undefined) delta[counterOf[from]] = (delta[counterOf[from]] ?? 0) - 1;
  delta[counterOf[to]] = (delta[counterOf[to]] ?? 0) + 1;
}

export function addDelta(counters: Counters, delta: CounterDelta): Counters {
  const sum: Record<keyof Counters, number> = { ...counters };
  for (const [field, change] of Object.entries(delta) as [CountedField, number][]) {
    sum[field] += change;
    sum.total += change;
  }
  return sum;
}

/** Nothing waits, runs or will be tried again. */
export function isSettled(counters: Counters): boolean {
  return counters.waitting === 0 && counters.processing === 0 && counters.failWaitRetry === 0;
}
