import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { postgresDialect } from '../../../src/store/postgres/postgres-dialect.ts';
import { numbered } from '../../../src/store/postgres/statement-texts.ts';
import { acceptedSql, failedSql, releasedSql } from '../../../src/store/sql/queues/settle-messages.ts';
import { freeSql } from '../../../src/store/sql/queues/take-messages.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres/test-database.ts';

const queued = 20_000;
const heldByOne = 5000;
const held = Array.from({ length: heldByOne }, (_, index) => index + 1);
const arrayOf = (values: readonly (string | number)[]): string => `{${values.join(',')}}`;
const heldRows = [arrayOf(held), arrayOf(held.map(() => 'node/1'))];

/** What statistics know is that there was nothing: a queue fills, and a consumer takes of it, long before anybody looks again. */
const empty = ['VACUUM ANALYZE queue_messages', `DELETE FROM pg_statistic WHERE starelid = 'queue_messages'::regclass`];
const filled = `INSERT INTO queue_messages (queue_id, action_id, key, payload, bytes, created_at)
  SELECT 'queue', 'action', 'key-' || i % 2000, repeat('x', 400), 400, 0 FROM generate_series(1, ${queued}) i`;
const taken = `UPDATE queue_messages SET holder = 'node/1' WHERE no <= ${heldByOne}`;

describe('statements of queues on PostgreSQL', () => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeEach(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    // As a transaction of the store sets it (transaction.ts).
    await client.query(
      'SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off',
    );
    await client.query('SET session_replication_role = replica');
    for (const step of [...empty, filled, taken]) await client.query(step);
  });
  afterEach(async () => {
    await client.end();
    await database.drop();
  });

  const explain = async (sql: string, values: readonly unknown[]): Promise<string> => {
    const { rows } = await client.query<Record<string, string>>(`EXPLAIN ${numbered(sql)}`, [...values]);
    return rows.map((row) => row['QUERY PLAN'] ?? '').join('\n');
  };

  /** With the statistics of each time. */
  const atAllTimes = async (check: () => Promise<void>): Promise<void> => {
    await check();
    await client.query('ANALYZE queue_messages');
    await check();
    await client.query(`BEGIN; UPDATE queue_messages SET holder = NULL; COMMIT; ANALYZE queue_messages; ${taken}`);
    await check();
  };

  it('find what is settled by its number, never among all that its holder has', async () => {
    const statements = [
      [acceptedSql(postgresDialect), heldRows],
      [releasedSql(postgresDialect), heldRows],
      [failedSql(postgresDialect), [...heldRows, arrayOf(held)]],
    ] as const;
    await atAllTimes(async () => {
      for (const [sql, values] of statements) {
        const plan = await explain(sql, values);
        expect(plan).toMatch(/queue_messages_pkey.*\n\s+Index Cond: \(no = r\.no\)/);
        expect(plan).not.toContain('queue_messages_held');
      }
    });
  });

  it('take what is free in the order of the index, which a queue of any length lets begin at once', async () => {
    await atAllTimes(async () => {
      await client.query(`BEGIN; SELECT 1${postgresDialect.walkIndexes}`);
      const plan = await explain(freeSql, ['queue', 1, 'queue', 'node/2', 1, 250]);
      await client.query('ROLLBACK');
      expect(plan).toMatch(/Index Scan using queue_messages_(order|pkey) on queue_messages m\b/);
      expect(plan).toMatch(/using queue_messages_held on queue_messages h/);
      expect(plan).not.toContain('Sort');
    });
  });
});
