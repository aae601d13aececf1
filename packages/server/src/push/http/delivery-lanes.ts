import type { OutboxItem } from '../../ports/store/push-store.ts';

export interface ClaimedItem {
  readonly item: OutboxItem;
  /** Until then it is ours, ms since epoch. */
  readonly leaseUntil: number;
}

export interface LaneOptions {
  /** Deliveries at once to one receiver that answers well. */
  readonly windowMax: number;
  /** Deliveries at once in total. */
  readonly totalMax: number;
  /** Items that may wait here for one receiver. */
  readonly queueMax: number;
  /** True: delivered. Never rejects. */
  deliver(claimed: ClaimedItem): Promise<boolean>;
  /** An item's turn has come; false where its lease is (nearly) over, so that somebody else may have it. */
  isOurs(claimed: ClaimedItem): boolean;
}

interface Lane {
  readonly queue: ClaimedItem[];
  underWay: number;
  /** How many deliveries may be under way: halved by a failure, one more with each success. */
  window: number;
  /** Failures since the last success. */
  failures: number;
  /** Items that found no place since one last did. */
  overflow: number;
}

/** `overflow`: the receiver is slower than what comes; `failing`: it does not answer well, and enough of its items wait here. */
export type Place = 'taken' | 'overflow' | 'failing';

const firstWindow = 4;
/** One that fails now and then is not failing; three in a row are, and while one more is tried nothing else waits here. */
const failingFrom = 3;
const isFailing = ({ failures, underWay }: Lane): boolean => failures >= failingFrom && underWay > 0;
/** Lanes of failing receivers are remembered, so that they stay narrow; beyond so many they are forgotten as soon as they rest. */
const lanesMax = 10_000;

/**
 * Shares the deliveries out among the receivers. One that fails or hangs narrows its own lane, in the end to a single
 * delivery: however much waits for it, it takes no place that another could use.
 */
export class DeliveryLanes {
  readonly #options: LaneOptions;
  readonly #lanes = new Map<string, Lane>();
  /** Those with something in the queue, the longest unserved first. */
  readonly #ready = new Map<string, Lane>();
  #underWay = 0;
  #closed = false;
  #whenIdle: (() => void)[] = [];

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  offer(claimed: ClaimedItem): Place {
    const { receiver } = claimed.item;
    if (this.#closed) return 'overflow';
    const lane = this.#laneOf(receiver);
    const failing = isFailing(lane);
    if (lane.queue.length >= (failing ? 1 : this.#options.queueMax)) {
      lane.overflow++;
      return failing ? 'failing' : 'overflow';
    }
    lane.queue.push(claimed);
    this.#ready.set(receiver, lane);
    this.#pump();
    return 'taken';
  }

  /** Begins nothing more; returns what was taken and has not been begun. */
  close(): readonly ClaimedItem[] {
    this.#closed = true;
    return [...this.#ready.values()].flatMap(({ queue }) => queue.splice(0));
  }

  /** Resolves when no delivery is under way. */
  idle(): Promise<void> {
    return this.#underWay === 0 ? Promise.resolve() : new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  /** The receiver does not keep up with what is here already, or does not answer well. */
  isBusy(receiver: string): boolean {
    const lane = this.#lanes.get(receiver);
    return lane !== undefined && (lane.queue.length > 0 || isFailing(lane));
  }

  /** How many of the receiver's items found no place since it last had one. */
  overflowOf(receiver: string): number {
    return this.#lanes.get(receiver)?.overflow ?? 0;
  }

  /** How often the receiver has failed since it last took something. */
  failuresOf(receiver: string): number {
    return this.#lanes.get(receiver)?.failures ?? 0;
  }

  #laneOf(receiver: string): Lane {
    const window = Math.min(firstWindow, this.#options.windowMax);
    const fresh = { queue: [], underWay: 0, window, failures: 0, overflow: 0 };
    const lane = this.#lanes.get(receiver) ?? fresh;
    this.#lanes.set(receiver, lane);
    return lane;
  }

  /** One item per lane and round: a lane that was served comes back at the end, where this loop meets it again. */
  #pump(): void {
    for (const [receiver, lane] of this.#ready) {
      if (this.#closed || this.#underWay >= this.#options.totalMax) return;
      if (lane.underWay >= lane.window) continue;
      this.#ready.delete(receiver);
      const next = this.#takeOurs(lane);
      if (lane.queue.length > 0) this.#ready.set(receiver, lane);
      if (next !== undefined) this.#begin(lane, next);
    }
  }

  #takeOurs(lane: Lane): ClaimedItem | undefined {
    for (let next = lane.queue.shift(); next !== undefined; next = lane.queue.shift()) {
      lane.overflow = 0;
      if (this.#options.isOurs(next)) return next;
    }
    return undefined;
  }

  #begin(lane: Lane, claimed: ClaimedItem): void {
    lane.underWay++;
    this.#underWay++;
    void this.#options.deliver(claimed).then((delivered) => {
      lane.underWay--;
      this.#underWay--;
      lane.window = delivered ? Math.min(lane.window + 1, this.#options.windowMax) : Math.max(1, lane.window >> 1);
      lane.failures = delivered ? 0 : lane.failures + 1;
      this.#forgetResting(claimed.item.receiver, lane);
      this.#pump();
      if (this.#underWay === 0) this.#settleIdle();
    });
  }

  #forgetResting(receiver: string, lane: Lane): void {
    const rests = lane.underWay === 0 && lane.queue.length === 0;
    if (rests && (lane.failures === 0 || this.#lanes.size > lanesMax)) this.#lanes.delete(receiver);
  }

  #settleIdle(): void {
    const waiting = this.#whenIdle;
    this.#whenIdle = [];
    for (const resolve of waiting) resolve();
  }
}
