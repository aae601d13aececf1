import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresDialect } from '../../../src/store/postgres/postgres-dialect.ts';
import { StatementTexts } from '../../../src/store/postgres/statement-texts.ts';
import { checked } from '../../../src/store/sql/checked.ts';
import type { SubtaskState } from '../../../src/domain/subtask-state.ts';
import { plainDetailsSql, stateDetailsSql, targetDetailsSql } from '../../../src/store/sql/subtasks/details.ts';
import { earlierRowsSql } from '../../../src/store/sql/subtasks/expand-file.ts';
import { dueSql } from '../../../src/store/sql/subtasks/dispatch.ts';
import { rowsInOrderSql } from '../../../src/store/sql/subtasks/list-rows.ts';
import { bySeqSql, readySql } from '../../../src/store/sql/subtasks/run-reader.ts';
import { parentsSql } from '../../../src/store/sql/subtasks/run-order.ts';
import { seqsOf, setsOf } from '../../../src/store/sql/subtasks/state-seqs.ts';
import { turnsSql, wakeSql } from '../../../src/store/sql/subtasks/turns.ts';
import { createUnknownDatabase, type TestDatabase } from '../../support/postgres/test-database.ts';

const texts = { dialect: postgresDialect };

function statePage(state: SubtaskState): string {
  const { sql } = seqsOf(postgresDialect, {
    ...{ taskNo: 1, sets: setsOf(postgresDialect, [{ state }]), order: 'DESC', limit: 50, offset: 0, count: undefined },
    range: { from: 0, below: 100_000 },
  });
  return stateDetailsSql(postgresDialect, sql);
}
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
  ['subtasks in order', rowsInOrderSql, ['subtasks_pkey']],
  ['a page of subtasks', plainDetailsSql, ['subtasks_pkey']],
  ['a page of one state', statePage('Fail'), ['subtasks_left']],
  ['a page of what waits', statePage('Waitting'), ['subtasks_ready', 'subtasks_held']],
  ['a page of one target', targetDetailsSql(postgresDialect, undefined), ['subtasks_target']],
];

/** What statistics know: a thousand finished tasks of another project, 20 subtasks each. */
const known = `
  SET session_replication_role = replica;
  INSERT INTO tasks (task_no, task_id, project_id, app_id, name, type, echo, gateway_mode, need_confirm, on_conflict, retry_count,
    retry_interval_minutes, source_kind, source, status, expanded, confirmed, total, success, created_at)
  SELECT i, 'task-' || i, 'other', 'app', 'name', 'freezeDevices', '{}', 0, 0, 'fail', 0, 0, 'devices', '', 'Success', 1, 1, 20, 20, 0
    FROM generate_series(1, 999) i;
  INSERT INTO subtasks (task_no, seq, target, state) SELECT t, i, 'other-' || i, 'Success'
    FROM generate_series(1, 999) t, generate_series(0, 19) i;
  INSERT INTO devices (device_id, record_id, project_id, app_id, product_id, node_id, root_id, auth_type, secure_access,
    timeout_seconds, connectivity, created_at)
  SELECT 'other-' || i, 'o' || i, 'other', 'app', 'product', 'o' || i, 'other-' || i, 'SECRET', 0, 0, 'ONLINE', 0
    FROM generate_series(0, 19999) i;
  ANALYZE;
`;

/** What they do not know yet: a task that was just made, of a project that was just filled. */
const fresh = `
  INSERT INTO tasks (task_no, task_id, project_id, app_id, name, type, echo, gateway_mode, need_confirm, on_conflict, retry_count,
    retry_interval_minutes, source_kind, source, status, expanded, confirmed, total, waitting, success, created_at)
  VALUES (1000, 'task-1000', 'project', 'app', 'name', 'freezeDevices', '{}', 0, 0, 'fail', 0, 0, 'devices', '', 'Processing', 1, 1,
    20000, 10000, 10000, 0);
  INSERT INTO devices (device_id, record_id, project_id, app_id, product_id, node_id, root_id, auth_type, secure_access,
    timeout_seconds, connectivity, created_at)
  SELECT 'device-' || i, 'r' || i, 'project', 'app', 'product', 'n' || i, 'device-' || i, 'SECRET', 0, 0, 'ONLINE', 0
    FROM generate_series(0, 19999) i;
  INSERT INTO sessions (device_id, node, epoch, address, attached_at) SELECT device_id, 'one', 1, '', 0 FROM devices;
  INSERT INTO subtasks (task_no, seq, target, state)
  SELECT 1000, i, 'device-' || i, CASE WHEN i < 10000 THEN 'Success' ELSE 'Waitting' END FROM generate_series(0, 19999) i;
  INSERT INTO task_rows (task_no, seq, row_no, cells) SELECT task_no, seq, seq + 1, '' FROM subtasks WHERE task_no = 1000;
`;

