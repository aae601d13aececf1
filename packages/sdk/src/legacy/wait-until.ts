import { sleep } from '../sleep.ts';
import type { LegacyCallOptions } from './legacy-api.ts';

/** How to wait. */
export interface WaitOptions<Shown> extends LegacyCallOptions {
  /** Told of each look. */
  readonly onProgress?: ((shown: Shown) => void) | undefined;
  /** Pause between two looks. Default 2000. */
  readonly pollMs?: number | undefined;
}

const POLL_MS = 2000;

/** Looks again and again: this API pushes nothing when a task ends. Aborted: throws the signal's reason; the task goes on. */
export async function waitUntil<Shown>(
  look: (options: LegacyCallOptions) => Promise<Shown>,
  isFinal: (shown: Shown) => boolean,
  { onProgress, pollMs = POLL_MS, ...options }: WaitOptions<Shown> = {},
): Promise<Shown> {
  for (;;) {
    const shown = await look(options);
    onProgress?.(shown);
    if (isFinal(shown)) return shown;
    await sleep(pollMs, options.signal);
  }
}
