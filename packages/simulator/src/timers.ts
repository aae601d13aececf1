/** Delayed work of a whole fleet that can be dropped at once. */
export interface Timers {
  /** Calls back later, or now if there is nothing to wait for. */
  after(delayMs: number, callback: () => void): void;
  /** Drops what has not come due; later calls are ignored. */
  close(): void;
}

/** Timers that know each other; an idle device holds none. */
export function createTimers(): Timers {
  const pending = new Set<NodeJS.Timeout>();
  let closed = false;
  return {
    after(delayMs, callback) {
      if (closed) return;
      if (delayMs <= 0) return callback();
      const timer = setTimeout(() => {
        pending.delete(timer);
        callback();
      }, delayMs);
      pending.add(timer);
    },
    close() {
      closed = true;
      for (const timer of pending) clearTimeout(timer);
      pending.clear();
    },
  };
}
