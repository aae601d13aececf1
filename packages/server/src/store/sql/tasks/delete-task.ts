import type { ProjectId, TaskId } from '../../../domain/ids.ts';
import { Problem } from '../../../domain/problem.ts';
import { isFinalTask } from '../../../domain/task-state.ts';
import { insertRows } from '../insert-rows.ts';
import { freeRows, locked } from '../locks.ts';
import { all, change, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';

/** The task is gone at once; its rows follow in small steps (`purgeDeleted`), so that no delete holds the writer for long. */
export function* deleteTask(ctx: SqlContext, projectId: ProjectId, taskId: TaskId): Program<void> {
  const row = yield* first(
    locked(
      ctx,
      ctx.db
        .selectFrom('tasks')
        .select(['task_no', 'status'])
        .where('task_id', '=', taskId)
        .where('project_id', '=', projectId),
    ),
  );
  if (row === undefined) throw new Problem('taskNotFound');
  if (!isFinalTask(row.status)) throw new Problem('taskState');
  yield* forget(ctx, [row.task_no]);
}

/** T12, retention: finished tasks that ended before, oldest first. */
export function* deleteFinished(ctx: SqlContext, finishedBefore: number, limit: number): Program<number> {
  const rows = yield* all(
    locked(
      ctx,
      ctx.db
        .selectFrom('tasks')
        .select('task_no')
        .where('finished_at', '<', finishedBefore)
        .orderBy('finished_at')
        .limit(limit),
    ),
  );
  yield* forget(
    ctx,
    rows.map((row) => row.task_no),
  );
  return rows.length;
}

function* forget(ctx: SqlContext, taskNos: readonly number[]): Program<void> {
  if (taskNos.length === 0) return;
  // The key is free again once its task is gone (v5 11.6).
  yield* change(
    ctx.db
      .deleteFrom('idempotency_keys')
      .where('task_id', 'in', (eb) => eb.selectFrom('tasks').select('task_id').where('task_no', 'in', taskNos)),
  );
  yield* change(ctx.db.deleteFrom('tasks').where('task_no', 'in', taskNos));
  yield* insertRows(ctx, {
    into: 'deleted_tasks',
    columns: { task_no: 'int' },
    rows: taskNos.map((taskNo) => [taskNo]),
  });
}

/** By their key, in this order. Download grants go when they expire, and are good for nothing until then (device 8.2). */
const purgedTables = ['subtask_history', 'task_rows', 'subtasks', 'task_targets', 'task_causes'] as const;

/** Takes rows of one deleted task away, of about `limit` subtasks; false when there is no deleted task left. */
export function* purgeDeleted(ctx: SqlContext, limit: number): Program<boolean> {
  const gone = yield* first<{ task_no: number }>({
    sql: `SELECT task_no FROM deleted_tasks LIMIT 1 ${freeRows(ctx, 'deleted_tasks')}`,
    parameters: [],
  });
  if (gone === undefined) return false;
  for (const table of purgedTables) {
    if ((yield* purgeTable(ctx, { table, taskNo: gone.task_no, limit })) > 0) return true;
  }
  yield* change(ctx.db.deleteFrom('deleted_tasks').where('task_no', '=', gone.task_no));
  return true;
}

/** A subtask has up to 200 reports: fewer subtasks make a step of them. */
const historyPerStep = 20;

function* purgeTable(
  ctx: SqlContext,
  step: { table: (typeof purgedTables)[number]; taskNo: number; limit: number },
): Program<number> {
  const { table, taskNo, limit } = step;
  // A few rows per thousand targets.
  if (table === 'task_targets' || table === 'task_causes') {
    return yield* change(ctx.db.deleteFrom(table).where('task_no', '=', taskNo));
  }
  // seq is dense, so a range of keys is a bounded number of rows.
  const lowest = yield* first(
    ctx.db.selectFrom(table).select('seq').where('task_no', '=', taskNo).orderBy('seq').limit(1),
  );
  if (lowest === undefined) return 0;
  const below = lowest.seq + (table === 'subtask_history' ? Math.ceil(limit / historyPerStep) : limit);
  return yield* change(ctx.db.deleteFrom(table).where('task_no', '=', taskNo).where('seq', '<', below));
}

/** Idempotency keys and download grants whose time is over, at most `limit` of each; returns how many. */
export function* purgeExpired(now: number, limit: number): Program<number> {
  const keys = yield* change({
    sql: `DELETE FROM idempotency_keys WHERE (project_id, key) IN
      (SELECT project_id, key FROM idempotency_keys WHERE expires_at <= ? LIMIT ?)`,
    parameters: [now, limit],
  });
  const grants = yield* change({
    sql: `DELETE FROM download_grants WHERE token_hash IN (SELECT token_hash FROM download_grants WHERE expires_at <= ? LIMIT ?)`,
    parameters: [now, limit],
  });
  return keys + grants;
}
