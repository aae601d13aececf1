import pg from 'pg';
import { type Clock, sleep } from '../../ports/clock.ts';
import type { HintKind, Hints } from '../../ports/hints.ts';
import type { Log } from '../../ports/log.ts';
import { addressesOf, answerMs, connectTimeoutMs } from './connections.ts';

export interface PostgresHintsOptions {
  /** Straight to the server: a pooler in transaction mode hears nothing. */
  readonly url: string;
  readonly clock: Clock;
  readonly log: Log;
}

export interface PostgresHints extends Hints {
  start(): void;
  stop(): Promise<void>;
}

const channel = 'muster';
/** Hints of this time go out as one: a notification takes a lock over all commits. */
const gatherMs = 20;
const reconnectMs = 1000;

/** Hints by LISTEN and NOTIFY, on a connection of their own. While it is away everybody looks by the clock. */
export function createPostgresHints({ url, clock, log }: PostgresHintsOptions): PostgresHints {
  const runs = new Map<HintKind, Set<() => void>>();
  const addresses = addressesOf(url);
  const stopping = new AbortController();
  let pending = new Set<HintKind>();
  let client: pg.Client | undefined;
  let loop: Promise<void> | undefined;

  function hear(payload: string | undefined): void {
    for (const kind of (payload ?? '').split(',')) for (const run of runs.get(kind as HintKind) ?? []) run();
  }

  function flush(): void {
    const payload = [...pending].join(',');
    pending = new Set();
    // Who does not hear it looks by the clock.
    client?.query('SELECT pg_notify($1, $2)', [channel, payload]).catch(() => undefined);
  }

  async function listen(address: string): Promise<void> {
    const made = new pg.Client({
      connectionString: address,
      connectionTimeoutMillis: connectTimeoutMs,
      // With these two a server that does not answer loses its connection.
      query_timeout: answerMs,
      pipeline: true,
      keepAlive: true,
      application_name: 'muster hints',
    });
    const ended = Promise.withResolvers<void>();
    made.on('error', () => ended.resolve());
    made.on('end', () => ended.resolve());
    made.on('notification', ({ processId, payload }) => {
      if (processId !== (made as unknown as { processID: number }).processID) hear(payload);
    });
    try {
      await made.connect();
      await made.query(`LISTEN ${channel}`);
      client = made;
      stopping.signal.addEventListener('abort', () => ended.resolve(), { once: true });
      await ended.promise;
    } finally {
      client = undefined;
      await made.end().catch(() => undefined);
    }
  }

  async function run(): Promise<void> {
    for (let turn = 0; !stopping.signal.aborted; turn += 1) {
      try {
        await listen(addresses[turn % addresses.length] as string);
      } catch (error) {
        log.debug({ err: error }, 'no hints of other nodes for now');
      }
      await sleep(clock, reconnectMs, stopping.signal);
    }
  }

  return {
    tell(kind) {
      if (pending.size === 0) clock.setTimer(gatherMs, flush);
      pending.add(kind);
    },
    onHint(kind, heard) {
      runs.set(kind, (runs.get(kind) ?? new Set()).add(heard));
    },
    start() {
      loop ??= run();
    },
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}
