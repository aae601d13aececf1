import type { ActionId } from '../../domain/ids.ts';
import { type Clock, sleep } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { OutboxStore } from '../../ports/store/push-store.ts';
import type { ClaimedItem } from './delivery-lanes.ts';

export interface ClaimLoopParts {
  readonly outbox: OutboxStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly pollMs: number;
  /** Hints that come right after a look are gathered for so long. */
  readonly gatherMs: number;
  readonly leaseMs: number;
  /** The action has enough in hand. */
  isBusy(actionId: ActionId): boolean;
  /** Takes an item over, or gives it back. */
  take(claimed: ClaimedItem): void;
}

export interface ClaimLoop {
  start(): void;
  /** Nothing is claimed any more when it resolves. */
  stop(): Promise<void>;
  /** There may be something due: look now. */
  nudge(): void;
}

const claimMax = 256;
const pauseAfterErrorMs = 1000;
/** Two looks at the outbox are never closer than this without a nudge. */
const restMinMs = 20;

/** Claims whatever is due, and sleeps until the next is, somebody gives a hint, or it is time to look anyway. */
export function createClaimLoop(parts: ClaimLoopParts): ClaimLoop {
  const { outbox, clock, log, pollMs, gatherMs, leaseMs } = parts;
  let stopping = false;
  let running: Promise<void> | undefined;
  let wake = new AbortController();
  let nudged = false;
  const stopped = new AbortController();

  const nudge = (): void => {
    nudged = true;
    if (!wake.signal.aborted) wake.abort();
  };

  /** True: there may be more that is due. */
  const claim = async (): Promise<boolean> => {
    const now = clock.now();
    const leaseUntil = now + leaseMs;
    const items = await outbox.claim(now, { limit: claimMax, leaseUntil, isBusy: parts.isBusy });
    for (const item of items) parts.take({ item, leaseUntil });
    return items.length >= claimMax;
  };

  const rest = async (): Promise<void> => {
    const at = await outbox.nextWake();
    const untilNextMs = (at ?? Number.POSITIVE_INFINITY) - clock.now();
    if (!nudged) await sleep(clock, Math.min(pollMs, Math.max(restMinMs, untilNextMs)), wake.signal);
  };

  /** Each look is a transaction, and deliveries that end together all give a hint. */
  const gather = async (): Promise<void> => {
    if (gatherMs > 0) await sleep(clock, gatherMs, stopped.signal);
  };

  const run = async (): Promise<void> => {
    while (!stopping) {
      nudged = false;
      wake = new AbortController();
      try {
        const more = await claim();
        if (more || stopping) continue;
        if (nudged) await gather();
        else await rest();
      } catch (error) {
        log.error({ err: error }, 'the outbox could not be read; it is tried again');
        if (!stopping) await sleep(clock, pauseAfterErrorMs, wake.signal);
      }
    }
  };

  return {
    start: () => {
      running ??= run();
    },
    stop: async () => {
      stopping = true;
      stopped.abort();
      nudge();
      await running;
    },
    nudge,
  };
}
