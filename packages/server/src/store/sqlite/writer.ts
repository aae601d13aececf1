import type { Program } from '../sql/program.ts';
import type { Connection } from './connection.ts';

interface Job {
  readonly run: () => void;
  /** Called once the group's commit is known: undefined = durable. */
  readonly finish: (commitError: unknown) => void;
}

/**
 * More in one group would hold the event loop too long (design 5: about 20 ms). Jobs differ a thousandfold in size, so that rows are what
 * counts: a group takes no further job once so many were read or changed.
 */
const jobsPerCommit = 256;
const rowsPerCommit = 3000;
/** Beyond this, callers are told to come back: a queue without a limit is a leak. */
const queueMax = 100_000;

/**
 * Group commit: what is asked for in one turn of the event loop shares one transaction and one fsync. Every job stands in its own
 * savepoint, so one that fails takes nothing else with it. Promises resolve after the commit, in order of asking.
 */
export class Writer {
  readonly #connection: Connection;
  readonly #onCommit: () => void;
  #queue: Job[] = [];
  #scheduled = false;
  #stopped = false;
  #idle: (() => void) | undefined;

  /** `onCommit`: called after every commit. */
  constructor(connection: Connection, onCommit: () => void) {
    this.#connection = connection;
    this.#onCommit = onCommit;
  }

  write<Value>(program: () => Program<Value>): Promise<Value> {
    if (this.#stopped) return Promise.reject(new Error('The store is stopped.'));
    if (this.#queue.length >= queueMax) return Promise.reject(new Error('The store has too many writes waiting.'));
    return new Promise<Value>((resolve, reject) => {
      this.#queue.push(this.#jobOf(program, resolve, reject));
      this.#schedule();
    });
  }

  /** Resolves when everything asked for so far is done; later writes are refused. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#queue.length === 0 && !this.#scheduled) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
  }

  #jobOf<Value>(program: () => Program<Value>, resolve: (value: Value) => void, reject: (error: unknown) => void): Job {
    let outcome: { value: Value } | { error: unknown } | undefined;
    return {
      run: () => {
        outcome = this.#inSavepoint(program);
      },
      finish: (commitError) => {
        if (commitError !== undefined) reject(commitError);
        else if (outcome === undefined) reject(new Error('The write was not run.'));
        else if ('error' in outcome) reject(outcome.error);
        else resolve(outcome.value);
      },
    };
  }

  #inSavepoint<Value>(program: () => Program<Value>): { value: Value } | { error: unknown } {
    this.#connection.exec('SAVEPOINT job');
    try {
      const value = this.#connection.run(program());
      this.#connection.exec('RELEASE job');
      return { value };
    } catch (error) {
      this.#connection.exec('ROLLBACK TO job; RELEASE job');
      return { error };
    }
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#drain());
  }

  #drain(): void {
    this.#scheduled = false;
    const group: Job[] = [];
    const commitError = this.#commit(group);
    if (commitError === undefined) this.#onCommit();
    this.#queue = this.#queue.slice(group.length);
    for (const job of group) job.finish(commitError);
    if (this.#queue.length > 0) this.#schedule();
    else this.#idle?.();
  }

  /** Runs the next jobs in one transaction and says which they were in `group`; returns why it could not be committed. */
  #commit(group: Job[]): unknown {
    try {
      this.#connection.exec('BEGIN IMMEDIATE');
    } catch (error) {
      group.push(...this.#queue.slice(0, jobsPerCommit));
      return error;
    }
    try {
      const enough = this.#connection.rows + rowsPerCommit;
      for (const job of this.#queue.slice(0, jobsPerCommit)) {
        group.push(job);
        job.run();
        if (this.#connection.rows >= enough) break;
      }
      this.#connection.exec('COMMIT');
      return undefined;
    } catch (error) {
      this.#rollback();
      return error;
    }
  }

  #rollback(): void {
    try {
      this.#connection.exec('ROLLBACK');
    } catch {
      // SQLite has already rolled back (disk full, I/O error): the first error is the one that callers are told.
    }
  }
}
