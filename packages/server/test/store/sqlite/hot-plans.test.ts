import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SubtaskState } from '../../../src/domain/subtask-state.ts';
import { plainDetailsSql, stateDetailsSql, targetDetailsSql } from '../../../src/store/sql/subtasks/details.ts';
import { earlierRowsSql } from '../../../src/store/sql/subtasks/expand-file.ts';
import { dueSql } from '../../../src/store/sql/subtasks/dispatch.ts';
import { rowsInOrderSql } from '../../../src/store/sql/subtasks/list-rows.ts';
import { bySeqSql, readySql } from '../../../src/store/sql/subtasks/run-reader.ts';
import { parentsSql } from '../../../src/store/sql/subtasks/run-order.ts';
import { seqsOf, setsOf } from '../../../src/store/sql/subtasks/state-seqs.ts';
import { turnsSql, wakeSql } from '../../../src/store/sql/subtasks/turns.ts';
import { migrations } from '../../../src/store/migrations/migrations.ts';
import { Connection } from '../../../src/store/sqlite/connection.ts';
import { migrate } from '../../../src/store/sqlite/migrate.ts';
import { sqliteDialect } from '../../../src/store/sqlite/sqlite-dialect.ts';

const texts = { dialect: sqliteDialect };

function statePage(state: SubtaskState): string {
  const { sql } = seqsOf(sqliteDialect, {
    ...{ taskNo: 1, sets: setsOf(sqliteDialect, [{ state }]), order: 'DESC', limit: 50, offset: 0, count: undefined },
    range: { from: 0, below: 100_000 },
  });
  return stateDetailsSql(sqliteDialect, sql);
}

/** Each hot statement and what finds its rows; nothing may read a table from end to end. */
const plans: readonly (readonly [name: string, sql: string, indexes: readonly string[]])[] = [
  ['what has a turn', turnsSql(sqliteDialect), ['tasks_turns', 'subtasks_ready']],
  ['the next start or deadline', wakeSql(sqliteDialect), ['subtasks_due', 'tasks_turns']],
  ['what is due', dueSql, ['subtasks_due']],
  ['the next runs to dispatch', readySql(texts, false), ['subtasks_ready (task_no=?)']],
  ['the next upgrades to dispatch', readySql(texts, true), ['subtasks_ready', 'subtasks_lane']],
  ['runs by seq', bySeqSql(texts, false), ['PRIMARY KEY (task_no=? AND seq=?)']],
  ['upgrades by seq', bySeqSql(texts, true), ['PRIMARY KEY (task_no=? AND seq=?)', 'subtasks_lane']],
  ['subtasks in order', rowsInOrderSql, ['PRIMARY KEY (task_no=? AND seq>?)']],
  ['a page of subtasks', plainDetailsSql, ['PRIMARY KEY (task_no=? AND seq<?)']],
  ['a page of one state', statePage('Fail'), ['subtasks_left (task_no=? AND state=? AND seq>? AND seq<?)']],
  [
    'a page of one target',
    targetDetailsSql(sqliteDialect, undefined),
    ['subtasks_target (target=? AND task_no=? AND seq<?)'],
  ],
  ['one target in one state', targetDetailsSql(sqliteDialect, 'Fail'), ['subtasks_target (target=? AND task_no=?']],
  [
    'earlier rows of a file',
    earlierRowsSql(sqliteDialect),
    ['subtasks_target (target=?', 'PRIMARY KEY (task_no=? AND seq=?)'],
  ],
  [
    'rows whose parents come first',
    parentsSql(sqliteDialect),
    ['subtasks_target (target=?', 'PRIMARY KEY (task_no=? AND seq=?)'],
  ],
];

let connection: Connection;
beforeEach(() => {
  connection = new Connection(':memory:', { durability: 'normal' });
  migrate(connection, migrations);
});
afterEach(() => connection.close());

function planOf(sql: string): readonly string[] {
  const { rows } = connection.execute({ sql: `EXPLAIN QUERY PLAN ${sql}`, parameters: [] });
  return rows.map((row) => String(row['detail']));
}

/** A thousand finished tasks and one of 20,000 subtasks of which the last ten are left. */
function grow(): void {
  connection.exec(`
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
    INSERT INTO tasks (task_no, task_id, project_id, app_id, name, type, echo, gateway_mode, need_confirm, on_conflict, retry_count,
      retry_interval_minutes, source_kind, source, status, expanded, confirmed, total, waitting, success, created_at)
    SELECT i, 'task-' || i, 'project', 'app', 'name', 'freezeDevices', '{}', 0, 0, 'fail', 0, 0, 'devices', '',
      iif(i = 1000, 'Processing', 'Success'), 1, 1, iif(i = 1000, 20000, 0), iif(i = 1000, 10, 0), iif(i = 1000, 19990, 0), 0 FROM n;
    WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 19999)
    INSERT INTO subtasks (task_no, seq, target, state) SELECT 1000, i, 'device-' || i, iif(i < 19990, 'Success', 'Waitting') FROM n;
  `);
}

describe('hot statements', () => {
  for (const growing of [false, true]) {
    it.each(plans)(
      `find %s by their index, ${growing ? 'however much there is' : 'from the first row on'}`,
      (_name, sql, indexes) => {
        if (growing) grow();
        const plan = planOf(sql);
        for (const index of indexes) expect(plan.join('\n')).toContain(index);
        // The list of asked keys and sub-queries' results are read through; tables are not.
        const scans = plan.filter((step) =>
          /^SCAN (?!(r|part|parts)$|jsonb?_each VIRTUAL TABLE|CONSTANT ROW|\(subquery)/.test(step),
        );
        expect(scans.filter((step) => !step.includes('USING INDEX tasks_turns'))).toEqual([]);
      },
    );
  }
});
