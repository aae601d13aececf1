import { isMatch } from './topics.ts';

/** The granted filters of one session. Few and rarely asked, so a downlink walks them all. */
export class Subscriptions {
  readonly #exact = new Map<string, 0 | 1>();
  readonly #wild = new Map<string, 0 | 1>();

  get size(): number {
    return this.#exact.size + this.#wild.size;
  }

  has(filter: string): boolean {
    return this.#exact.has(filter) || this.#wild.has(filter);
  }

  set(filter: string, qos: 0 | 1): void {
    (/[+#]/u.test(filter) ? this.#wild : this.#exact).set(filter, qos);
  }

  delete(filter: string): void {
    this.#exact.delete(filter);
    this.#wild.delete(filter);
  }

  /** The highest granted QoS of the filters that match; undefined if none does. */
  qosOf(topic: string): 0 | 1 | undefined {
    let best = this.#exact.get(topic);
    for (const [filter, qos] of this.#wild) {
      if (best === 1) break;
      if ((best === undefined || qos > best) && isMatch(filter, topic)) best = qos;
    }
    return best;
  }
}
