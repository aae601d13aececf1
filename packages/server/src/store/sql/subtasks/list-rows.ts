import type { ListedRow, ListedRows } from '../../../ports/store/subtask-store.ts';
import { all, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { parseObject } from '../tasks/task-codec.ts';
import { type DetailRow, detailColumns } from './details.ts';
import { causeOfRow } from './outcome.ts';
import { openSecrets } from './sealed-output.ts';

export interface RowsQuery {
  readonly taskNo: number;
  readonly afterSeq: number;
  readonly limit: number;
}

/** Named, for its plan is under test. */
export const rowsInOrderSql = `SELECT ${detailColumns} FROM subtasks WHERE task_no = ? AND seq > ? ORDER BY seq LIMIT ?`;

/** In input order. */
export function* listRows({ db, box }: SqlContext, query: RowsQuery): Program<ListedRows | undefined> {
  const { taskNo, afterSeq, limit } = query;
  const rows = yield* all<DetailRow>({ sql: rowsInOrderSql, parameters: [taskNo, afterSeq, limit] });
  // Looked at behind the rows: where the task is still there, none of them was missing.
  const task = yield* first(db.selectFrom('tasks').select(['total', 'expanded']).where('task_no', '=', taskNo));
  if (task === undefined) return undefined;
  // v5 13.2: while a task is set up, it has none.
  if (task.expanded === 0) return { total: 0, rows: [] };
  return {
    total: task.total,
    rows: rows.map(
      (row): ListedRow => ({
        seq: row.seq,
        target: row.target,
        state: row.state,
        ...openSecrets(parseObject(row.output), box),
        cause: causeOfRow(row),
      }),
    ),
  };
}
