/** Does work now or, if as much as may be is being done, after what came before it. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/** Whoever uses it bounds how many wait. */
export function createTurns(atOnceMax: number): Turns {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    // Whoever ends hands the place on, so that nobody gets in between.
    if (running >= atOnceMax) await new Promise<void>((resolve) => void waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
