import { type Clock, sleep } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Random } from '../../ports/random.ts';
import type { OutboxItem, OutboxStore } from '../../ports/store/push-store.ts';
import { type AllowedNetwork, createAddressGuard } from './address-guard.ts';
import { retryDelayMs } from './back-off.ts';
import { createBacklogKeeper } from './backlog-keeper.ts';
import { type ClaimedItem, createDeliveryLanes } from './delivery-lanes.ts';
import { createHttpSender } from './http-sender.ts';
import { type Postponed, createOutcomeWriter } from './outcome-writer.ts';

export interface HttpPushParts {
  readonly store: { readonly outbox: OutboxStore };
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly settings: HttpPushSettings;
}

export interface HttpPushSettings {
  /** MUSTER_PUSH_ALLOW_PRIVATE. */
  readonly allowPrivate: readonly AllowedNetwork[];
  /** v5 15.3: how long a receiver may take; absent 15 s. */
  readonly timeoutMs?: number;
  /** Deliveries at once to one action; absent 16. */
  readonly perActionMax?: number;
  /** Deliveries at once in total; absent 256. */
  readonly totalMax?: number;
  /** The outbox is looked at this often even if nobody gives a hint (other nodes write to it, too); absent 1 s. */
  readonly pollMs?: number;
  /** How long deliveries in hand may go on at the stop; absent 5 s. */
  readonly stopGraceMs?: number;
}

/** Delivers the outbox to HTTP receivers (v5 15.3). */
export interface HttpPush {
  start(): void;
  /** Lets deliveries in hand end within the grace, gives the rest back; idempotent. */
  stop(): Promise<void>;
  /** There may be something new: look now. */
  nudge(): void;
}

const claimMax = 256;
const queueMax = 512;
/** Long enough for a place in the queue and a delivery; a killed process's items come again after it. */
const leaseMs = 60_000;
const leaseMarginMs = 2000;
const pauseAfterErrorMs = 1000;
/** Two looks at the outbox are never closer than this without a nudge. */
const restMinMs = 20;
/** Failing receivers that are remembered, so that each is logged once. */
const failingMax = 10_000;

export function createHttpPush(parts: HttpPushParts): HttpPush {
  const { store, clock, random, log, metrics } = parts;
  const { timeoutMs = 15_000, perActionMax = 16, totalMax = 256, pollMs = 1000, stopGraceMs = 5000 } = parts.settings;
  const stopping = new AbortController();
  const cutting = new AbortController();
  const isAllowed = createAddressGuard(parts.settings.allowPrivate);
  const sender = createHttpSender({ clock, random, isAllowed, timeoutMs, connectionsPerReceiver: perActionMax });
  const outcomes = createOutcomeWriter(store.outbox, log);
  const backlog = createBacklogKeeper(parts);
  const lanes = createDeliveryLanes({
    windowMax: perActionMax,
    totalMax,
    queueMax,
    deliver,
    isOurs: ({ leaseUntil }) => clock.now() + timeoutMs + leaseMarginMs <= leaseUntil,
  });
  const failing = new Set<string>();
  let running: Promise<void> | undefined;
  let stopped: Promise<void> | undefined;
  let wake = new AbortController();
  let nudged = false;

  function nudge(): void {
    nudged = true;
    wake.abort();
  }

  async function deliver({ item }: ClaimedItem): Promise<boolean> {
    try {
      await sender.send(item, cutting.signal);
    } catch (error) {
      await outcomes.postponed(afterFailure(item, error));
      nudge();
      return false;
    }
    metrics.count('push_deliveries_total', { outcome: 'delivered' });
    if (failing.delete(item.actionId)) log.info({ actionId: item.actionId }, 'a receiver takes notifications again');
    await outcomes.delivered(item.no);
    // Its successor, if it has one, is due now.
    nudge();
    return true;
  }

  function afterFailure({ no, actionId, attempts }: OutboxItem, error: unknown): Postponed {
    const now = clock.now();
    // Cut off by our own stop: not the receiver's failure.
    if (cutting.signal.aborted) return { no, at: now, error: undefined };
    const reason = sentenceOf(error);
    metrics.count('push_deliveries_total', { outcome: 'failed' });
    // Once per receiver that turns bad, not once per item of its backlog.
    if (!failing.has(actionId)) log.warn({ actionId, reason }, 'a receiver does not take notifications');
    if (failing.size < failingMax) failing.add(actionId);
    return { no, at: now + retryDelayMs(attempts, random), error: reason };
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      nudged = false;
      wake = new AbortController();
      try {
        const more = await claim();
        if (!more && !nudged) await rest();
      } catch (error) {
        log.error({ err: error }, 'the outbox could not be read; it is tried again');
        await sleep(clock, pauseAfterErrorMs, stopping.signal);
      }
    }
  }

  /** True: there may be more that is due. */
  async function claim(): Promise<boolean> {
    const now = clock.now();
    const leaseUntil = now + leaseMs;
    const items = await store.outbox.claim(now, { limit: claimMax, leaseUntil });
    for (const item of items) {
      const place = lanes.offer({ item, leaseUntil });
      // What waits for a receiver that fails waits for its lease to end; what a slow one cannot take yet comes back sooner.
      if (place === 'overflow')
        void outcomes.postponed({ no: item.no, at: now + overflowMs(item.actionId), error: undefined });
    }
    return items.length === claimMax;
  }

  /** The more is waiting, the longer each waits: so a large backlog costs few looks at each of its rows. */
  function overflowMs(actionId: string): number {
    return Math.min(leaseMs, 1000 * (1 + Math.floor(lanes.overflowOf(actionId) / 5000)));
  }

  async function rest(): Promise<void> {
    const at = await store.outbox.nextWake();
    const delayMs = Math.min(pollMs, Math.max(restMinMs, (at ?? Number.POSITIVE_INFINITY) - clock.now()));
    if (!nudged) await sleep(clock, delayMs, wake.signal);
  }

  async function stop(): Promise<void> {
    stopping.abort();
    const givenBack = lanes.close();
    nudge();
    await running;
    const at = clock.now();
    await Promise.all(givenBack.map(({ item }) => outcomes.postponed({ no: item.no, at, error: undefined })));
    const cut = clock.setTimer(stopGraceMs, () => cutting.abort());
    await lanes.idle();
    cut.cancel();
    await backlog.stop();
    await sender.close();
  }

  return {
    start: () => {
      if (running !== undefined || stopped !== undefined) return;
      running = run();
      backlog.start();
    },
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
    nudge,
  };
}

const sentenceMax = 200;

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Unknown error.';
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code}: ` : '';
  return `${code}${error.message || error.name}`.slice(0, sentenceMax);
}
