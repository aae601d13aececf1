import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { type PostgresServer, startPostgres } from '../../scripts/lib/postgres-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A superuser's URL of the server that tests make their databases on, with `DATABASE` for its name. */
    postgresUrl: string;
    /** What the names of this run's databases begin with. */
    databasePrefix: string;
  }
}

let server: PostgresServer | undefined;

/**
 * One PostgreSQL for all tests, or the server that MUSTER_TEST_POSTGRES_URL names (with `DATABASE` in place of the name). Nothing here must
 * survive a power cut; durability is a matter of the crash tests' own servers.
 */
export async function setup(project: TestProject): Promise<void> {
  const given = process.env.MUSTER_TEST_POSTGRES_URL;
  if (given === undefined) server = await startPostgres({ settings: inMemory });
  project.provide('postgresUrl', given ?? server?.url('DATABASE') ?? '');
  project.provide('databasePrefix', databasePrefix);
}

export async function teardown(): Promise<void> {
  await server?.stop();
  const given = process.env.MUSTER_TEST_POSTGRES_URL;
  if (given !== undefined) await dropDatabases(given.replace('DATABASE', 'postgres'));
}

/** A server that stays keeps nothing of ours. */
async function dropDatabases(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    'SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)',
    [databasePrefix],
  );
  for (const { name } of rows) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await client.end();
}

const databasePrefix = `muster_test_${process.pid}_`;

const inMemory = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' };
