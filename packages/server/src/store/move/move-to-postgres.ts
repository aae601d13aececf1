import type pg from 'pg';
import { migrations } from '../migrations/migrations.ts';
import { addressesOf, type Connections, createConnections } from '../postgres/connections.ts';
import { migrate } from '../postgres/migrate.ts';
import { StatementTexts } from '../postgres/statement-texts.ts';
import { CommitUnknown, runTransaction } from '../postgres/transaction.ts';
import { type CopyOptions, copyTables, type MoveProgress } from './copy-tables.ts';
import { openEmbeddedSource } from './embedded-source.ts';

export interface MoveOptions extends Omit<CopyOptions, 'source'> {
  /** The database file of the installation; no server runs on it. */
  readonly path: string;
  /** Of a database in which nothing is. */
  readonly targetUrl: string;
}

/** Copies an embedded installation into PostgreSQL, all or nothing; returns how many rows it has. Throws a sentence for the operator. */
export async function moveToPostgres({ path, targetUrl, at, onProgress }: MoveOptions): Promise<number> {
  const source = openEmbeddedSource(path);
  let reached: MoveProgress | undefined;
  const follow = (progress: MoveProgress): void => {
    reached = progress;
    onProgress(progress);
  };
  try {
    return await withClient(targetUrl, async (client) => {
      await refuseStrangers(client);
      await migrate(client, migrations);
      const copy = () => copyTables({ source, at, onProgress: follow });
      return runTransaction({ client, texts: new StatementTexts(), prepares: false }, copy);
    });
  } catch (error) {
    throw explained(error, reached);
  } finally {
    source.close();
  }
}

function explained(error: unknown, reached: MoveProgress | undefined): Error {
  const { message, code } = error as NodeJS.ErrnoException;
  const reason = message || String(code);
  if (error instanceof CommitUnknown) {
    return new Error(`${reason} Run the command again: if everything was copied, it finds the database not empty.`);
  }
  const where = reached === undefined ? '' : ` (${reached.table} was the last table to go well)`;
  return new Error(`Nothing was copied${where}: ${reason}`, { cause: error });
}

async function withClient<Value>(url: string, work: (client: pg.PoolClient) => Promise<Value>): Promise<Value> {
  const connections = createConnections({ url, max: 1 });
  try {
    const client = await connect(connections, addressesOf(url).length);
    // What breaks the connection also fails the statement that is under way.
    client.on('error', () => undefined);
    try {
      return await work(client);
    } finally {
      client.release(true);
    }
  } finally {
    await connections.end();
  }
}

/** Each address of the URL has one try: the others are standbys, or down. */
async function connect(connections: Connections, tries: number): Promise<pg.PoolClient> {
  try {
    return await connections.connect();
  } catch (error) {
    if (tries <= 1) throw error;
    return connect(connections, tries - 1);
  }
}

/** Tables without Muster's own record of them: somebody else's. */
async function refuseStrangers(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
      AND to_regclass('migrations') IS NULL LIMIT 1`,
  );
  const [stranger] = rows;
  if (stranger === undefined) return;
  throw new Error(`The database is not empty: it has a table ${stranger.name} that is not Muster's.`);
}
