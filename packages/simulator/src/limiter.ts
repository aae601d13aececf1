/** Lets a bounded number of jobs run at once, the others in the order in which they came. */
export interface Limiter {
  /** Runs the job when there is room; an aborted signal takes it out of the queue and throws its reason. */
  run<T>(job: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** `limit` jobs at once. */
export function createLimiter(limit: number): Limiter {
  let running = 0;
  // A set keeps the order of arrival and drops an aborted waiter without a search.
  const waiting = new Set<() => void>();

  function next(): void {
    const [start] = waiting;
    if (start === undefined || running >= limit) return;
    waiting.delete(start);
    running += 1;
    start();
  }

  function enter(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        waiting.delete(start);
        reject(signal.reason);
      };
      const start = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      waiting.add(start);
      signal.addEventListener('abort', onAbort, { once: true });
      next();
    });
  }

  return {
    async run(job, signal) {
      signal.throwIfAborted();
      await enter(signal);
      try {
        return await job();
      } finally {
        running -= 1;
        next();
      }
    },
  };
}
