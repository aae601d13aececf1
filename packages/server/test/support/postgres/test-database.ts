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

/** A database with Muster's tables and the connection that empties it. */
interface Migrated {
  readonly name: string;
  readonly cleaner: pg.Client;
}

/** Migrated and emptied again: making a database takes half a second, emptying one a tenth of that. */
const free: Migrated[] = [];

/** With Muster's tables, and nothing in them. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const database = free.pop() ?? (await makeCleaned());
  return {
    url: urlOf(database.name),
    async drop() {
      await end(database);
      await clear(database);
      free.push(database);
    },
  };
}

async function makeCleaned(): Promise<Migrated> {
  const name = await make();
  const cleaner = new pg.Client({ connectionString: urlOf(name) });
  await cleaner.connect();
  // Foreign keys are not asked: everything goes.
  await cleaner.query('SET session_replication_role = replica');
  return { name, cleaner };
}

/** Without any table; not used again. */
export const createEmptyDatabase = async (): Promise<TestDatabase> => usedOnce(await create());

/** With Muster's tables, of which nothing is known yet; not used again. For tests that read plans or make tables of their own. */
export const createUnknownDatabase = async (): Promise<TestDatabase> => usedOnce(await make());

const usedOnce = (name: string): TestDatabase => ({
  url: urlOf(name),
  drop: () => on('postgres', async (client) => void (await client.query(`DROP DATABASE ${name} WITH (FORCE)`))),
});

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

async function end({ name, cleaner }: Migrated): Promise<void> {
  await cleaner.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
    [name],
  );
}

/** What is deleted would stay where it is, for all tests to come to read over, if nobody took it away. */
async function clear({ cleaner }: Migrated): Promise<void> {
  const { rows } = await cleaner.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'migrations'
       AND pg_relation_size(oid) > 0`,
  );
  if (rows.length === 0) return;
  const names = rows.map(({ name }) => name);
  await cleaner.query(names.map((name) => `DELETE FROM ${name};`).join(' '));
  await cleaner.query(`VACUUM ${names.join(', ')}`);
}
