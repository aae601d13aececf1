import { sql } from 'kysely';
import type { ProjectId, RecordId, TaskId } from '../../../domain/ids.ts';
import { asId } from '../../../domain/ids.ts';
import type { Page, PageRequest } from '../../../domain/paging.ts';
import type { Task } from '../../../domain/task.ts';
import type { QueueDepth, TaskFilter } from '../../../ports/store/task-store.ts';
import { present } from '../columns.ts';
import { locked } from '../locks.ts';
import { all, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { isUnfinished } from '../unfinished.ts';
import { targetsPerPart } from './insert-task.ts';
import { type TaskRow, taskOf } from './task-codec.ts';

export function* findTask(ctx: SqlContext, projectId: ProjectId, taskId: TaskId): Program<Task | undefined> {
  const row = yield* first(
    ctx.db.selectFrom('tasks').selectAll().where('task_id', '=', taskId).where('project_id', '=', projectId),
  );
  return row === undefined ? undefined : yield* withCause(ctx, row);
}

export function* getTaskRow(ctx: SqlContext, taskNo: number): Program<TaskRow | undefined> {
  return yield* first<TaskRow>(ctx.db.selectFrom('tasks').selectAll().where('task_no', '=', taskNo));
}

/** Nobody else changes it from here on. Whoever locks subtasks as well locks them before. */
export function* lockTaskRow(ctx: SqlContext, taskNo: number): Program<TaskRow | undefined> {
  return yield* first<TaskRow>(locked(ctx, ctx.db.selectFrom('tasks').selectAll().where('task_no', '=', taskNo)));
}

/** The task with its commonest cause of failure, where it has failures to explain (v5 13.7). */
export function* withCause(ctx: SqlContext, row: TaskRow): Program<Task> {
  if (row.fail === 0) return taskOf(row);
  const cause = yield* first(
    ctx.db
      .selectFrom('task_causes')
      .select(['code', 'message'])
      .where('task_no', '=', row.task_no)
      .where('count', '>', 0)
      .orderBy('count', 'desc')
      .orderBy('code')
      .limit(1),
  );
  return taskOf(row, cause);
}

export function* listTargets(ctx: SqlContext, taskNo: number, count?: number): Program<readonly string[]> {
  let query = ctx.db.selectFrom('task_targets').select('targets').where('task_no', '=', taskNo).orderBy('part');
  if (count !== undefined) query = query.limit(Math.ceil(count / targetsPerPart));
  const parts = yield* all(query);
  return parts.flatMap((part) => JSON.parse(part.targets) as string[]).slice(0, count);
}

export function* listTasks(ctx: SqlContext, filter: TaskFilter, page: PageRequest): Program<Page<Task>> {
  let matching = ctx.db.selectFrom('tasks').where('project_id', '=', filter.projectId);
  if (filter.appId !== undefined) matching = matching.where('app_id', '=', filter.appId);
  if (filter.type !== undefined) matching = matching.where('type', '=', filter.type);
  if (filter.status !== undefined) matching = matching.where('status', '=', filter.status);

  const counted = yield* first(matching.select((eb) => eb.fn.countAll<number>().as('count')));
  const rows = yield* all(
    matching
      .selectAll()
      .where('task_id', '<', page.marker)
      .orderBy('task_id', 'desc')
      .limit(page.limit)
      .offset(page.offset),
  );
  const items: Task[] = [];
  // At most one page of key look-ups, and only for tasks that have failures.
  for (const row of rows) items.push(yield* withCause(ctx, row));
  const last = rows.at(-1);
  return { items, count: counted?.count ?? 0, marker: last === undefined ? null : asId<RecordId>(last.task_id) };
}

export function* queueDepth(ctx: SqlContext): Program<QueueDepth> {
  const sum = (column: 'waitting' | 'processing' | 'fail_wait_retry') =>
    sql<number>`coalesce(sum(${sql.ref(column)}), 0)`;
  const row = yield* first(
    ctx.db
      .selectFrom('tasks')
      .select([
        sum('waitting').as('Waitting'),
        sum('processing').as('Processing'),
        sum('fail_wait_retry').as('FailWaitRetry'),
      ])
      .where(isUnfinished),
  );
  return present(row);
}