const many = Array.from({ length: 500 }, (_, seq) => 10_000 + seq);
const seqs = `{${many.join(',')}}`;
const targets = `{${many.map((seq) => `device-${seq}`).join(',')}}`;

describe('hot statements on PostgreSQL', () => {
  let database: TestDatabase;
  let client: pg.Client;
  const numbered = new StatementTexts();

  beforeAll(async () => {
    database = await createUnknownDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    // As a transaction of the store sets it (transaction.ts).
    await client.query(known);
    await client.query(fresh);
    await client.query(
      'SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off',
    );
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  const explain = async (sql: string, values?: readonly string[]): Promise<readonly string[]> => {
    const { text } = numbered.of(sql);
    const { rows } = await client.query<Record<string, string>>(`EXPLAIN ${text}`, [...(values ?? valuesOf(text))]);
    return rows.map((row) => row['QUERY PLAN'] ?? '');
  };

  it.each(plans)('find %s by their index, whatever statistics know', async (_name, sql, indexes) => {
    for (const analyze of ['SELECT 1', 'ANALYZE']) {
      await client.query(analyze);
      const plan = await explain(sql);
      for (const index of indexes) expect(plan.join('\n')).toContain(index);
      expect(plan.filter((line) => line.includes('Seq Scan'))).toEqual([]);
      // Rows come in the order of their index: a sort would read all that are left for each chunk.
      const sorts = plan.filter((line) => /^\s*(->)?\s*(Incremental )?Sort /.test(line));
      if (sql.includes('LIMIT') && !sql.includes('UNION')) expect(sorts).toEqual([]);
    }
  });

  it('look up each row of a set by its key, and walk none of what belongs to its task or project', async () => {
    const rows = [Array.from({ length: 1000 }, () => 1000), Array.from({ length: 1000 }, (_, seq) => 10_000 + seq)];
    const [tasks, numbers] = rows.map((values) => `{${values.join(',')}}`) as [string, string];
    const plan = await explain(bySeqSql(texts, false, 'FOR NO KEY UPDATE OF s'), [
      tasks,
      numbers,
      'project',
      'project',
    ]);
    expect(plan.join('\n')).toMatch(
      /subtasks_pkey.*\n\s+Index Cond: \(\(task_no = r\.task_no\) AND \(seq = r\.seq\)\)/,
    );
    expect(plan.join('\n')).toMatch(/devices_device_id_key.*\n\s+Index Cond: \(device_id = s\.target\)/);
    const set = postgresDialect.rows({ task_no: 'int', seq: 'int' }, []);
    const update = `UPDATE subtasks SET state = 'Success' FROM ${set.from} WHERE subtasks.task_no = r.task_no AND subtasks.seq = r.seq`;
    expect((await explain(update, [tasks, numbers])).join('\n')).toMatch(
      /Index Cond: \(\(task_no = r\.task_no\) AND \(seq = r\.seq\)\)/,
    );
    const ids = postgresDialect.rows({ id: 'text' }, []);
    const freeze = `UPDATE devices SET frozen = 1 FROM ${ids.from}
      WHERE devices.device_id = r.id AND ${checked('devices.project_id')} = ?`;
    expect((await explain(freeze, [targets, 'project'])).join('\n')).toMatch(
      /Index Cond: \(device_id = \(r\.id\)::text\)/,
    );
  });

  it.each([
    ['earlier rows of a file', earlierRowsSql(postgresDialect), ['1000', targets]],
    ['rows that wait for their parents', parentsSql(postgresDialect), [seqs, targets, '1000']],
  ] as const)('look up %s one by one, and walk none of their task', async (_name, sql, values) => {
    const plan = (await explain(sql, values)).join('\n');
    expect(plan).toContain('subtasks_target');
    expect(plan).not.toContain('subtasks_pkey');
    const ofRows = [...plan.matchAll(/task_rows_pkey.*\n\s+Index Cond: (.*)/g)].map(([, condition]) => condition);
    expect(ofRows.length).toBeGreaterThan(0);
    for (const condition of ofRows) expect(condition).toMatch(/^\(\(task_no = \w\.task_no\) AND \(seq = \w\.seq\)\)$/);
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
