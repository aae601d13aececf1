/** What comes in over time, and a way to wait for it. */
export interface Arrivals<Item> {
  readonly all: readonly Item[];
  add(item: Item): void;
  /** Resolves with the first so many, when they are there. */
  first(count: number): Promise<readonly Item[]>;
}

export function arrivals<Item>(): Arrivals<Item> {
  const all: Item[] = [];
  let waiting: { readonly count: number; readonly resolve: (items: readonly Item[]) => void }[] = [];
  return {
    all,
    add(item) {
      all.push(item);
      const ready = waiting.filter(({ count }) => count <= all.length);
      waiting = waiting.filter(({ count }) => count > all.length);
      for (const { count, resolve } of ready) resolve(all.slice(0, count));
    },
    first: (count) =>
      count <= all.length
        ? Promise.resolve(all.slice(0, count))
        : new Promise((resolve) => {
            waiting.push({ count, resolve });
          }),
  };
}
