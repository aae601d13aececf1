/** Runs a few works at once; the rest wait. */
export type FairLine = <T>(who: string, work: () => Promise<T>) => Promise<T>;

export interface FairLineOptions {
  /** Works at once. */
  readonly width: number;
  /** Works that may wait, of all together. */
  readonly lengthMax: number;
  /** What a work that finds no place, or loses it, fails with. */
  readonly refusal: () => Error;
}

interface Waiting {
  readonly start: () => void;
  readonly refuse: (reason: Error) => void;
}

/**
 * Those who wait take turns, whoever has asked for how much: a flood delays itself. In a full line the one who has most in it loses its
 * newest work to somebody who has less.
 */
export function createFairLine({ width, lengthMax, refusal }: FairLineOptions): FairLine {
  /** By who asked; the first has the next turn. */
  const lines = new Map<string, Waiting[]>();
  let length = 0;
  let running = 0;

  function add(who: string, waiting: Waiting): void {
    if (length >= lengthMax && !makeRoomFor(who)) {
      waiting.refuse(refusal());
      return;
    }
    const line = lines.get(who);
    if (line === undefined) lines.set(who, [waiting]);
    else line.push(waiting);
    length++;
  }

  function makeRoomFor(who: string): boolean {
    const [longest] = [...lines].toSorted(([, a], [, b]) => b.length - a.length);
    if (longest === undefined || longest[1].length <= (lines.get(who)?.length ?? 0) + 1) return false;
    longest[1].pop()?.refuse(refusal());
    length--;
    return true;
  }

  function takeNext(): Waiting | undefined {
    const [turn] = lines;
    if (turn === undefined) return undefined;
    const [who, line] = turn;
    const next = line.shift();
    lines.delete(who);
    if (line.length > 0) lines.set(who, line);
    length--;
    return next;
  }

  return async (who, work) => {
    if (running < width) running++;
    else await new Promise<void>((start, refuse) => add(who, { start, refuse }));
    try {
      return await work();
    } finally {
      const next = takeNext();
      if (next === undefined) running--;
      else next.start();
    }
  };
}
