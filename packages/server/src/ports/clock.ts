/** Time, the only one there is (invariant 7): real in system/, driven by hand in simulations. */
export interface Clock {
  /** ms since epoch, UTC. */
  now(): number;
  /** Runs once after `delayMs`; the owner cancels it when it stops. */
  setTimer(delayMs: number, run: () => void): Timer;
}

export interface Timer {
  cancel(): void;
}

/** Resolves after `delayMs`, or at once when `signal` aborts. Never rejects. */
export function sleep(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = (): void => {
      timer.cancel();
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = clock.setTimer(delayMs, finish);
    signal.addEventListener('abort', finish);
  });
}
