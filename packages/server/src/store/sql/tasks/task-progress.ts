import type { CounterDelta } from '../../../domain/counters.ts';
import type { Cause } from '../../../domain/problem.ts';
import { taskNotice } from '../../../domain/notices/task-notice.ts';
import type { Task } from '../../../domain/task.ts';
import { isFinalTask, isPushed, mayFollow, statusesAfter, type TaskStatus } from '../../../domain/task-state.ts';
import { timeCauseOf, type TimeFailures } from '../../../domain/time-cause.ts';
import { publish } from '../events/publish.ts';
import { insertRows } from '../insert-rows.ts';
import { change, first, Outdated, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { countersOf, type TaskRow } from './task-codec.ts';
import { withCause } from './task-queries.ts';

/** What one transaction did to a task's subtasks. */
export interface ProgressChange {
  readonly delta: CounterDelta;
  /** How many failures of each cause came (positive) or went (negative). */
  readonly causes: ReadonlyMap<string, { cause: Cause; by: number }>;
  /** A subtask left Waitting by being dispatched (T4). */
  readonly dispatched: boolean;
}

export const noChange: ProgressChange = { delta: {}, causes: new Map(), dispatched: false };

/**
 * The last step of every settle: counters by deltas, then whatever statuses follow from them, each with its outbox rows (invariants
 * 1, 5). The update locks the task row, so what it returns is the truth that the statuses are drawn from.
 */
export function* writeProgress(
  ctx: SqlContext,
  taskNo: number,
  progress: ProgressChange & { readonly now: number; readonly seen?: TaskRow },
): Program<Task | undefined> {
  yield* countCauses(ctx, taskNo, progress.causes);
  const row = yield* addCounters(taskNo, progress);
  if (row === undefined) return undefined;
  if (progress.seen !== undefined) refuseOutdated(row, progress.seen);
  const statuses = statusesAfter({
    status: row.status,
    counters: countersOf(row),
    expanded: row.expanded === 1,
    dispatched: row.dispatched === 1,
    sweeping: row.sweep !== null,
  });
  return yield* passThrough(ctx, row, { statuses, now: progress.now });
}

/** What was decided on must still hold: a stop that came in between ends what would have started or been retried (v5 13.2). */
function refuseOutdated(row: TaskRow, seen: TaskRow): void {
  if (row.stop_accepted !== seen.stop_accepted || row.expanded !== seen.expanded)
    throw new Outdated(`Task ${row.task_id}`);
}

/** Sets the statuses one after the other; every one that is pushed leaves its event. Returns the task as it ends. */
export function* passThrough(
  ctx: SqlContext,
  row: TaskRow,
  options: { readonly statuses: readonly TaskStatus[]; readonly now: number },
): Program<Task> {
  let current = row;
  for (const status of options.statuses) {
    if (!mayFollow(current.status, status)) throw new Error(`Task ${row.task_id}: ${current.status} -> ${status}.`);
    current = yield* setStatus(ctx, current, { status, now: options.now });
    if (isPushed(status)) yield* pushStatus(ctx, current, options.now);
  }
  return yield* withCause(ctx, current);
}

function* setStatus(
  ctx: SqlContext,
  row: TaskRow,
  to: { readonly status: TaskStatus; readonly now: number },
): Program<TaskRow> {
  const set = {
    status: to.status,
    finished_at: isFinalTask(to.status) ? to.now : null,
    started_at: row.started_at ?? (to.status === 'Processing' ? to.now : null),
    // T11: whatever stop ended the task is over; else its retried subtasks would wait for ever.
    ...(isFinalTask(row.status) ? { stop_accepted: 0 as const } : {}),
  };
  yield* change(ctx.db.updateTable('tasks').set(set).where('task_no', '=', row.task_no));
  return { ...row, ...set };
}

function* addCounters(taskNo: number, { delta, dispatched, causes }: ProgressChange): Program<TaskRow | undefined> {
  const { waitting = 0, processing = 0, failWaitRetry = 0, success = 0, fail = 0, stopped = 0, removed = 0 } = delta;
  const added = waitting + processing + failWaitRetry + success + fail + stopped + removed;
  const { timedOut, expired } = timeFailuresOf(causes);
  return yield* first<TaskRow>({
    sql: `UPDATE tasks SET revision = revision + 1, total = total + ?, waitting = waitting + ?, processing = processing + ?,
      fail_wait_retry = fail_wait_retry + ?, success = success + ?, fail = fail + ?, stopped = stopped + ?, removed = removed + ?,
      timed_out = timed_out + ?, expired = expired + ?,
      dispatched = CASE WHEN ? = 1 THEN 1 ELSE dispatched END WHERE task_no = ? RETURNING *`,
    parameters: [
      added,
      waitting,
      processing,
      failWaitRetry,
      success,
      fail,
      stopped,
      removed,
      timedOut,
      expired,
      dispatched ? 1 : 0,
      taskNo,
    ],
  });
}

function timeFailuresOf(causes: ProgressChange['causes']): TimeFailures {
  const sum = { timedOut: 0, expired: 0 };
  for (const [code, { by }] of causes) {
    const cause = timeCauseOf(code);
    if (cause !== undefined) sum[cause] += by;
  }
  return sum;
}

export function* countCauses(ctx: SqlContext, taskNo: number, causes: ProgressChange['causes']): Program<void> {
  const changed = [...causes.values()].filter(({ by }) => by !== 0);
  yield* insertRows(ctx, {
    into: 'task_causes',
    columns: { task_no: 'int', code: 'text', message: 'text', count: 'int' },
    // Sorted, so that two chunks of one task never wait for each other's rows in a circle.
    rows: changed
      .map(({ cause, by }) => [taskNo, cause.code, cause.message, by] as const)
      .sort(([, a], [, b]) => (a < b ? -1 : 1)),
    tail: 'ON CONFLICT (task_no, code) DO UPDATE SET count = task_causes.count + excluded.count',
  });
}

/** v5 13.8. */
function pushStatus(ctx: SqlContext, row: TaskRow, now: number): Program<void> {
  const { project_id: projectId, app_id: appId, task_id: key } = row;
  return publish(ctx, { subject: 'batchtask:update', at: now, projectIds: [projectId] }, function* () {
    return [{ projectId, appId, key, notifyData: taskNotice(yield* withCause(ctx, row)) }];
  });
}
