/**
 * What the SQL of a rule may cost: a step is a part of it that is worked out, or a character that is looked at or made. Rules run where
 * changes are made, so that one which never came to an end would hold up everybody.
 */
export class Steps {
  #left: number;

  constructor(count: number) {
    this.#left = count;
  }

  /** False: there are not so many left, and never will be; what wanted them is unknown. */
  take(count: number): boolean {
    this.#left = this.#left < count ? 0 : this.#left - count;
    return this.#left > 0;
  }

  get areUsedUp(): boolean {
    return this.#left <= 0;
  }
}
