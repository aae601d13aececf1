import type pg from 'pg';
import { Problem } from '../../domain/problem.ts';
import { type Clock, sleep } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { Migration } from '../migrations/migrations.ts';
import { Outdated } from '../sql/program.ts';
import type { Runner } from '../sql/sql-context.ts';
import { type Connections, createConnections } from './connections.ts';
import { isConnectionLoss, isRace, isUnprepared } from './errors.ts';
import { migrate } from './migrate.ts';
import { StatementTexts } from './statement-texts.ts';
import { CommitUnknown, runProgram, runTransaction } from './transaction.ts';

export interface PostgresRunnerOptions {
  readonly url: string;
  readonly poolMax: number;
  /** How long a call waits for a database that is away before it fails with `notReady`. */
  readonly waitMs: number;
  /** How long a statement may take (connections.ts). */
  readonly answerMs: number;
  /** Undefined: somebody else migrates. */
  readonly migrations: readonly Migration[] | undefined;
  readonly clock: Clock;
  readonly random: Random;
  /** Told once each time that the database stays away: calls wait for it. */
  readonly onAway?: ((reason: unknown) => void) | undefined;
}

export interface PostgresRunner extends Runner {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Runs of one program that others came in between of; then something else is wrong. */
const racesMax = 10;
const raceBackOffMs = 20;
const retryMs = 200;
/** A connection that breaks is no news; a database that is not back by then is. */
const awayMs = 1000;
/** Calls that may wait for a connection: a queue without a limit is a leak. */
const waitingMax = 20_000;

/** Runs programs on a PostgreSQL database, each write in a transaction of its own. */
export function createPostgresRunner(options: PostgresRunnerOptions): PostgresRunner {
  return new PooledRunner(options);
}

class PooledRunner implements PostgresRunner {
  readonly #options: PostgresRunnerOptions;
  readonly #texts = new StatementTexts();
  #pool: Connections | undefined;
  #starting: Promise<void> | undefined;
  #stopping: AbortController | undefined;
  #prepares = true;
  /** Since when nobody has got through; undefined: somebody has. */
  #awaySince: number | undefined;
  #awayTold = false;
  /** Calls under way. */
  readonly #calls = new Set<Promise<unknown>>();

  constructor(options: PostgresRunnerOptions) {
    this.#options = options;
  }

  readonly read: Runner['read'] = (program) =>
    this.#call((client) =>
      // Read once, planned for the tables as they are now.
      runProgram({ client, texts: this.#texts, prepares: false }, program()),
    );

  readonly write: Runner['write'] = (program) =>
    this.#call((client) => runTransaction({ client, texts: this.#texts, prepares: this.#prepares }, program));

  start(): Promise<void> {
    this.#starting ??= this.#open();
    return this.#starting;
  }

  async stop(): Promise<void> {
    const pool = this.#pool;
    if (pool === undefined) return;
    await Promise.allSettled([...this.#calls]);
    // A second stop may have come first.
    if (this.#pool !== pool) return;
    this.#pool = undefined;
    this.#starting = undefined;
    this.#stopping?.abort();
    await pool.end();
  }

  async #open(): Promise<void> {
    const { url, poolMax: max, answerMs, migrations } = this.#options;
    this.#stopping = new AbortController();
    try {
      if (migrations !== undefined) {
        // A migration takes as long as it takes.
        this.#pool = createConnections({ url, max: 1 });
        await this.#call((client) => migrate(client, migrations));
        await this.#pool.end();
      }
      this.#pool = createConnections({ url, max, answerMs });
    } catch (error) {
      const pool = this.#pool;
      this.#pool = undefined;
      this.#starting = undefined;
      await pool?.end();
      throw error;
    }
  }

  #call<Value>(work: (client: pg.ClientBase) => Promise<Value>): Promise<Value> {
    if (this.#pool === undefined) return Promise.reject(new Error('The store is not started.'));
    if (this.#calls.size >= waitingMax) return Promise.reject(new Problem('notReady'));
    const call = this.#persist(work);
    const settled = call.then(
      () => undefined,
      () => undefined,
    );
    this.#calls.add(settled);
    void settled.then(() => this.#calls.delete(settled));
    return call;
  }

  /** Tries again while others come in between, and while the database is away but not for too long. */
  async #persist<Value>(work: (client: pg.ClientBase) => Promise<Value>): Promise<Value> {
    const { clock, waitMs } = this.#options;
    const until = clock.now() + waitMs;
    for (let races = 0; ; ) {
      try {
        return await this.#attempt(work);
      } catch (error) {
        if (error instanceof CommitUnknown) {
          if (await this.#wasCommitted(error, until)) return error.value as Value;
        } else if (isUnprepared(error)) this.#prepares = false;
        else if (isConnectionLoss(error)) await this.#waitForDatabase(error, until);
        else if ((error instanceof Outdated || isRace(error)) && races < racesMax) {
          races += 1;
          await this.#pause(this.#options.random.fraction() * raceBackOffMs * races);
        } else throw error;
      }
    }
  }

  async #attempt<Value>(work: (client: pg.ClientBase) => Promise<Value>): Promise<Value> {
    const pool = this.#pool;
    if (pool === undefined) throw new Error('The store is not started.');
    const client = await pool.connect();
    let broken = false;
    const onError = (): void => {
      broken = true;
    };
    client.on('error', onError);
    try {
      const value = await work(client);
      this.#awaySince = undefined;
      this.#awayTold = false;
      return value;
    } catch (error) {
      if (error instanceof CommitUnknown || isConnectionLoss(error)) broken = true;
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  async #waitForDatabase(error: unknown, until: number): Promise<void> {
    const now = this.#options.clock.now();
    if (now >= until) throw unavailable(error);
    this.#awaySince ??= now;
    if (now - this.#awaySince >= awayMs && !this.#awayTold) {
      this.#awayTold = true;
      this.#options.onAway?.(error);
    }
    await this.#pause(retryMs);
  }

  /** Asks the database, as soon as there is one, what became of a transaction whose commit was not answered. */
  async #wasCommitted({ xid }: CommitUnknown, until: number): Promise<boolean> {
    for (;;) {
      try {
        const status = await this.#attempt(async (client) => {
          const { rows } = await client.query<{ status: string | null }>('SELECT pg_xact_status($1::xid8) AS status', [
            xid,
          ]);
          return rows[0]?.status;
        });
        if (status === 'committed') return true;
        // In progress: the old connection's end has not reached the server yet.
        if (status !== 'in progress' || this.#options.clock.now() >= until) return false;
      } catch (error) {
        // A standby that took over without having heard of the transaction knows no such number: it has not happened.
        if (!isConnectionLoss(error)) return false;
        await this.#waitForDatabase(error, until);
        continue;
      }
      await this.#pause(retryMs);
    }
  }

  async #pause(ms: number): Promise<void> {
    await sleep(this.#options.clock, ms, this.#stopping?.signal ?? AbortSignal.abort());
  }
}

/** 503 for whoever asked; the operator finds the reason behind it. */
function unavailable(cause: unknown): Problem {
  const problem = new Problem('notReady');
  problem.cause = cause;
  return problem;
}
