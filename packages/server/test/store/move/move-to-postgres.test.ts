import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrations } from '../../../src/store/migrations/migrations.ts';
import type { MoveProgress } from '../../../src/store/move/copy-tables.ts';
import { moveToPostgres } from '../../../src/store/move/move-to-postgres.ts';
import { copiedTables } from '../../../src/store/move/moved-tables.ts';
import { Connection } from '../../../src/store/sqlite/connection.ts';
import { lockData } from '../../../src/store/sqlite/data-lock.ts';
import { migrate } from '../../../src/store/sqlite/migrate.ts';
import { createEmptyDatabase, type TestDatabase } from '../../support/postgres/test-database.ts';
import { fillDatabase, lastNumbers, manyRows } from './full-database.ts';

const movedAt = 1_795_000_000_123;

let folder: string;
let path: string;
let target: TestDatabase;
let client: pg.Client;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-move-'));
  path = join(folder, 'muster.db');
  target = await createEmptyDatabase();
  client = new pg.Client({ connectionString: target.url });
  client.setTypeParser(pg.types.builtins.INT8, Number);
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await target.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function move() {
  const heard: MoveProgress[] = [];
  const options = { path, targetUrl: target.url, at: movedAt, onProgress: (one: MoveProgress) => heard.push(one) };
  return { rows: await moveToPostgres(options), heard };
}

async function ask(sql: string): Promise<readonly Record<string, unknown>[]> {
  return (await client.query<Record<string, unknown>>(sql)).rows;
}

function inSource<Value>(work: (connection: Connection) => Value): Value {
  const connection = new Connection(path, { durability: 'normal' });
  try {
    return work(connection);
  } finally {
    connection.close();
  }
}

const sourceRows = (table: string) =>
  inSource((connection) => connection.execute({ sql: `SELECT * FROM ${table}`, parameters: [] }).rows);

const digest = (): string => createHash('sha256').update(readFileSync(path)).digest('hex');

/** Neither database promises an order. */
const sorted = (rows: readonly object[]): readonly string[] =>
  rows.map((row) => JSON.stringify(Object.entries(row).toSorted())).toSorted();

