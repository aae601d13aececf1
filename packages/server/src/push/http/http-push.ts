import type { ActionId } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { PushProbe } from '../../ports/push-probe.ts';
import type { Random } from '../../ports/random.ts';
import type { OutboxStore } from '../../ports/store/push-store.ts';
import { type AllowedNetwork, createAddressGuard } from './address-guard.ts';
import { retryDelayMs } from '../back-off.ts';
import { createBacklogKeeper } from './backlog-keeper.ts';
import { createClaimLoop } from './claim-loop.ts';
import { createDelivery } from './create-delivery.ts';
import { type ClaimedItem, DeliveryLanes } from './delivery-lanes.ts';
import { createProbe } from './create-probe.ts';
import { createRulebook, type LegacyPushSettings, legacyRetryMs } from './delivery-rules.ts';
import { createOutcomeWriter } from './outcome-writer.ts';

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
  /** MUSTER_PUSH_CA: certificates (PEM) that vouch for receivers beside the public ones. */
  readonly ca?: readonly string[];
  /** v5 15.3: how long a receiver may take; absent 15 s. */
  readonly timeoutMs?: number;
  /** Legacy 9.1; absent: its defaults. */
  readonly legacy?: LegacyPushSettings;
  /** Deliveries at once to one receiver; absent 16. */
  readonly perActionMax?: number;
  /** Deliveries at once in total; absent 256. */
  readonly totalMax?: number;
  /** The outbox is looked at this often even if nobody gives a hint (other nodes write to it, too); absent 1 s. */
  readonly pollMs?: number;
  /** Outcomes, and looks after them, are gathered for so long at least; absent 10 ms. */
  readonly gatherMs?: number;
  /** How long deliveries in hand may go on at the stop; absent 5 s. */
  readonly stopGraceMs?: number;
}

/** Delivers the outbox to HTTP receivers (v5 15.3, legacy 9.1). */
export interface HttpPush {
  start(): void;
  /** Lets deliveries in hand end within the grace, gives the rest back; idempotent. */
  stop(): Promise<void>;
  /** There may be something new: look now. */
  nudge(): void;
  /** Works without a start, too: whoever has the API may try a receiver out. */
  readonly probe: PushProbe;
}

const queueMax = 512;
/** Long enough for a place in the queue and a delivery, or twice as long as that takes; a killed process's items come again after it. */
const leaseMinMs = 30_000;
const leaseMarginMs = 2000;

export function createHttpPush(parts: HttpPushParts): HttpPush {
  const { clock, random, log } = parts;
  const { outbox } = parts.store;
  const {
    timeoutMs = 15_000,
    perActionMax = 16,
    totalMax = 256,
    pollMs = 1000,
    stopGraceMs = 5000,
    ca = [],
    gatherMs = 10,
    legacy = {},
  } = parts.settings;
  const cutting = new AbortController();
  const isAllowed = createAddressGuard(parts.settings.allowPrivate);
  const rules = createRulebook({ ...parts, isAllowed, timeoutMs, ca, legacy, connectionsPerReceiver: perActionMax });
  const leaseMs = Math.max(leaseMinMs, 2 * Math.max(timeoutMs, rules.legacy.timeoutMs));
  const outcomes = createOutcomeWriter({
    ...{ outbox, clock, log, gatherMs },
    canWait: ({ actionId }) => actionId !== undefined && lanes.isBusy(actionId),
    onWritten: () => loop.nudge(),
  });
  const backlog = createBacklogKeeper({ ...parts, legacyAgeMs: legacy.retryMs ?? legacyRetryMs });
  const deliver = createDelivery({ ...parts, rules, outcomes, cut: cutting.signal });
  const lanes = new DeliveryLanes({
    windowMax: perActionMax,
    totalMax,
    queueMax,
    deliver: ({ item }) => deliver(item),
    isOurs: ({ item, leaseUntil }) => clock.now() + rules.of(item).timeoutMs + leaseMarginMs <= leaseUntil,
  });
  const giveBack = ({ item }: ClaimedItem, nextAt: number): void =>
    outcomes.write({ kind: 'returned', no: item.no, actionId: item.actionId, nextAt });
  const take = (claimed: ClaimedItem): void => {
    const place = lanes.offer(claimed);
    if (place === 'taken') return;
    // The longer a receiver fails, the longer waits what waits for it; what a slow one cannot take yet comes back sooner.
    const { receiver } = claimed.item;
    const waitMs =
      place === 'failing' ? retryDelayMs(lanes.failuresOf(receiver), random) : overflowMs(lanes.overflowOf(receiver));
    giveBack(claimed, clock.now() + waitMs);
  };
  const isBusy = (actionId: ActionId): boolean => lanes.isBusy(actionId);
  const loop = createClaimLoop({ outbox, clock, log, pollMs, gatherMs, leaseMs, isBusy, take });
  let stopped: Promise<void> | undefined;

  const stop = async (): Promise<void> => {
    const unsent = lanes.close();
    await loop.stop();
    for (const claimed of unsent) giveBack(claimed, clock.now());
    const cut = clock.setTimer(stopGraceMs, () => cutting.abort());
    await lanes.idle();
    cut.cancel();
    await outcomes.flush();
    await backlog.stop();
    await rules.close();
  };

  return {
    start: () => {
      if (stopped !== undefined) return;
      loop.start();
      backlog.start();
    },
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
    nudge: () => loop.nudge(),
    probe: createProbe(rules.v5.sender, clock, cutting.signal),
  };
}

/** The more is waiting, the longer each waits: so a large backlog costs few looks at each of its rows. */
function overflowMs(overflow: number): number {
  return Math.min(leaseMinMs, 1000 * (1 + Math.floor(overflow / 5000)));
}
