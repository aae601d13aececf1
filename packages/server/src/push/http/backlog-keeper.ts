import { type Clock, sleep } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { OutboxStore } from '../../ports/store/push-store.ts';

export interface BacklogParts {
  readonly store: { readonly outbox: OutboxStore };
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

export interface BacklogKeeper {
  start(): void;
  stop(): Promise<void>;
}

/** v5 15.4: the limits of a project without a backlog policy. */
const bytesMax = 1_073_741_823;
const ageMsMax = 86_399_000;
const everyMs = 30_000;

/** Keeps the backlog within its limits, the oldest going first, and tells how long it is. */
export function createBacklogKeeper({ store, clock, log, metrics }: BacklogParts): BacklogKeeper {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  let size = 0;
  metrics.gauge('push_backlog', () => size);

  const keep = async (): Promise<void> => {
    try {
      const dropped = await store.outbox.trim({ bytesMax, createdBefore: clock.now() - ageMsMax });
      if (dropped > 0) {
        metrics.count('push_dropped_total', {}, dropped);
        log.warn({ dropped }, 'notifications were dropped: their receivers did not take them in time');
      }
      size = await store.outbox.size();
    } catch (error) {
      log.error({ err: error }, 'the backlog of notifications could not be trimmed');
    }
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await keep();
      await sleep(clock, everyMs, stopping.signal);
    }
  };
  return {
    start: () => {
      running ??= run();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
