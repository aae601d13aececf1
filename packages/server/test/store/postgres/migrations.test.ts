import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Migration, migrations } from '../../../src/store/migrations/migrations.ts';
import { migrate } from '../../../src/store/postgres/migrate.ts';
import { createPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { createRealClock } from '../../../src/system/real-clock.ts';
import { box, random } from '../../builders/chance.ts';
import { createGiven } from '../../builders/given.ts';
import { createEmptyDatabase, type TestDatabase } from '../../support/postgres/test-database.ts';

const postgres = (text: string) => ({ sqlite: '', postgres: text });
const one: Migration = { number: 1, name: 'one', sql: postgres('CREATE TABLE a (x INT)'), worksWith: 1 };
const two: Migration = { number: 2, name: 'two', sql: postgres('CREATE TABLE b (x INT)'), worksWith: 1 };

describe('migrations of PostgreSQL', () => {
  let database: TestDatabase;
  const clients: pg.Client[] = [];

  beforeEach(async () => {
    database = await createEmptyDatabase();
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.end()));
    await database.drop();
  });

  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: database.url });
    clients.push(client);
    await client.connect();
    return client;
  };
  const applied = async (): Promise<readonly string[]> =>
    (await (await connect()).query<{ name: string }>('SELECT name FROM migrations ORDER BY number')).rows.map(
      ({ name }) => name,
    );

  it('run once, however many nodes start at the same moment', async () => {
    const nodes = await Promise.all(Array.from({ length: 4 }, connect));
    await Promise.all(nodes.map((client) => migrate(client, [one, two])));
    expect(await applied()).toEqual(['one', 'two']);
  });

  it('leave nothing where one fails', async () => {
    const broken = { ...two, sql: postgres('CREATE TABLE b (x INT); INSERT INTO nowhere VALUES (1)') };
    await expect(migrate(await connect(), [one, broken])).rejects.toThrow('nowhere');
    await migrate(await connect(), [one]);
    expect(await applied()).toEqual(['one']);
  });

  it('let the version before run on, and start again, beside nodes of the next one', async () => {
    await migrate(await connect(), [one]);
    await migrate(await connect(), [one, two]);
    await migrate(await connect(), [one]);
    expect(await applied()).toEqual(['one', 'two']);
  });

  it('refuse a version that the newest schema does not work with', async () => {
    await migrate(await connect(), [one, { ...two, worksWith: 2 }]);
    await expect(migrate(await connect(), [one])).rejects.toThrow('schema 2, this version of Muster knows 1');
  });

  it('refuse a database that was made by other statements under the same number', async () => {
    await migrate(await connect(), [one]);
    const other = { ...one, sql: postgres('CREATE TABLE a (y INT)') };
    await expect(migrate(await connect(), [other])).rejects.toThrow('Migration 1 (one)');
  });

  it('take a store of the version before along while it works', async () => {
    const clock = createRealClock();
    const open = (known: readonly Migration[]) =>
      createPostgresStore({ url: database.url, poolMax: 2, box, random, clock, migrations: known });
    const before = open(migrations);
    await before.start();
    const given = createGiven(before);
    const scope = await given.scope();
    const number = (migrations.at(-1)?.number ?? 0) + 1;
    const next: Migration = {
      number,
      name: 'next',
      sql: postgres('ALTER TABLE devices ADD COLUMN colour TEXT; CREATE TABLE colours (name TEXT PRIMARY KEY)'),
      worksWith: number - 1,
    };
    const after = open([...migrations, next]);
    await after.start();
    // Both write and read what the other has written, prepared statements and all.
    for (const store of [before, after, before, after, before, after, before]) {
      const { deviceId } = await createGiven(store).device(scope, { online: true });
      for (const reader of [before, after]) {
        expect((await reader.devices.find(scope.projectId, deviceId))?.connectivity).toBe('ONLINE');
      }
      expect((await createGiven(store).finishedTask(scope)).status).toBe('Success');
    }
    await Promise.all([before.stop(), after.stop()]);
  });
});
