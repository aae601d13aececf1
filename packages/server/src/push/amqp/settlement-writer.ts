import { type Clock, sleep } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Holder, QueueMessageStore, Settlement } from '../../ports/store/queue-store.ts';

export interface WriterParts {
  readonly messages: QueueMessageStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Messages are free that were not. */
  onFreed(): void;
}

/** Writes what consumers did: what comes within some ms shares a transaction. Nothing is given up while the store is away. */
export interface SettlementWriter {
  settle(settlement: Settlement, onWritten?: () => void): void;
  /** After everything that was settled before: what the holder still has is free. */
  release(holder: Holder): void;
  /** Resolves when everything is written, or could not be until the time is over: the node's end frees it then. */
  stop(withinMs: number): Promise<void>;
}

interface Pending {
  readonly settlement: Settlement;
  readonly onWritten: (() => void) | undefined;
}

const gatherMs = 5;
const batchMax = 5000;
const pauseAfterErrorMs = 1000;

export function createSettlementWriter({ messages, clock, log, onFreed }: WriterParts): SettlementWriter {
  const settlements: Pending[] = [];
  const releases: Holder[] = [];
  let running: Promise<void> | undefined;
  const giveUp = new AbortController();
  const hurry = new AbortController();

  async function writeSome(): Promise<void> {
    const batch = settlements.slice(0, batchMax);
    const outcomes = batch.map(({ settlement }) => settlement);
    if (batch.length > 0) await messages.settle(outcomes, clock.now());
    settlements.splice(0, batch.length);
    for (const { onWritten } of batch) onWritten?.();
    const [next] = releases;
    if (outcomes.some(({ kind }) => kind === 'released')) onFreed();
    // What the same holder has settled must be written before.
    if (settlements.length > 0 || next === undefined) return;
    await messages.release(next);
    releases.shift();
    onFreed();
  }

  async function run(): Promise<void> {
    await sleep(clock, gatherMs, hurry.signal);
    while (settlements.length + releases.length > 0 && !giveUp.signal.aborted) {
      try {
        await writeSome();
      } catch (error) {
        log.error({ err: error }, 'what consumers did with messages could not be written; it is tried again');
        await sleep(clock, pauseAfterErrorMs, giveUp.signal);
      }
    }
    running = undefined;
  }

  const soon = (): void => {
    running ??= run();
  };
  return {
    settle(settlement, onWritten) {
      settlements.push({ settlement, onWritten });
      soon();
    },
    release(holder) {
      releases.push(holder);
      soon();
    },
    async stop(withinMs) {
      hurry.abort();
      const timer = clock.setTimer(withinMs, () => giveUp.abort());
      await running;
      timer.cancel();
    },
  };
}
