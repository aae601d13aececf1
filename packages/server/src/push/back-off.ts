import type { Random } from '../ports/random.ts';

const firstMs = 1000;
const lastMs = 60_000;

/**
 * v5 15.3: after 1 s, doubling to 60 s. Up to a tenth is added, so that what failed together does not come back together. `attempts`
 * counts those that failed before this one.
 */
export function retryDelayMs(attempts: number, random: Random): number {
  const delayMs = Math.min(lastMs, firstMs * 2 ** Math.min(attempts, 10));
  return Math.round(delayMs * (1 + random.fraction() / 10));
}

/** Legacy 9.1, in seconds; from then on every hour. */
const legacyDelays = [10, 30, 60, 120, 300, 600, 1800] as const;

/** `attempts` counts those that failed before this one. */
export const legacyDelayMs = (attempts: number): number => (legacyDelays[attempts] ?? 3600) * 1000;
