import type { Clock } from '../../ports/clock.ts';

/** How often something happened in the last 60 s, by key: exact, and nothing of a key is kept that has been quiet for so long. */
export interface LastMinute {
  /** 0: there is room for one more; else after how many ms there is. */
  waitMs(key: string): number;
  record(key: string): void;
}

export interface LastMinuteOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** In any 60 s; 0: without limit. */
  readonly perMinute: number;
  /** Keys that are remembered; beyond, the one that was quiet for longest is forgotten. */
  readonly keysMax: number;
}

const minuteMs = 60_000;

export function createLastMinute(options: LastMinuteOptions): LastMinute {
  return options.perMinute === 0 ? { waitMs: () => 0, record: () => {} } : new Windows(options);
}

class Windows implements LastMinute {
  readonly #options: LastMinuteOptions;
  /** In the order of the last happening. */
  readonly #times = new Map<string, TimeQueue>();

  constructor(options: LastMinuteOptions) {
    this.#options = options;
  }

  waitMs(key: string): number {
    const times = this.#times.get(key);
    if (times === undefined) return 0;
    const now = this.#options.clock.now();
    times.dropUntil(now - minuteMs);
    if (times.length < this.#options.perMinute) return 0;
    // The oldest has to leave; a clock that was set back does not make anybody wait for longer than a minute.
    return Math.min(minuteMs, Math.max(1, (times.oldest ?? now) + minuteMs - now));
  }

  record(key: string): void {
    const now = this.#options.clock.now();
    const times = this.#times.get(key) ?? new TimeQueue();
    this.#times.delete(key);
    times.dropUntil(now - minuteMs);
    times.push(now);
    this.#times.set(key, times);
    this.#forgetQuiet(now);
  }

  /** Two at a time are more than come: the map shrinks to what was busy in the last minute. */
  #forgetQuiet(now: number): void {
    for (let step = 0; step < 2; step++) {
      const [oldest] = this.#times;
      if (oldest === undefined) return;
      const [key, { newest = 0 }] = oldest;
      if (newest > now - minuteMs && this.#times.size <= this.#options.keysMax) return;
      this.#times.delete(key);
    }
  }
}

/** Times in their order; taking from the front costs nothing, however many there are. */
class TimeQueue {
  readonly #times: number[] = [];
  #first = 0;

  get length(): number {
    return this.#times.length - this.#first;
  }

  get oldest(): number | undefined {
    return this.#times[this.#first];
  }

  get newest(): number | undefined {
    return this.#times.at(-1);
  }

  push(time: number): void {
    this.#times.push(time);
  }

  /** Also what happened at that very time. */
  dropUntil(time: number): void {
    while (this.length > 0 && (this.oldest ?? 0) <= time) this.#first++;
    // At least half of it is behind us: moving the rest is paid for.
    if (this.#first * 2 >= this.#times.length) {
      this.#times.splice(0, this.#first);
      this.#first = 0;
    }
  }
}
