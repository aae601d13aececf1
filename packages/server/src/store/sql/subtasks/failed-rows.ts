import type { FailedRow } from '../../../ports/store/subtask-store.ts';
import { present } from '../columns.ts';
import { all, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { causeOfRow } from './outcome.ts';
import { openCells } from './row-fields.ts';

export interface FailedRowsQuery {
  readonly taskNo: number;
  readonly afterSeq: number;
  readonly limit: number;
}

/** In the order of the file. */
export function* listFailedRows(ctx: SqlContext, query: FailedRowsQuery): Program<readonly FailedRow[]> {
  const rows = yield* all<{ seq: number; error_code: string | null; error_message: string | null }>({
    sql: `SELECT s.seq, s.error_code, s.error_message
      FROM (SELECT seq, error_code, error_message FROM subtasks ${ctx.dialect.indexedBy('subtasks_left')}
        WHERE task_no = ? AND state = 'Fail' AND state <> 'Waitting' AND seq > ? ORDER BY seq LIMIT ?) s
      ${ctx.dialect.orderedJoin} task_rows t ON t.task_no = ? AND t.seq = s.seq ORDER BY s.seq`,
    parameters: [query.taskNo, query.afterSeq, query.limit, query.taskNo],
  });
  const seqs = rows.map(({ seq }) => seq);
  const cells = yield* openCells(ctx, query.taskNo, seqs);
  return rows.map((row) => ({ seq: row.seq, cells: present(cells.get(row.seq)), cause: causeOfRow(row) }));
}
