import pg from 'pg';
import { inject } from 'vitest';
import { migrations } from '../../../src/store/migrations/migrations.ts';
import { migrate } from '../../../src/store/postgres/migrate.ts';

/** A database of its own on the tests' server. */
export interface TestDatabase {
  readonly url: string;
  /** Ends whatever connections are left. */
  drop(): Promise<void>;
}

const urlOf = (database: string): string => inject('postgresUrl').replace('DATABASE', database);

async function on<Value>(database: string, work: (client: pg.Client) => Promise<Value>): Promise<Value> {
  const client = new pg.Client({ connectionString: urlOf(database) });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

let made = 0;
/** Migrated and emptied again: making a database takes half a second, emptying one a few milliseconds. */
const free: string[] = [];

/** With Muster's tables, and nothing in them. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = free.pop() ?? (await make());
  return {
    url: urlOf(name),
    async drop() {
      await on(name, async (client) => {
        await end(client, name);
        await clear(client);
      });
      free.push(name);
    },
  };
}

/** Without any table; not used again. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const name = await create();
  return {
    url: urlOf(name),
    drop: () => on('postgres', async (client) => void (await client.query(`DROP DATABASE ${name} WITH (FORCE)`))),
  };
}

async function create(): Promise<string> {
  made += 1;
  const name = `${inject('databasePrefix')}${process.pid}_${made}`;
  await on('postgres', async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${name}`);
  });
  return name;
}

async function make(): Promise<string> {
  const name = await create();
  await on(name, (client) => migrate(client, migrations));
  return name;
}

async function end(client: pg.Client, database: string): Promise<void> {
  await client.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
    [database],
  );
}

async function clear(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ tablename: string }>(
    `SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migrations'`,
  );
  // Foreign keys are not asked: everything goes.
  const deletes = rows.map(({ tablename }) => `DELETE FROM ${tablename};`).join('\n');
  await client.query(`SET session_replication_role = replica; ${deletes}`);
}
