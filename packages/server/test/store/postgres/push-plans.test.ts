import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { postgresDialect } from '../../../src/store/postgres/postgres-dialect.ts';
import { numbered } from '../../../src/store/postgres/statement-texts.ts';
import { bringBackSql, putAsideSql } from '../../../src/store/sql/queues/aside.ts';
import { waitingSql } from '../../../src/store/sql/queues/queue-message-store.ts';
import { acceptedSql, failedSql, releasedSql } from '../../../src/store/sql/queues/settle-messages.ts';
import { openSql } from '../../../src/store/sql/queues/take-messages.ts';
import { createUnknownDatabase, type TestDatabase } from '../../support/postgres/test-database.ts';

const [putOff, held, open] = [8000, 5000, 20_000];
const dueAt = 1_000_000;
/** In this order: what consumers have put off, with what stands behind it; what one has in hand; what is free. */
const states = `UPDATE queue_messages SET due_at = ${dueAt} WHERE key LIKE 'bad-%';
  UPDATE queue_messages SET holder = 'node/1' WHERE key LIKE 'held-%'`;
const keyOf = `CASE WHEN i <= ${putOff} THEN 'bad-' || i % 800 WHEN i <= ${putOff + held} THEN 'held-' || i % 1000 ELSE 'key-' || i % 2000 END`;
const filled = ['queue', 'other']
  .map(
    (queue) => `INSERT INTO queue_messages (queue_id, action_id, key, payload, bytes, created_at)
  SELECT '${queue}', 'action', ${keyOf}, repeat('x', 400), 400, 0 FROM generate_series(1, ${putOff + held + open}) i`,
  )
  .join(';');

const arrayOf = (values: readonly (string | number)[]): string => `{${values.join(',')}}`;

/** As a transaction of the store sets it (transaction.ts); as a take does besides; as what is only read has it. */
const writing =
  'SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_material = off';
const taking = `${writing}; SELECT 1${postgresDialect.walkIndexes}`;
const asking = '';

/** What a statement reads, whatever its plan is called. */
interface Reading {
  /** Rows of tables and indexes, those included that it throws away. */
  rows: number;
  readonly pages: number;
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly PlanNode[];
}

function rowsRead(node: PlanNode): number {
  const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  const own = node['Node Type'].endsWith('Scan') ? (node['Actual Rows'] + removed) * node['Actual Loops'] : 0;
  return (node.Plans ?? []).reduce((sum, child) => sum + rowsRead(child), own);
}

describe('statements of queues on PostgreSQL', () => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeEach(async () => {
    database = await createUnknownDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query('SET session_replication_role = replica');
    // What is known of a table is each test's to say.
    await client.query('ALTER TABLE queue_messages SET (autovacuum_enabled = false)');
  });
  afterEach(async () => {
    await client.end();
    await database.drop();
  });

  const run = async (...steps: readonly string[]): Promise<void> => {
    for (const step of steps) await client.query(step);
  };

  /** The second time: the first that comes by what is dead marks it so. */
  const read = async (settings: string, sql: string, values: readonly unknown[]): Promise<Reading> => {
    await readOnce(settings, sql, values);
    return readOnce(settings, sql, values);
  };

  /** `settings` are those of the place where the store runs it. */
  const readOnce = async (settings: string, sql: string, values: readonly unknown[]): Promise<Reading> => {
    await client.query(`BEGIN; ${settings}`);
    try {
      const { rows } = await client.query<{ 'QUERY PLAN': readonly [{ Plan: PlanNode }] }>(
        `EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ${numbered(sql)}`,
        [...values],
      );
      const [{ Plan: plan }] = rows[0]?.['QUERY PLAN'] ?? [{ Plan: {} as PlanNode }];
      return { rows: rowsRead(plan), pages: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'] };
    } finally {
      await client.query('ROLLBACK');
    }
  };

  const nos = async (state: string, count: number): Promise<readonly number[]> => {
    const { rows } = await client.query<{ no: string }>(
      `SELECT no FROM queue_messages WHERE queue_id = 'queue' AND ${state} ORDER BY no LIMIT ${count}`,
    );
    return rows.map(({ no }) => Number(no));
  };

  /** A queue fills, and consumers take of it and put off, long before statistics hear of it. */
  const whateverIsKnown = async (check: (known: string) => Promise<void>): Promise<void> => {
    await run('VACUUM ANALYZE queue_messages', filled, states);
    await check('that there was nothing');
    await run(`DELETE FROM pg_statistic WHERE starelid = 'queue_messages'::regclass`);
    await check('nothing');
    await run('VACUUM ANALYZE queue_messages');
    await check('everything');
    await run('UPDATE queue_messages SET holder = NULL, due_at = NULL', 'VACUUM ANALYZE queue_messages', states);
    await check('that everything was free');
  };

  it('find what is settled or put aside by its number', async () => {
    await whateverIsKnown(async (known) => {
      const numbers = await nos('holder IS NOT NULL', held);
      const rows = [arrayOf(numbers), arrayOf(numbers.map(() => 'node/1'))];
      for (const [sql, values] of [
        [acceptedSql(postgresDialect), rows],
        [releasedSql(postgresDialect), rows],
        [failedSql(postgresDialect), [...rows, arrayOf(numbers)]],
        [putAsideSql(postgresDialect), [arrayOf(numbers), arrayOf(numbers)]],
      ] as const) {
        const reading = await read(writing, sql, values);
        expect(reading.rows, `${sql}, knowing ${known}`).toBeLessThanOrEqual(4 * held);
        expect(reading.pages, `${sql}, knowing ${known}`).toBeLessThanOrEqual(50 * held);
      }
    });
  });

  it('look at what is free alone, and at each by itself', async () => {
    const limit = 250;
    await whateverIsKnown(async (known) => {
      const values = ['queue', 'queue', 'queue', 0, '{}', limit];
      const reading = await read(taking, openSql(postgresDialect), values);
      expect(reading.rows, `knowing ${known}`).toBeLessThanOrEqual(3 * limit);
      expect(reading.pages, `knowing ${known}`).toBeLessThanOrEqual(25 * limit);
    });
  });

  it('pass by the keys of others in one way through what is free', async () => {
    await whateverIsKnown(async (known) => {
      await run(`UPDATE queue_messages SET holder = NULL WHERE key LIKE 'held-%'`);
      const keys = Array.from({ length: 1000 }, (_, nth) => `held-${nth}`);
      const reading = await read(taking, openSql(postgresDialect), ['queue', 'queue', 'queue', 0, arrayOf(keys), 250]);
      expect(reading.rows, `knowing ${known}`).toBeLessThanOrEqual(keys.length + held + 3 * 250);
      await run(states);
    });
  });

  it('bring back what is due, and ask what waits, without a look at the rest', async () => {
    const limit = 1000;
    await whateverIsKnown(async (known) => {
      const early = await read(taking, bringBackSql(postgresDialect), ['queue', dueAt - 1, limit]);
      expect(early.rows, `knowing ${known}`).toBe(0);
      expect(early.pages, `knowing ${known}`).toBeLessThanOrEqual(20);
      const due = await read(taking, bringBackSql(postgresDialect), ['queue', dueAt, limit]);
      expect(due.rows, `knowing ${known}`).toBeLessThanOrEqual(4 * limit);
      const waiting = await read(asking, waitingSql(postgresDialect), ['{queue,other,gone}', 0]);
      expect(waiting.rows, `knowing ${known}`).toBeLessThanOrEqual(10);
      expect(waiting.pages, `knowing ${known}`).toBeLessThanOrEqual(500);
    });
  });
});
