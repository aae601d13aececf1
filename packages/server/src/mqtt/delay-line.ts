import type { Clock, Timer } from '../ports/clock.ts';

/** Runs something for each item one fixed delay after it was added: one timer for all of them, whatever their number. */
export class DelayLine<Item> {
  readonly #clock: Clock;
  readonly #delayMs: number;
  readonly #run: (item: Item) => void;
  #items: { readonly item: Item; readonly dueMs: number }[] = [];
  #timer: Timer | undefined;

  constructor(clock: Clock, delayMs: number, run: (item: Item) => void) {
    this.#clock = clock;
    this.#delayMs = delayMs;
    this.#run = run;
  }

  add(item: Item): void {
    this.#items.push({ item, dueMs: this.#clock.now() + this.#delayMs });
    this.#timer ??= this.#clock.setTimer(this.#delayMs, () => this.#tick());
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#items = [];
  }

  #tick(): void {
    this.#timer = undefined;
    const now = this.#clock.now();
    const firstLater = this.#items.findIndex(({ dueMs }) => dueMs > now);
    const due = this.#items.splice(0, firstLater < 0 ? this.#items.length : firstLater);
    for (const { item } of due) this.#run(item);
    const [next] = this.#items;
    if (next) this.#timer ??= this.#clock.setTimer(Math.max(1, next.dueMs - now), () => this.#tick());
  }
}
