import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import type { Store } from '../../src/ports/store/store.ts';
import { createPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { createRealClock } from '../../src/system/real-clock.ts';
import { box, random } from '../builders/chance.ts';
import { createTestDatabase } from './postgres/test-database.ts';
import { createFileStore, createMemoryStore } from './sqlite-stores.ts';
import { underWatch } from './work-under-way.ts';

export type Row = Readonly<Record<string, number | string | null>>;

/** What stores that are opened one after the other have in common: what one wrote, the next finds. */
export interface TestData {
  /** Not started. */
  createStore(): Store;
  /** The committed rows, as somebody beside the store sees them; `?` for each parameter. */
  rows<Wanted extends Row = Row>(sql: string, ...parameters: readonly (number | string)[]): Promise<readonly Wanted[]>;
  /** Every store is stopped by then. */
  dispose(): Promise<void>;
}

/**
 * A started store of the kind that MUSTER_TEST_STORE names; the clock that moves by hand waits for its answers. On `data`, which whoever
 * made it disposes of; absent: on its own, of which `stop` leaves nothing.
 */
export async function openTestStore(data?: TestData): Promise<Store> {
  if (data !== undefined) return await started(data.createStore());
  if (!isPostgres()) return await started(watched(createMemoryStore()));
  const own = await createTestData();
  const store = await started(own.createStore());
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await store.stop();
    await own.dispose();
  };
  return { ...store, stop: () => (stopped ??= stop()) };
}

export const createTestData = (): Promise<TestData> => (isPostgres() ? createPostgresData() : createSqliteData());

function isPostgres(): boolean {
  const kind = process.env['MUSTER_TEST_STORE'] ?? 'sqlite';
  if (kind !== 'sqlite' && kind !== 'postgres') throw new Error(`There is no store '${kind}'.`);
  return kind === 'postgres';
}

async function started(store: Store): Promise<Store> {
  await store.start();
  return store;
}

async function createSqliteData(): Promise<TestData> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-data-'));
  const path = join(folder, 'muster.db');
  let reader: DatabaseSync | undefined;
  return {
    createStore: () => watched(createFileStore(path)),
    rows: <Wanted extends Row>(sql: string, ...parameters: readonly (number | string)[]) => {
      reader ??= new DatabaseSync(path, { readOnly: true });
      return Promise.resolve(reader.prepare(sql).all(...parameters) as unknown as Wanted[]);
    },
    dispose: async () => {
      reader?.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function createPostgresData(): Promise<TestData> {
  const { url, drop } = await createTestDatabase();
  // Retries are a matter of real time: nobody moves the clock while a call is under way.
  const clock = createRealClock();
  let reader: Promise<pg.Client> | undefined;
  return {
    createStore: () => watched(createPostgresStore({ url, poolMax: 5, waitMs: 5000, box, random, clock })),
    rows: async <Wanted extends Row>(sql: string, ...parameters: readonly (number | string)[]) => {
      reader ??= connect(url);
      const client = await reader;
      let count = 0;
      const { rows } = await client.query<Wanted>(
        sql.replace(/\?/g, () => `$${++count}`),
        [...parameters],
      );
      return rows;
    },
    dispose: async () => {
      await (await reader)?.end();
      await drop();
    },
  };
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, types: numbersAsNumbers });
  await client.connect();
  return client;
}

const numbersAsNumbers: pg.CustomTypesConfig = {
  getTypeParser: (id: number): ((text: string) => unknown) =>
    id === pg.types.builtins.INT8 ? Number : (pg.types.getTypeParser(id) as (text: string) => unknown),
};

type Method = (...parameters: never[]) => Promise<unknown>;

/** The same store; what it is asked for counts until it has answered. */
function watched(store: Store): Store {
  const { start, stop, ...areas } = store;
  const watchedAreas = Object.entries(areas).map(([name, area]) => [
    name,
    Object.fromEntries(
      Object.entries<Method>({ ...area }).map(([operation, run]) => [
        operation,
        (...parameters: never[]) => underWatch(run(...parameters)),
      ]),
    ),
  ]);
  return { ...(Object.fromEntries(watchedAreas) as typeof areas), start, stop };
}
