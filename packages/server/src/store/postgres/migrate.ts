import type pg from 'pg';
import type { Migration } from '../migrations/migrations.ts';
import { checksumOf, planMigrations } from '../migrations/plan.ts';

/** 14: the oldest with which the tests run. */
const versionMin = 140_000;

/**
 * Brings a database up to the code in one transaction, one node at a time. Nodes of the version before may be running: a migration only
 * adds (migrations.ts).
 */
export async function migrate(client: pg.ClientBase, migrations: readonly Migration[]): Promise<void> {
  await refuseServer(client);
  await client.query('BEGIN');
  try {
    await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('muster/migrations', 0))`);
    await client.query(`CREATE TABLE IF NOT EXISTS migrations (
      number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, works_with INTEGER NOT NULL
    )`);
    const { rows } = await client.query<{ number: number; checksum: string; worksWith: number }>(
      'SELECT number, checksum, works_with AS "worksWith" FROM migrations ORDER BY number',
    );
    for (const migration of planMigrations(migrations, rows, 'postgres')) await apply(client, migration);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

async function apply(client: pg.ClientBase, migration: Migration): Promise<void> {
  const { number, name, worksWith } = migration;
  await client.query(migration.sql.postgres);
  await client.query('INSERT INTO migrations (number, name, checksum, works_with) VALUES ($1, $2, $3, $4)', [
    number,
    name,
    checksumOf(migration, 'postgres'),
    worksWith,
  ]);
}

async function refuseServer(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ version: number; encoding: string }>(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding`,
  );
  const [server] = rows;
  if (server === undefined) throw new Error('The database server did not say what it is.');
  if (server.version < versionMin) throw new Error('PostgreSQL 14 or newer is needed.');
  if (server.encoding !== 'UTF8') throw new Error(`The database has the encoding ${server.encoding}; UTF8 is needed.`);
}
