import type { Cause } from '../../../domain/problem.ts';
import { attemptTaskWalk } from '../locks.ts';
import { all, change, first, Outdated, type Program } from '../program.ts';
import type { Expansion, ExpandOptions } from '../../../ports/store/subtask-store.ts';
import type { SqlContext } from '../sql-context.ts';
import { targetsPerPart } from '../tasks/insert-task.ts';
import type { TaskRow } from '../tasks/task-codec.ts';
import { getTaskRow, lockTaskRow } from '../tasks/task-queries.ts';
import { countCauses, noChange, passThrough, writeProgress } from '../tasks/task-progress.ts';
import { expandGroups } from './expand-groups.ts';
import { expandFile } from './expand-file.ts';
import { type ExpandStep, holdOf } from './expand-step.ts';

const nothingLeft: Expansion = { written: 0, done: true, isElsewhere: false };

/** Set-up of a task, one chunk a call; after a restart it goes on at the stored cursor. */
export function* expand(ctx: SqlContext, taskNo: number, options: ExpandOptions): Program<Expansion> {
  if (!(yield* attemptTaskWalk(ctx, taskNo))) return { written: 0, done: false, isElsewhere: true };
  const task = yield* getTaskRow(ctx, taskNo);
  if (task === undefined || task.expanded === 1) return nothingLeft;
  if (isAheadOfSchedule(task, options.now)) return yield* waitForStart(ctx, taskNo, options.now);
  const step = yield* expandSource(ctx, task, options);
  yield* countWritten(ctx, task, step);
  if (step.cursor !== undefined) return { written: step.written, done: false, isElsewhere: false };
  yield* finish(ctx, task, { step, now: options.now });
  return { ...nothingLeft, written: step.written };
}

function expandSource(ctx: SqlContext, task: TaskRow, options: ExpandOptions): Program<ExpandStep> {
  switch (task.source_kind) {
    case 'groups':
      return expandGroups(ctx, task, options);
    case 'file':
      return expandFile(ctx, task, options);
    case 'devices':
      return expandDevices(ctx, task, options.limit);
  }
}

/** v5 13.3: groups are resolved when the task starts; legacy 4.2: when it is made. */
const isAheadOfSchedule = (task: TaskRow, now: number): boolean =>
  task.source_kind === 'groups' && task.legacy === null && task.start_at !== null && task.start_at > now;

/** T2: a scheduled group task waits with total 0; its groups are resolved when it starts. */
function* waitForStart(ctx: SqlContext, taskNo: number, now: number): Program<Expansion> {
  const task = yield* lockTaskRow(ctx, taskNo);
  if (task?.status === 'Initializing') yield* passThrough(ctx, task, { statuses: ['Waitting'], now });
  return nothingLeft;
}

/** As many stored parts of the targets as fit the limit become subtasks, inside the database. */
function* expandDevices(ctx: SqlContext, task: TaskRow, limit: number): Program<ExpandStep> {
  const part = task.expand_cursor === '' ? 0 : Number(task.expand_cursor);
  const next = part + Math.max(1, Math.floor(limit / targetsPerPart));
  const written = yield* change({
    sql: `INSERT INTO subtasks (task_no, seq, target, state, hold)
      SELECT t.task_no, t.part * ${targetsPerPart} + j.key, j.value, 'Waitting', CAST(? AS TEXT)
      FROM task_targets t, ${ctx.dialect.elementsOf('t.targets')} WHERE t.task_no = ? AND t.part >= ? AND t.part < ?`,
    parameters: [holdOf(task), task.task_no, part, next],
  });
  const more = yield* first(
    ctx.db.selectFrom('task_targets').select('part').where('task_no', '=', task.task_no).where('part', '=', next),
  );
  return { written, cursor: more === undefined ? undefined : String(next) };
}

/** A stop that was accepted meanwhile has counted what there was: nothing may be written behind it. */
function* countWritten(ctx: SqlContext, task: TaskRow, step: ExpandStep): Program<void> {
  const { written, failed = [] } = step;
  yield* countCauses(ctx, task.task_no, sumOfCauses(failed));
  const counted = yield* change(
    ctx.db
      .updateTable('tasks')
      .set((eb) => ({
        waitting: eb('waitting', '+', written),
        fail: eb('fail', '+', failed.length),
        total: eb('total', '+', written + failed.length),
        expand_cursor: step.cursor ?? '',
      }))
      .where('task_no', '=', task.task_no)
      .where('expanded', '=', 0),
  );
  if (counted === 0) throw new Outdated(`Task ${task.task_id}`);
}

function sumOfCauses(failed: readonly Cause[]): ReadonlyMap<string, { cause: Cause; by: number }> {
  const sums = new Map<string, { cause: Cause; by: number }>();
  for (const cause of failed) sums.set(cause.code, { cause, by: (sums.get(cause.code)?.by ?? 0) + 1 });
  return sums;
}

/** T2, T3, T5: the subtasks stand and show, or set-up failed. */
function* finish(
  ctx: SqlContext,
  task: TaskRow,
  options: { readonly step: ExpandStep; readonly now: number },
): Program<void> {
  const { step, now } = options;
  const [row] = yield* all<TaskRow>(
    ctx.db
      .updateTable('tasks')
      .set({ expanded: 1, setup_failure: step.failure ?? null })
      .where('task_no', '=', task.task_no)
      .returningAll(),
  );
  if (row === undefined) return;
  if (step.failure !== undefined) yield* passThrough(ctx, row, { statuses: ['Fail'], now });
  else if (row.status === 'Initializing') yield* passThrough(ctx, row, { statuses: ['Waitting'], now });
  // Rows that were bad from the start may have ended the task already (T5).
  yield* writeProgress(ctx, task.task_no, { ...noChange, now });
}
