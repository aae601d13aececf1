export interface BatcherParts<Item, Result> {
  /** Done together: as many promises as items, in their order. */
  run(items: readonly Item[]): Promise<readonly Promise<Result>[]>;
  readonly batchMax: number;
  /** More than these are turned away. */
  readonly waitingMax: number;
}

/** Whatever comes while a batch is under way shares the next one. */
export interface Batcher<Item, Result> {
  /** Rejects where its batch does, or where too many wait. */
  add(item: Item): Promise<Result>;
  /** Resolves when nothing is left; never rejects. */
  idle(): Promise<void>;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  resolve(result: Promise<Result>): void;
  reject(error: unknown): void;
}

export function createBatcher<Item, Result>(parts: BatcherParts<Item, Result>): Batcher<Item, Result> {
  let queue: Waiting<Item, Result>[] = [];
  let running: Promise<void> | undefined;

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.slice(0, parts.batchMax);
      queue = queue.slice(parts.batchMax);
      try {
        const results = await parts.run(batch.map(({ item }) => item));
        for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Promise<Result>);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    running = undefined;
  }

  return {
    add(item) {
      if (queue.length >= parts.waitingMax) return Promise.reject(new Error('Too much is waiting for the store.'));
      return new Promise((resolve, reject) => {
        queue.push({ item, resolve, reject });
        running ??= drain();
      });
    },
    idle: async () => {
      await running;
    },
  };
}
