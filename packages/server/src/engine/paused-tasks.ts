import type { TaskNo } from '../domain/task.ts';

/** Tasks whose turn has failed and that are left alone for a while, so that they keep no other from its own. */
export class PausedTasks {
  readonly #until = new Map<TaskNo, number>();

  pause(taskNo: TaskNo, until: number): void {
    this.#until.set(taskNo, until);
  }

  has(taskNo: TaskNo): boolean {
    return this.#until.has(taskNo);
  }

  /** Lets those go on whose time is over. */
  release(now: number): void {
    for (const [taskNo, until] of this.#until) if (until <= now) this.#until.delete(taskNo);
  }

  /** How long the first of them still rests, ms; 0: none does. */
  restMs(now: number): number {
    return this.#until.size === 0 ? 0 : Math.max(0, Math.min(...this.#until.values()) - now);
  }
}
