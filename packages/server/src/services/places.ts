/** Does work of somebody now or, where as much as may be is being done for them or for all, after what came before it. */
export type Places<Key> = <T>(key: Key, work: () => Promise<T>) => Promise<T>;

interface Waiting<Key> {
  readonly key: Key;
  begin(): void;
}

/**
 * Places at some work, of which nobody has more than `eachMax`, so that whoever brings the longest work leaves one to the others.
 * Whoever uses it bounds how many wait.
 */
export function createPlaces<Key>({ allMax, eachMax }: { allMax: number; eachMax: number }): Places<Key> {
  const waiting: Waiting<Key>[] = [];
  const working = new Map<Key, number>();
  let total = 0;

  function fill(): void {
    while (total < allMax) {
      const index = waiting.findIndex(({ key }) => (working.get(key) ?? 0) < eachMax);
      const [next] = index < 0 ? [] : waiting.splice(index, 1);
      if (next === undefined) return;
      total += 1;
      working.set(next.key, (working.get(next.key) ?? 0) + 1);
      next.begin();
    }
  }

  function leave(key: Key): void {
    total -= 1;
    const left = (working.get(key) ?? 1) - 1;
    if (left === 0) working.delete(key);
    else working.set(key, left);
    fill();
  }

  return async (key, work) => {
    await new Promise<void>((begin) => {
      waiting.push({ key, begin });
      fill();
    });
    try {
      return await work();
    } finally {
      leave(key);
    }
  };
}
