import { setTimeout as delay } from 'node:timers/promises';

/** Waits; throws the signal's reason as soon as it is aborted. Zero and less do not wait at all. */
export async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (delayMs <= 0) return;
  await delay(delayMs, undefined, { signal }).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : error;
  });
}
