import { sleep } from '../ports/clock.ts';
import type { EngineParts } from './engine.ts';

export interface RetentionSettings {
  /** How long a finished task is kept; 0: for ever (v5 13.1, T12). */
  readonly taskRetentionMs: number;
  readonly everyMs: number;
}

export interface Retention {
  start(): void;
  stop(): Promise<void>;
}

/** Rows taken away in one transaction: small enough that nothing waits for it. */
const stepRows = 2000;
const tasksPerStep = 20;

/** Takes away in small steps what nobody needs any more: rows of deleted tasks, tasks past their retention, expired keys and grants. */
export function createRetention(
  parts: Pick<EngineParts, 'store' | 'clock' | 'log'>,
  settings: RetentionSettings,
): Retention {
  const { store, clock, log } = parts;
  const stopping = new AbortController();
  let loop: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        while (!stopping.signal.aborted && (await step()));
      } catch (error) {
        log.error({ error }, 'old rows could not be taken away; tried again later');
      }
      await sleep(clock, settings.everyMs, stopping.signal);
    }
  }

  /** True: there may be more. */
  async function step(): Promise<boolean> {
    const now = clock.now();
    const { taskRetentionMs } = settings;
    const deleted = taskRetentionMs > 0 ? await store.tasks.deleteFinished(now - taskRetentionMs, tasksPerStep) : 0;
    const purged = await store.tasks.purge(stepRows);
    const expired = await store.tasks.purgeExpired(now, stepRows);
    return deleted > 0 || purged || expired > 0;
  }

  return {
    start() {
      loop ??= run();
    },
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}
