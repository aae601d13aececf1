import { type Clock, sleep } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { PackageStore } from '../ports/package-store.ts';
import type { PackageMetaStore } from '../ports/store/catalogue-stores.ts';

export interface PackageSweeperParts {
  readonly store: { readonly packages: PackageMetaStore };
  readonly files: PackageStore;
  readonly clock: Clock;
  readonly log: Log;
  /** v5 10: how long an uploaded file waits for its package. */
  readonly unusedLifeMs?: number;
  readonly everyMs?: number;
}

export interface PackageSweeper {
  start(): void;
  /** Waits for a removal under way; idempotent. */
  stop(): Promise<void>;
}

const dayMs = 24 * 3_600_000;
const hourMs = 3_600_000;
const stepMax = 100;

/** Removes uploaded files that no package took. */
export function createPackageSweeper(parts: PackageSweeperParts): PackageSweeper {
  const { clock, log, everyMs = hourMs } = parts;
  let stopping: AbortController | undefined;
  let running: Promise<void> = Promise.resolve();
  const run = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      try {
        const removed = await sweepUnusedFiles(parts, signal);
        if (removed > 0) log.info({ removed }, 'unused package files removed');
      } catch (error) {
        log.error({ err: error }, 'unused package files could not be removed');
      }
      await sleep(clock, everyMs, signal);
    }
  };
  return {
    start: () => {
      if (stopping !== undefined) return;
      stopping = new AbortController();
      running = run(stopping.signal);
    },
    stop: async () => {
      stopping?.abort();
      await running;
      stopping = undefined;
    },
  };
}

async function sweepUnusedFiles(parts: PackageSweeperParts, signal: AbortSignal): Promise<number> {
  const { store, files, clock, unusedLifeMs = dayMs } = parts;
  for (let removed = 0; ; ) {
    const taken = await store.packages.takeStaleFiles(clock.now() - unusedLifeMs, stepMax);
    for (const fileId of taken) await files.delete(fileId);
    removed += taken.length;
    if (taken.length < stepMax || signal.aborted) return removed;
  }
}
