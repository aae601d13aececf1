import type { TaskTurn } from '../../../ports/store/subtask-store.ts';
import type { Dialect } from '../dialect.ts';
import { all, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { type TaskRow, taskOf } from '../tasks/task-codec.ts';

/** Named text, its plan is under test: one seek in `subtasks_ready` per unfinished task. */
export const turnsSql = ({ indexedBy }: Dialect): string => `SELECT t.*,
    CASE WHEN t.sweep IS NOT NULL OR (t.expanded = 1 AND t.stop_accepted = 0 AND t.ends_at <= ?) THEN 'sweep'
      WHEN t.expanded = 0 THEN 'expand' ELSE 'dispatch' END AS work
  FROM tasks t ${indexedBy('tasks_turns')} WHERE t.status IN ('Initializing', 'Waitting', 'Processing', 'Stopping') AND t.task_no > ? AND (
    t.sweep IS NOT NULL
    OR (t.expanded = 1 AND t.stop_accepted = 0 AND t.ends_at <= ?)
    OR (t.expanded = 0 AND (t.status = 'Initializing' OR coalesce(t.start_at, 0) <= ?))
    OR (t.expanded = 1 AND t.stop_accepted = 0 AND coalesce(t.start_at, 0) <= ?
      AND EXISTS (SELECT 1 FROM subtasks s ${indexedBy('subtasks_ready')}
        WHERE s.task_no = t.task_no AND s.state = 'Waitting' AND s.hold IS NULL)))
  ORDER BY t.task_no LIMIT ?`;

export function* listTurns(
  ctx: SqlContext,
  now: number,
  { limit, after }: { readonly limit: number; readonly after: number },
): Program<readonly TaskTurn[]> {
  const rows = yield* all<TaskRow & { work: TaskTurn['work'] }>({
    sql: turnsSql(ctx.dialect),
    parameters: [now, after, now, now, now, limit],
  });
  return rows.map((row) => ({ task: taskOf(row), work: row.work }));
}

/** Named text, as above. */
export const wakeSql = ({
  indexedBy,
}: Dialect): string => `SELECT (SELECT min(due_at) FROM subtasks WHERE due_at IS NOT NULL) AS due,
  (SELECT min(start_at) FROM tasks ${indexedBy('tasks_turns')}
    WHERE status IN ('Initializing', 'Waitting', 'Processing', 'Stopping') AND start_at > ?) AS start,
  (SELECT min(ends_at) FROM tasks ${indexedBy('tasks_turns')}
    WHERE status IN ('Initializing', 'Waitting', 'Processing', 'Stopping') AND stop_accepted = 0) AS ending`;

/** The next scheduled start, end or due run. */
export function* nextWake(ctx: SqlContext, now: number): Program<number | undefined> {
  const row = yield* first<{ due: number | null; start: number | null; ending: number | null }>({
    sql: wakeSql(ctx.dialect),
    parameters: [now],
  });
  const times = [row?.due, row?.start, row?.ending].filter((time) => typeof time === 'number');
  return times.length === 0 ? undefined : Math.min(...times);
}
