import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresDialect } from '../../../src/store/postgres/postgres-dialect.ts';
import { StatementTexts } from '../../../src/store/postgres/statement-texts.ts';
import { filteredDetailsSql, plainDetailsSql } from '../../../src/store/sql/subtasks/details.ts';
import { dueSql } from '../../../src/store/sql/subtasks/dispatch.ts';
import { bySeqSql, readySql } from '../../../src/store/sql/subtasks/run-reader.ts';
import { turnsSql, wakeSql } from '../../../src/store/sql/subtasks/turns.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres/test-database.ts';

const texts = { dialect: postgresDialect };
const tail = 'FOR NO KEY UPDATE OF s SKIP LOCKED';

/** Each hot statement and what finds its rows. */
const plans: readonly (readonly [name: string, sql: string, indexes: readonly string[]])[] = [
  ['what has a turn', turnsSql(postgresDialect), ['tasks_turns', 'subtasks_ready']],
  ['the next start or deadline', wakeSql(postgresDialect), ['subtasks_due', 'tasks_turns']],
  ['what is due', dueSql, ['subtasks_due']],
  ['the next runs to dispatch', readySql(texts, false, tail), ['subtasks_ready', 'devices_device_id_key']],
  ['the next upgrades to dispatch', readySql(texts, true, tail), ['subtasks_ready', 'subtasks_lane']],
  ['runs by seq', bySeqSql(texts, false, tail), ['subtasks_pkey', 'devices_device_id_key', 'sessions_pkey']],
  ['upgrades by seq', bySeqSql(texts, true), ['subtasks_pkey', 'subtasks_lane']],
  ['a page of subtasks', plainDetailsSql, ['subtasks_pkey']],
  ['a page of one state', filteredDetailsSql(postgresDialect, { state: 'Fail' }), ['subtasks_left']],
  [
    'a page of what waits',
    filteredDetailsSql(postgresDialect, { state: 'Waitting' }),
    ['subtasks_ready', 'subtasks_held'],
  ],
  ['a page of one target', filteredDetailsSql(postgresDialect, { target: 'a' }), ['subtasks_target']],
];

/** A thousand finished tasks, one of 20,000 subtasks of which the last ten are left, and its devices; nothing was analyzed. */
const grown = `
  SET session_replication_role = replica;
  INSERT INTO tasks (task_no, task_id, project_id, app_id, name, type, echo, gateway_mode, need_confirm, on_conflict, retry_count,
    retry_interval_minutes, source_kind, source, status, expanded, confirmed, total, waitting, success, created_at)
  SELECT i, 'task-' || i, 'project', 'app', 'name', 'freezeDevices', '{}', 0, 0, 'fail', 0, 0, 'devices', '',
    CASE i WHEN 1000 THEN 'Processing' ELSE 'Success' END, 1, 1, CASE i WHEN 1000 THEN 20000 ELSE 0 END,
    CASE i WHEN 1000 THEN 10 ELSE 0 END, CASE i WHEN 1000 THEN 19990 ELSE 0 END, 0 FROM generate_series(1, 1000) i;
  INSERT INTO devices (device_id, record_id, project_id, app_id, product_id, node_id, root_id, auth_type, secure_access,
    timeout_seconds, connectivity, created_at)
  SELECT 'device-' || i, 'r' || i, 'project', 'app', 'product', 'n' || i, 'device-' || i, 'SECRET', 0, 0, 'ONLINE', 0
    FROM generate_series(0, 19999) i;
  INSERT INTO sessions (device_id, node, epoch, address, attached_at) SELECT device_id, 'one', 1, '', 0 FROM devices;
  INSERT INTO subtasks (task_no, seq, target, state)
  SELECT 1000, i, 'device-' || i, CASE WHEN i < 19990 THEN 'Success' ELSE 'Waitting' END FROM generate_series(0, 19999) i;
`;

describe('hot statements on PostgreSQL', () => {
  let database: TestDatabase;
  let client: pg.Client;
  const numbered = new StatementTexts();

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    // As a transaction of the store sets it (transaction.ts).
    await client.query('SET enable_seqscan = off; SET plan_cache_mode = force_custom_plan');
    await client.query(grown);
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  it.each(plans)('find %s by their index, with or without statistics', async (_name, sql, indexes) => {
    const { text } = numbered.of(sql);
    for (const analyze of ['SELECT 1', 'ANALYZE']) {
      await client.query(analyze);
      const { rows } = await client.query<Record<string, string>>(`EXPLAIN ${text}`, [...valuesOf(text)]);
      const plan = rows.map((row) => row['QUERY PLAN'] ?? '');
      for (const index of indexes) expect(plan.join('\n')).toContain(index);
      expect(plan.filter((line) => line.includes('Seq Scan'))).toEqual([]);
      // Rows come in the order of their index: a sort would read all that are left for each chunk.
      const sorts = plan.filter((line) => /^\s*(->)?\s*(Incremental )?Sort /.test(line));
      if (text.includes('LIMIT') && !text.includes('UNION')) expect(sorts).toEqual([]);
    }
  });
});

/** What the types of the places want: a set, a number, or a text. */
function valuesOf(text: string): readonly string[] {
  const places = [...new Set(text.match(/\$\d+/g))];
  return places.map((place) => {
    if (text.includes(`${place}::`)) return '{1,2,3}';
    return new RegExp(`(project_id|target) = \\${place}\\b`).test(text) ? 'project' : '1000';
  });
}
