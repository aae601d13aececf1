/** Counts what arrives at a load process, and says when enough has. */
export interface Arrivals {
  add(): void;
  /** Resolves once so many have come since the last time. */
  wait(count: number): Promise<void>;
}

export function countArrivals(): Arrivals {
  let arrived = 0;
  let enough: { readonly count: number; readonly resolve: () => void } | undefined;
  const finishIfEnough = (): void => {
    if (enough === undefined || arrived < enough.count) return;
    arrived -= enough.count;
    enough.resolve();
    enough = undefined;
  };
  return {
    add: () => {
      arrived += 1;
      finishIfEnough();
    },
    wait: (count) =>
      new Promise((resolve) => {
        enough = { count, resolve };
        finishIfEnough();
      }),
  };
}
