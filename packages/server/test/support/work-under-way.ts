/**
 * What the stores of this process have been asked for and have not answered. Time may not move past it: a database on the other side of
 * a socket takes as many turns of the event loop as it likes.
 */
let underWay = 0;
let begun = 0;
let waiting: (() => void)[] = [];

/** Counts a call until it is answered, and hands it on as it is. */
export function underWatch<Answer>(call: Promise<Answer>): Promise<Answer> {
  underWay += 1;
  begun += 1;
  const end = (): void => {
    underWay -= 1;
    if (underWay > 0) return;
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  call.then(end, end);
  return call;
}

/** Resolves when promises and stores have nothing left to do; work that waits for a socket or for the clock is not waited for. */
export async function settleWork(): Promise<void> {
  for (let before = -1; before !== begun; ) {
    before = begun;
    // A turn of the event loop comes after all microtasks, and several cover what hops between them.
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    if (underWay === 0) continue;
    await new Promise<void>((resolve) => waiting.push(resolve));
    before = -1;
  }
}
