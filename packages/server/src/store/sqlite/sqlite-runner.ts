import { closeSync, openSync } from 'node:fs';
import type { Migration } from '../migrations/migrations.ts';
import type { Program } from '../sql/program.ts';
import type { Runner } from '../sql/sql-context.ts';
import { Checkpoints } from './checkpoints.ts';
import { Connection, type Durability } from './connection.ts';
import { lockData } from './data-lock.ts';
import { migrate } from './migrate.ts';
import { Writer } from './writer.ts';

export interface SqliteRunnerOptions {
  readonly path: string;
  readonly durability: Durability;
  /** What a database in memory begins with. */
  readonly image?: Uint8Array | undefined;
  readonly migrations: readonly Migration[];
}

export interface SqliteRunner extends Runner {
  start(): Promise<void>;
  stop(): Promise<void>;
}

interface Open {
  readonly writer: Writer;
  readonly reader: Connection;
  close(): Promise<void>;
}

/** Runs programs on one SQLite database: one connection that writes, and for files a second that only reads. */
export function createSqliteRunner(options: SqliteRunnerOptions): SqliteRunner {
  let current: Open | undefined;
  let stopping: Promise<void> | undefined;

  const opened = (): Open => {
    if (current === undefined) throw new Error('The store is not started.');
    return current;
  };

  const close = async (open: Open): Promise<void> => {
    await open.writer.stop();
    current = undefined;
    await open.close();
  };

  return {
    read: async (program) => readWith(opened().reader, program),
    write: async (program) => opened().writer.write(program),
    start: async () => {
      await stopping;
      current ??= open(options);
    },
    stop: async () => {
      if (current === undefined) return;
      stopping ??= close(current).finally(() => {
        stopping = undefined;
      });
      await stopping;
    },
  };
}

/** One snapshot for all statements of the program. In memory it shares the writer's connection, which is never in a transaction here. */
function readWith<Value>(connection: Connection, program: () => Program<Value>): Value {
  connection.exec('BEGIN');
  try {
    return connection.run(program());
  } finally {
    connection.exec('COMMIT');
  }
}

function open(options: SqliteRunnerOptions): Open {
  const inMemory = options.path === ':memory:';
  const unlock = inMemory ? () => {} : lockData(options.path);
  const connections: Connection[] = [];
  try {
    if (!inMemory) makePrivate(options.path);
    const main = new Connection(options.path, options);
    connections.push(main);
    migrate(main, options.migrations);
    const reader = inMemory ? main : new Connection(options.path, { durability: options.durability, readOnly: true });
    if (reader !== main) connections.push(reader);
    const checkpoints = inMemory ? undefined : new Checkpoints({ path: options.path });
    return {
      reader,
      writer: new Writer(main, () => checkpoints?.committed()),
      close: async () => {
        await checkpoints?.stop();
        closeAll(connections, unlock);
      },
    };
  } catch (error) {
    closeAll(connections, unlock);
    throw error;
  }
}

/** A new file is its owner's alone, and so are the logs that SQLite makes beside it; the mode of one that exists is the operator's. */
function makePrivate(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
}

/** What cannot be folded now, because the disk is full, is in the log at the next start. */
function foldLog(connection: Connection): void {
  try {
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // Committed it is all the same.
  }
}

function closeAll(connections: readonly Connection[], unlock: () => void): void {
  // The reader first: the log can only be folded into the file when nobody reads from it.
  for (const connection of [...connections].reverse()) {
    if (connection === connections[0]) foldLog(connection);
    connection.close();
  }
  unlock();
}
