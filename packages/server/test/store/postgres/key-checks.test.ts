import pg from 'pg';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createPostgresRunner, type PostgresRunner } from '../../../src/store/postgres/postgres-runner.ts';
import { createPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { all, change, type Program } from '../../../src/store/sql/program.ts';
import { createRealClock } from '../../../src/system/real-clock.ts';
import { box, builtAt, random } from '../../builders/chance.ts';
import { aMessage } from '../../builders/device-builders.ts';
import { createGiven } from '../../builders/given.ts';
import { createUnknownDatabase } from '../../support/postgres/test-database.ts';

const rows = 20;
const watched = ['devices', 'group_members', 'messages'] as const;

/** Says how the server plans while a row is written, and its foreign key is looked up. */
const tables = `
  CREATE TABLE checked_parents (id BIGINT PRIMARY KEY);
  INSERT INTO checked_parents SELECT generate_series(1, ${rows});
  CREATE TABLE checked_children (id BIGINT PRIMARY KEY REFERENCES checked_parents ON DELETE CASCADE,
    planning TEXT NOT NULL DEFAULT current_setting('plan_cache_mode'));
`;

const insert = (from: number, count: number) => ({
  sql: 'INSERT INTO checked_children (id) SELECT generate_series(CAST(? AS BIGINT), ?)',
  parameters: [from, from + count - 1],
  keyChecks: count,
});

function* planningOf(ids: readonly number[]): Program<readonly string[]> {
  const found = yield* all<{ planning: string }>({
    sql: `SELECT planning FROM checked_children WHERE id = ANY(CAST(? AS BIGINT[])) ORDER BY id`,
    parameters: [`{${ids.join(',')}}`],
  });
  return found.map(({ planning }) => planning);
}

function* planning(): Program<string> {
  const [row] = yield* all<{ planning: string }>({
    sql: `SELECT current_setting('plan_cache_mode') AS planning`,
    parameters: [],
  });
  return row?.planning ?? '';
}

describe('Foreign keys of many rows', () => {
  let runner: PostgresRunner;
  let admin: pg.Client;

  beforeEach(async () => {
    const { url, drop } = await createUnknownDatabase();
    admin = new pg.Client({ connectionString: url });
    await admin.connect();
    await admin.query(tables);
    const parts = { url, poolMax: 1, waitMs: 5000, answerMs: 20_000, migrations: undefined };
    runner = createPostgresRunner({ ...parts, clock: createRealClock(), random });
    await runner.start();
    onTestFinished(async () => {
      await runner.stop();
      await admin.query('DROP TABLE checked_children, checked_parents');
      await admin.end();
      await drop();
    });
  });

  it('are looked up by plans that are kept, and what follows is planned anew', async () => {
    const seen = await runner.write(function* () {
      yield* change(insert(1, rows));
      return { each: yield* planningOf([1, rows]), after: yield* planning() };
    });
    expect(seen).toEqual({ each: ['auto', 'auto'], after: 'force_custom_plan' });
  });

  it('are not worth it where there are few', async () => {
    const seen = await runner.write(function* () {
      yield* change(insert(1, 2));
      return yield* planningOf([1, 2]);
    });
    expect(seen).toEqual(['force_custom_plan', 'force_custom_plan']);
  });

  it('fail their program as those of few rows do, and leave nothing', async () => {
    const failing = runner.write(function* () {
      yield* change(insert(1, rows + 1));
    });
    await expect(failing).rejects.toMatchObject({ code: '23503' });
    expect((await admin.query('SELECT id FROM checked_children')).rows).toEqual([]);
    expect(await runner.write(planning)).toBe('force_custom_plan');
  });
});

/** Notes how the server plans while rows of devices, or what hangs on them, come and go. */
const watch = `
  CREATE TABLE seen_planning (what TEXT NOT NULL, planning TEXT NOT NULL);
  CREATE FUNCTION see_planning() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO seen_planning VALUES (TG_OP || ' ' || TG_TABLE_NAME, current_setting('plan_cache_mode'));
    RETURN NULL;
  END $$;
  ${watched.map((table) => `CREATE TRIGGER see AFTER INSERT OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION see_planning();`).join('\n')}
`;

it('Sets of devices, and of what hangs on them, are written and deleted under plans that are kept', async () => {
  const { url, drop } = await createUnknownDatabase();
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(watch);
  const store = createPostgresStore({ url, poolMax: 2, waitMs: 5000, box, random, clock: createRealClock() });
  await store.start();
  onTestFinished(async () => {
    await store.stop();
    await admin.query('DROP FUNCTION see_planning CASCADE; DROP TABLE seen_planning');
    await admin.end();
    await drop();
  });
  const given = createGiven(store);
  const scope = await given.scope();
  const deviceIds = await given.devices(scope, rows);
  await given.group(scope, { members: deviceIds });
  const { projectId } = scope;
  await store.effects.apply(
    projectId,
    deviceIds.map((deviceId) => ({ kind: 'insertMessage', message: aMessage({ deviceId }) })),
  );
  await store.effects.apply(
    projectId,
    deviceIds.map((deviceId) => ({ kind: 'deleteDevice', deviceId, at: builtAt })),
  );
  const seen = await admin.query(
    'SELECT what, planning, count(*)::int AS rows FROM seen_planning GROUP BY 1, 2 ORDER BY 1',
  );
  expect(seen.rows).toEqual(
    ['DELETE', 'INSERT'].flatMap((how) =>
      watched.map((table) => ({ what: `${how} ${table}`, planning: 'auto', rows })),
    ),
  );
});
