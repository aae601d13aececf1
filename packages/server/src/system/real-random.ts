import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Random } from '../ports/random.ts';

/** Chance from the operating system. `now` (ms) gives ordered ids their time. */
export function createRealRandom(now: () => number): Random {
  return {
    bytes: (count) => randomBytes(count),
    uuid: () => randomUUID(),
    orderedId: createOrderedIds({ now, processPart: randomBytes(5), counter: randomInt(counterEnd) }),
    fraction: () => randomInt(2 ** 32) / 2 ** 32,
  };
}

const counterEnd = 2 ** 24;

export interface OrderedIdParts {
  /** ms since epoch. */
  readonly now: () => number;
  /** 5 bytes that no other process of the installation has. */
  readonly processPart: Uint8Array;
  /** Where the counter begins. */
  readonly counter: number;
}

/**
 * 24 lower hex: 4 bytes seconds, 5 bytes process, 3 bytes counter. Rising within the process even where the clock is set back or the
 * counter wraps: the seconds then stay ahead of the clock, because a list's order (v5 1, Paging) must be that of insertion.
 */
export function createOrderedIds({ now, processPart, counter }: OrderedIdParts): () => string {
  const middle = Buffer.from(processPart).toString('hex');
  let seconds = 0;
  let next = counter;
  return () => {
    const current = Math.floor(now() / 1000);
    if (current > seconds) {
      seconds = current;
      // Half the range is left for this second, wherever the counter stands.
      next %= counterEnd / 2;
    } else if (next >= counterEnd) {
      seconds += 1;
      next = 0;
    }
    return (seconds >>> 0).toString(16).padStart(8, '0') + middle + (next++).toString(16).padStart(6, '0');
  };
}
