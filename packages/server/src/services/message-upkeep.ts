import { type Clock, sleep } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { MessageStore } from '../ports/store/message-store.ts';

export interface MessageUpkeepParts {
  readonly store: { readonly messages: MessageStore };
  readonly clock: Clock;
  readonly log: Log;
  readonly pauseMs?: number;
}

/** Ends single messages whose cache time is over, and forgets what has ended (device 6.3). Those of a task end with their run. */
export interface MessageUpkeep {
  /** The first look is at once: what ran out while the server was down must not be delivered. */
  start(): void;
  stop(): Promise<void>;
}

const defaultPauseMs = 5000;
/** Rows changed in one transaction. */
const stepMax = 200;
/** How long an ended message can still be looked up. */
const keptMs = 24 * 3_600_000;

export function createMessageUpkeep({
  store,
  clock,
  log,
  pauseMs = defaultPauseMs,
}: MessageUpkeepParts): MessageUpkeep {
  const stopping = new AbortController();
  const { signal } = stopping;
  let loop: Promise<void> | undefined;

  async function inSteps(step: () => Promise<number>): Promise<void> {
    let changed = stepMax;
    while (changed === stepMax && !signal.aborted) changed = await step();
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        await inSteps(() => store.messages.expire(clock.now(), stepMax));
        await inSteps(() => store.messages.purge(clock.now() - keptMs, stepMax));
      } catch (err) {
        log.error({ err }, 'messages could not be ended; it is tried again');
      }
      await sleep(clock, pauseMs, signal);
    }
  }

  return {
    start: () => {
      loop ??= run();
    },
    stop: async () => {
      stopping.abort();
      await loop;
    },
  };
}
