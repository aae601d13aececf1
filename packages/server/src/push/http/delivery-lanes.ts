import type { OutboxItem } from '../../ports/store/push-store.ts';

export interface ClaimedItem {
  readonly item: OutboxItem;
  /** Until then it is ours, ms since epoch. */
  readonly leaseUntil: number;
}

export interface LaneOptions {
  /** Deliveries at once to one action's receiver that answers well. */
  readonly windowMax: number;
  /** Deliveries at once in total. */
  readonly totalMax: number;
  /** Items that may wait here for one action. */
  readonly queueMax: number;
  /** True: delivered. Never rejects. */
  deliver(claimed: ClaimedItem): Promise<boolean>;
  /** An item's turn has come; false where its lease is (nearly) over, so that somebody else may have it. */
  isOurs(claimed: ClaimedItem): boolean;
}

export interface DeliveryLanes {
  /** `overflow`: its receiver is slower than what comes; `failing`: it does not answer at all, and enough of its items wait here. */
  offer(claimed: ClaimedItem): 'taken' | 'overflow' | 'failing';
  /** Begins nothing more; returns what was taken and has not been begun. */
  close(): readonly ClaimedItem[];
  /** Resolves when no delivery is under way. */
  idle(): Promise<void>;
  /** How many of the action's items found no place since it last had one. */
  overflowOf(actionId: string): number;
}

interface Lane {
  readonly queue: ClaimedItem[];
  underWay: number;
  /** How many deliveries may be under way: falls to one at a failure, grows by one with each success. */
  window: number;
  overflow: number;
}

const firstWindow = 4;
/** Lanes of failing receivers are remembered, so that they stay narrow; beyond so many they are forgotten as soon as they rest. */
const lanesMax = 10_000;

/**
 * Shares the deliveries out among the actions. A receiver that fails or hangs narrows its own lane to a single delivery: however much
 * waits for it, it takes no place that another could use.
 */
export function createDeliveryLanes(options: LaneOptions): DeliveryLanes {
  const lanes = new Map<string, Lane>();
  /** Those with something in the queue, the longest unserved first. */
  const ready = new Map<string, Lane>();
  let underWay = 0;
  let closed = false;
  let whenIdle: (() => void)[] = [];

  const laneOf = (actionId: string): Lane => {
    const fresh = { queue: [], underWay: 0, window: Math.min(firstWindow, options.windowMax), overflow: 0 };
    const lane = lanes.get(actionId) ?? fresh;
    lanes.set(actionId, lane);
    return lane;
  };

  /** One item per lane and round: a lane that was served comes back at the end, where this loop meets it again. */
  const pump = (): void => {
    for (const [actionId, lane] of ready) {
      if (closed || underWay >= options.totalMax) return;
      if (lane.underWay >= lane.window) continue;
      ready.delete(actionId);
      const next = takeOurs(lane);
      if (lane.queue.length > 0) ready.set(actionId, lane);
      if (next !== undefined) begin(lane, next);
    }
  };

  const takeOurs = (lane: Lane): ClaimedItem | undefined => {
    for (let next = lane.queue.shift(); next !== undefined; next = lane.queue.shift()) {
      lane.overflow = 0;
      if (options.isOurs(next)) return next;
    }
    return undefined;
  };

  const begin = (lane: Lane, claimed: ClaimedItem): void => {
    lane.underWay++;
    underWay++;
    void options.deliver(claimed).then((delivered) => {
      lane.underWay--;
      underWay--;
      lane.window = delivered ? Math.min(lane.window + 1, options.windowMax) : 1;
      forgetResting(claimed.item.actionId, lane);
      pump();
      if (underWay === 0) settleIdle();
    });
  };

  const forgetResting = (actionId: string, lane: Lane): void => {
    const rests = lane.underWay === 0 && lane.queue.length === 0;
    if (rests && (lane.window > 1 || lanes.size > lanesMax)) lanes.delete(actionId);
  };

  const settleIdle = (): void => {
    const waiting = whenIdle;
    whenIdle = [];
    for (const resolve of waiting) resolve();
  };

  return {
    offer: (claimed) => {
      const { actionId } = claimed.item;
      if (closed) return 'overflow';
      const lane = laneOf(actionId);
      const isFailing = lane.window === 1 && lane.underWay > 0;
      if (lane.queue.length >= (isFailing ? 1 : options.queueMax)) {
        lane.overflow++;
        return isFailing ? 'failing' : 'overflow';
      }
      lane.queue.push(claimed);
      ready.set(actionId, lane);
      pump();
      return 'taken';
    },
    close: () => {
      closed = true;
      return [...ready.values()].flatMap(({ queue }) => queue.splice(0));
    },
    idle: () => (underWay === 0 ? Promise.resolve() : new Promise((resolve) => whenIdle.push(resolve))),
    overflowOf: (actionId) => lanes.get(actionId)?.overflow ?? 0,
  };
}
