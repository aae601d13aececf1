import { Problem } from '../../domain/problem.ts';
import { isFinalTask } from '../../domain/task-state.ts';
import type { Task } from '../../domain/task.ts';
import { type Clock, sleep } from '../../ports/clock.ts';
import { type TaskView, viewOf } from './task-view.ts';

/** v5 11.6: at most one change a second, the newest wins. */
const pollMs = 1000;
/** A word at least this often, so that nobody on the way takes the stream for dead. */
const idleMs = 15_000;
/** Then a client must come again and prove anew who it is: rights that were taken away end here, too. */
const streamLifeMs = 3_600_000;

export type TaskSignal =
  | { readonly kind: 'progress'; readonly view: TaskView }
  /** The final state; nothing follows. */
  | { readonly kind: 'end'; readonly view: TaskView }
  /** Nothing changed for a while. */
  | { readonly kind: 'idle' };

export interface WatchOptions {
  /** The revision that the client saw last. */
  readonly lastRevision: number | undefined;
  /** The client is gone, or the server stops. */
  readonly signal: AbortSignal;
}

export interface WatchParts {
  readonly clock: Clock;
  /** The task as it is now; undefined: it was deleted. */
  read(): Promise<Task | undefined>;
}

/**
 * What happens to a task from `first` on. Looks once a second, and only while somebody takes what it yields: a slow client gets fewer,
 * newer snapshots, never a queue of them. Ends with the task, with its deletion,
 * with the signal, or after an hour.
 */
export async function* watchTask(
  { clock, read }: WatchParts,
  first: Task,
  { lastRevision, signal }: WatchOptions,
): AsyncGenerator<TaskSignal, void> {
  let shown = first.revision === lastRevision ? first : undefined;
  // The client has everything: it hears at once that the stream stands.
  if (shown !== undefined) yield { kind: 'idle' };
  const endsAt = clock.now() + streamLifeMs;
  let spokenAt = clock.now();
  for (let task: Task | undefined = first; task !== undefined && !signal.aborted; task = await read()) {
    if (hasChanged(shown, task)) {
      yield { kind: 'progress', view: viewOf(task) };
      spokenAt = clock.now();
    } else if (clock.now() - spokenAt >= idleMs) {
      yield { kind: 'idle' };
      spokenAt = clock.now();
    }
    shown = task;
    if (isFinalTask(task.status)) {
      yield { kind: 'end', view: viewOf(task) };
      return;
    }
    if (clock.now() >= endsAt) return;
    await sleep(clock, pollMs, signal);
  }
}

// A revision is a change; the status is compared, too, so that a change without a new revision would still be told.
const hasChanged = (shown: Task | undefined, task: Task): boolean =>
  shown === undefined || shown.revision !== task.revision || shown.status !== task.status;

/** A bound on what may be open at one time: each stream holds a connection and a look a second. */
export class StreamSlots {
  readonly #max: number;
  #taken = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** Takes a slot until the signal aborts or the returned function is called. Problems: rateLimited. */
  take(signal: AbortSignal): () => void {
    if (this.#taken >= this.#max) throw new Problem('rateLimited');
    this.#taken++;
    let held = true;
    const release = (): void => {
      if (!held) return;
      held = false;
      this.#taken--;
      signal.removeEventListener('abort', release);
    };
    if (signal.aborted) release();
    else signal.addEventListener('abort', release);
    return release;
  }
}
