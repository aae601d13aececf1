import { type Clock, sleep } from './clock.ts';
import type { Log } from './log.ts';

export interface PeriodicJobParts {
  /** What is done, for the log: "unused package files are removed". */
  readonly what: string;
  readonly clock: Clock;
  readonly log: Log;
  /** The longest pause between two looks. */
  readonly everyMs: number;
  /** One bounded step; true: there may be more, so the next one follows at once. */
  step(): Promise<boolean>;
  /** In how many ms the next step has something to do, if that is known and may be sooner than `everyMs`. */
  dueInMs?(): Promise<number | undefined>;
}

/** Upkeep at its own pace: owned, bounded, and never ended by a failure. */
export interface PeriodicJob {
  /** The first step is at once: what was due while the process was down is not left for later. Idempotent. */
  start(): void;
  /** Waits for the step in hand; idempotent. */
  stop(): Promise<void>;
  /** There may be something to do: the next step need not wait for its time. */
  nudge(): void;
}

/** Whatever a job says is due, it does not keep the process busy. */
const pauseMinMs = 20;

export function createPeriodicJob(parts: PeriodicJobParts): PeriodicJob {
  const { clock, log, everyMs } = parts;
  const stopping = new AbortController();
  const { signal } = stopping;
  let loop: Promise<void> | undefined;
  let wake = new AbortController();

  /** Works until nothing is left, and answers how long to rest. */
  async function workOff(): Promise<number> {
    while (!signal.aborted && (await parts.step()));
    const dueInMs = (await parts.dueInMs?.()) ?? everyMs;
    return Math.min(everyMs, Math.max(pauseMinMs, dueInMs));
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      wake = new AbortController();
      let pauseMs = everyMs;
      try {
        pauseMs = await workOff();
      } catch (error) {
        log.error({ err: error, job: parts.what }, 'an upkeep job failed and is tried again');
      }
      await sleep(clock, pauseMs, AbortSignal.any([signal, wake.signal]));
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
    nudge() {
      // Many come in a row, and each abort would make an error with its stack.
      if (!wake.signal.aborted) wake.abort();
    },
  };
}