/** Nothing that anybody could take for an installation. */
async function expectNothing(): Promise<void> {
  const tables = await ask(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`);
  for (const { name } of tables.filter(({ name }) => name !== 'migrations')) {
    expect(await ask(`SELECT * FROM ${String(name)} LIMIT 1`), String(name)).toEqual([]);
  }
}

describe('An installation that moves', () => {
  it('has the same rows in every table, with its open sessions ended, and leaves its source as it was', async () => {
    fillDatabase(path);
    const before = digest();
    const { rows, heard } = await move();
    expect(digest()).toBe(before);
    let expected = 0;
    for (const table of copiedTables) {
      const source = sourceRows(table).map((row) =>
        table === 'sessions' ? { ...row, ended_at: row.ended_at ?? movedAt } : { ...row },
      );
      expect(source.length, table).toBeGreaterThan(0);
      expect(sorted(await ask(`SELECT * FROM ${table}`)), table).toEqual(sorted(source));
      expected += source.length;
    }
    expect(rows).toBe(expected);
    expect(heard).toContainEqual({ table: 'subtasks', copied: manyRows, of: manyRows });
    expect(heard.map(({ table }) => table)).toEqual(copiedTables);
    const counted =
      'SELECT CAST(sum(inactive + online + offline + abnormal + frozen) AS INTEGER) AS devices FROM device_counts';
    expect(await ask(counted)).toEqual([{ devices: sourceRows('devices').length }]);
    expect(await ask('SELECT * FROM nodes')).toEqual([]);
    expect(await ask('SELECT * FROM node_letters')).toEqual([]);
  });

  it('goes on counting where it was, though the last rows are gone', async () => {
    fillDatabase(path);
    await move();
    const [task] = await ask(`SELECT nextval(pg_get_serial_sequence('tasks', 'task_no')) AS no`);
    const [letter] = await ask(`SELECT nextval(pg_get_serial_sequence('outbox', 'no')) AS no`);
    const [session] = await ask(`SELECT nextval('session_epochs') AS no`);
    expect([task?.no, letter?.no, session?.no]).toEqual([
      lastNumbers.task + 1,
      lastNumbers.outbox + 1,
      lastNumbers.epoch + 1,
    ]);
  });

  it('counts from 1 where nothing was ever counted', async () => {
    inSource((connection) => migrate(connection, migrations));
    expect((await move()).rows).toBe(0);
    expect(await ask(`SELECT nextval(pg_get_serial_sequence('tasks', 'task_no')) AS no`)).toEqual([{ no: 1 }]);
    expect(await ask(`SELECT nextval('session_epochs') AS no`)).toEqual([{ no: 1 }]);
  });

  it('lets nobody else write to the target before it is done', async () => {
    fillDatabase(path);
    const order: string[] = [];
    let other: Promise<unknown> | undefined;
    const onProgress = ({ table }: MoveProgress): void => {
      order.push(table);
      if (table === 'meta') {
        other = client.query(`INSERT INTO meta VALUES ('first', 'start')`).then(() => order.push('somebody else'));
      }
    };
    await moveToPostgres({ path, targetUrl: target.url, at: movedAt, onProgress });
    await other;
    expect(order).toEqual([...copiedTables, 'somebody else']);
  });

  it('has the replacement character for a NUL, which PostgreSQL cannot store', async () => {
    fillDatabase(path);
    inSource((one) => one.execute({ sql: 'UPDATE devices SET description = ?', parameters: ['a\0b'] }));
    await move();
    expect(await ask('SELECT DISTINCT description FROM devices')).toEqual([{ description: 'a\ufffdb' }]);
  });
});

describe('A move is refused', () => {
  it('where a server works on the data folder', async () => {
    fillDatabase(path);
    const unlock = lockData(path);
    await expect(move()).rejects.toThrow(`Another process works on ${path}`);
    unlock();
    expect((await move()).rows).toBeGreaterThan(manyRows);
  });

  it('where there is no database', async () => {
    await expect(move()).rejects.toThrow(`There is no database ${path}`);
  });

  it('where the database is of an older version', async () => {
    inSource((connection) => migrate(connection, migrations.slice(0, 1)));
    await expect(move()).rejects.toThrow('npm start -- migrate');
    await expectNothing();
  });

  it('where anything is in the target, which keeps it', async () => {
    fillDatabase(path);
    await move();
    await expect(move()).rejects.toThrow(/Nothing was copied: The database is not empty: it has \w+\./);
    await client.query(`TRUNCATE ${copiedTables.join()} CASCADE`);
    await client.query(`INSERT INTO users VALUES ('u', 'r', 'somebody', 'd', 'h', 1)`);
    await expect(move()).rejects.toThrow('The database is not empty: it has users.');
    expect(await ask('SELECT name FROM users')).toEqual([{ name: 'somebody' }]);
    expect(await ask('SELECT * FROM projects')).toEqual([]);
  });

  it('where the target is the database of something else, which gets no tables', async () => {
    fillDatabase(path);
    await client.query('CREATE TABLE customers (name TEXT)');
    await expect(move()).rejects.toThrow('it has a table customers that is not Muster');
    expect(await ask(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)).toEqual([
      { tablename: 'customers' },
    ]);
  });

  it('where nobody answers at the target', async () => {
    fillDatabase(path);
    const options = { path, targetUrl: 'postgres://u:geheim@127.0.0.1:1/x', at: movedAt, onProgress: () => undefined };
    await expect(moveToPostgres(options)).rejects.toThrow(/^Nothing was copied: .*ECONNREFUSED(?!.*geheim)/);
  });
});

describe('A move that fails in the middle', () => {
  it('leaves nothing in the target where a row is refused, and can be tried again', async () => {
    fillDatabase(path);
    await createTables();
    await client.query(`ALTER TABLE outbox ADD CONSTRAINT never CHECK (no < 0)`);
    await expect(move()).rejects.toThrow(
      /Nothing was copied \(legacy_subscriptions was the last table to go well\): .*never/,
    );
    await expectNothing();
    await client.query('ALTER TABLE outbox DROP CONSTRAINT never');
    expect((await move()).rows).toBeGreaterThan(manyRows);
  });

  it('leaves nothing in the target where rows get lost on the way', async () => {
    fillDatabase(path);
    await createTables();
    await client.query(`CREATE RULE lose AS ON INSERT TO subtask_history DO INSTEAD NOTHING`);
    await expect(move()).rejects.toThrow('subtask_history has 1 rows in the data folder and 0 in PostgreSQL');
    await expectNothing();
  });

  it('leaves nothing in the target where the connection breaks', async () => {
    fillDatabase(path);
    const onProgress = ({ table }: MoveProgress): void => {
      if (table === 'tasks')
        void ask(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE application_name = 'muster' AND datname = current_database()`);
    };
    await expect(moveToPostgres({ path, targetUrl: target.url, at: movedAt, onProgress })).rejects.toThrow(
      /^Nothing was copied/,
    );
    await expectNothing();
  });

  async function createTables(): Promise<void> {
    const empty = join(folder, 'empty.db');
    const connection = new Connection(empty, { durability: 'normal' });
    migrate(connection, migrations);
    connection.close();
    await moveToPostgres({ path: empty, targetUrl: target.url, at: movedAt, onProgress: () => undefined });
  }
});
