import { type Clock, sleep } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

export interface PeriodicJobParts {
  /** What is done, for the log: "unused package files are removed". */
  readonly what: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly everyMs: number;
  /** One bounded step; true: there may be more, so the next one follows at once. */
  step(): Promise<boolean>;
}

/** Upkeep at its own pace: owned, bounded, and never ended by a failure. */
export interface PeriodicJob {
  /** The first step is at once: what was due while the process was down is not left for later. Idempotent. */
  start(): void;
  /** Waits for the step in hand; idempotent. */
  stop(): Promise<void>;
}

export function createPeriodicJob(parts: PeriodicJobParts): PeriodicJob {
  const { clock, log, everyMs } = parts;
  const stopping = new AbortController();
  const { signal } = stopping;
  let loop: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        while (!signal.aborted && (await parts.step()));
      } catch (error) {
        log.error({ err: error, job: parts.what }, 'an upkeep job failed and is tried again');
      }
      await sleep(clock, everyMs, signal);
    }
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
