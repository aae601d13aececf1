import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUnknownDatabase, type TestDatabase } from '../../support/postgres/test-database.ts';
import { type ColumnType, readTableTypes } from '../table-types.ts';

const store = `${import.meta.dirname}/../../../src/store`;

describe('the schema of PostgreSQL', () => {
  let database: TestDatabase;
  let client: pg.Client;
  const rowsOf = async (sql: string): Promise<readonly Record<string, string>[]> =>
    (await client.query<Record<string, string>>(sql)).rows;

  beforeAll(async () => {
    database = await createUnknownDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  const columns = () =>
    rowsOf(`SELECT table_name AS table, column_name AS column, data_type AS type, collation_name AS collation,
        is_nullable AS nullable, column_default AS default, is_identity AS identity
      FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'migrations'
      ORDER BY table_name, ordinal_position`);

  it('is what tables.ts says: tables, columns, kinds, nulls and defaults', async () => {
    const found: Record<string, Record<string, ColumnType>> = {};
    for (const row of await columns()) {
      const { table = '', column = '' } = row;
      found[table] = {
        ...found[table],
        [column]: {
          type: row.type === 'text' ? 'TEXT' : 'INTEGER',
          nullable: row.nullable === 'YES',
          generated: row.default !== null || row.identity === 'YES',
        },
      };
    }
    // The epochs of sessions come from a sequence there.
    const { session_epoch: _, ...types } = readTableTypes(`${store}/sql`);
    expect(found).toEqual(types);
  });

  it('compares every text letter by letter, whatever the locale of the database', async () => {
    const others = (await columns()).filter(({ type, collation }) => type === 'text' && collation !== 'C');
    expect(others).toEqual([]);
  });

  it('is the one that was committed as a dump (renew with vitest -u)', async () => {
    const indexes = await rowsOf(
      `SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY tablename, indexname`,
    );
    const constraints =
      await rowsOf(`SELECT conrelid::regclass AS table, conname AS name, pg_get_constraintdef(oid) AS definition
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n' ORDER BY 1::text, 2`);
    const options = await rowsOf(`SELECT relname AS table, array_to_string(reloptions, ', ') AS options FROM pg_class
      WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reloptions IS NOT NULL ORDER BY relname`);
    const triggers =
      await rowsOf(`SELECT pg_get_triggerdef(t.oid) AS definition, pg_get_functiondef(t.tgfoid) AS body FROM pg_trigger t
      JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = 'public'::regnamespace AND NOT tgisinternal ORDER BY tgname`);
    const dump = [
      ...(await columns()).map(
        (row) =>
          `${row.table}.${row.column} ${row.type}${row.nullable === 'YES' ? '' : ' NOT NULL'}${row.default === null ? '' : ` DEFAULT ${row.default}`}`,
      ),
      ...constraints.map(({ table, name, definition }) => `${table} ${name} ${definition}`),
      ...indexes.map(({ indexdef }) => indexdef),
      ...triggers.map(({ definition, body }) => `${definition}\n${body}`),
      ...options.map(({ table, options: text }) => `${table} WITH (${text})`),
    ];
    await expect(`${dump.join('\n')}\n`).toMatchFileSnapshot(`${store}/postgres/schema.txt`);
  });

  it('has an index for every foreign key, so that no delete scans a table', async () => {
    const missing = await rowsOf(`SELECT c.conrelid::regclass AS table, c.conname AS name FROM pg_constraint c
      WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace AND NOT EXISTS (
        SELECT 1 FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indpred IS NULL
          AND (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)`);
    // Roots have no super group, files of no package none, and what an action pushes no subscription: their partial indexes have every row
    // that counts.
    const partial = ['device_groups_super_group_id_fkey', 'outbox_subscription_id_fkey'];
    expect(missing.map(({ name }) => name).filter((name) => !partial.includes(name ?? ''))).toEqual([]);
  });
});
