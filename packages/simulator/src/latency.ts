import type { Random } from './random.ts';

/** How long something takes, in milliseconds; a bare number is always the same. */
export type Latency =
  | number
  | { readonly kind: 'uniform'; readonly minMs: number; readonly maxMs: number }
  /** Many short ones and a long tail, as radio links have; never above `maxMs`. */
  | { readonly kind: 'exponential'; readonly meanMs: number; readonly maxMs: number };

/** Draws one duration. */
export function drawLatency(latency: Latency, random: Random): number {
  if (typeof latency === 'number') return latency;
  switch (latency.kind) {
    case 'uniform':
      return latency.minMs + random() * (latency.maxMs - latency.minMs);
    case 'exponential':
      return Math.min(latency.maxMs, -latency.meanMs * Math.log(1 - random()));
  }
}
