import { type Expression, type ExpressionBuilder, sql, type SqlBool } from 'kysely';
import type { DeviceId, ProjectId, RecordId, TaskId } from '../../../domain/ids.ts';
import { asId } from '../../../domain/ids.ts';
import type { Page, PageRequest } from '../../../domain/paging.ts';
import type { Task, TaskTypeName } from '../../../domain/task.ts';
import type { QueueDepth, StatusChoice, TaskFilter } from '../../../ports/store/task-store.ts';
import type { ProductTraits } from '../../../domain/product.ts';
import { present } from '../columns.ts';
import { traitColumns } from '../products/trait-columns.ts';
import { locked } from '../locks.ts';
import { countRows, readPage } from '../page.ts';
import { all, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { Tables } from '../tables.ts';
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

interface CauseRow {
  readonly task_no: number;
  readonly code: string;
  readonly message: string;
  readonly count: number;
}

/** Those of a page of tasks in one look: a task has few causes. */
function* commonestCauses(
  { dialect }: SqlContext,
  tasks: readonly TaskRow[],
): Program<ReadonlyMap<number, NonNullable<Task['commonestCause']>>> {
  const failed = tasks.filter(({ fail }) => fail > 0).map(({ task_no }) => [task_no]);
  if (failed.length === 0) return new Map();
  const asked = dialect.rows({ task_no: 'int' }, failed);
  const rows = yield* all<CauseRow>({
    sql: `SELECT c.task_no, c.code, c.message, c.count FROM ${asked.from}
      ${dialect.orderedJoin} task_causes c ON c.task_no = r.task_no AND c.count > 0 ORDER BY c.count, c.code DESC`,
    parameters: asked.parameters,
  });
  // The last one of a task counts: the commonest, of equals the first by code.
  return new Map(rows.map(({ task_no, code, message }) => [task_no, { code, message }]));
}

/** The first targets of tasks that name their devices, each at most `first`; `first` fits one part. */
export function* listFirstTargets(
  { dialect }: SqlContext,
  taskNos: readonly number[],
  first: number,
): Program<ReadonlyMap<number, readonly string[]>> {
  if (taskNos.length === 0) return new Map();
  const asked = dialect.rows(
    { task_no: 'int' },
    taskNos.map((taskNo) => [taskNo]),
  );
  const rows = yield* all<{ task_no: number; targets: string }>({
    sql: `SELECT t.task_no, t.targets FROM ${asked.from}
      ${dialect.orderedJoin} task_targets t ON t.task_no = r.task_no AND t.part = 0`,
    parameters: asked.parameters,
  });
  return new Map(rows.map((row) => [row.task_no, (JSON.parse(row.targets) as string[]).slice(0, first)]));
}

export function* listTargets(ctx: SqlContext, taskNo: number, count?: number): Program<readonly string[]> {
  let query = ctx.db.selectFrom('task_targets').select('targets').where('task_no', '=', taskNo).orderBy('part');
  if (count !== undefined) query = query.limit(Math.ceil(count / targetsPerPart));
  const parts = yield* all(query);
  return parts.flatMap((part) => JSON.parse(part.targets) as string[]).slice(0, count);
}

type TaskExpressions = ExpressionBuilder<Tables, 'tasks'>;

function conditionsOf(eb: TaskExpressions, filter: TaskFilter): Expression<SqlBool>[] {
  const { appId, type, status, types, states, name, marks, traits, target } = filter;
  return [
    eb('project_id', '=', filter.projectId),
    ...(appId === undefined ? [] : [eb('app_id', '=', appId)]),
    ...(type === undefined ? [] : [eb('type', '=', type)]),
    ...(status === undefined ? [] : [eb('status', '=', status)]),
    ...(types === undefined ? [] : [isOneOfTypes(types)]),
    ...(states === undefined ? [] : [isInState(eb, states)]),
    ...(name === undefined ? [] : [eb('name', '=', name)]),
    ...(marks === undefined ? [] : [eb.or(marks.map((mark) => eb('legacy_type', mark === null ? 'is' : '=', mark)))]),
    ...(traits === undefined ? [] : [isAmong(eb, 'package_id', packagesWith(eb, traits, appId))]),
    ...(target === undefined ? [] : [isAmong(eb, 'task_no', tasksWith(eb, target))]),
  ];
}

/** Types stand in the text, in the order of the index `tasks_upgrades`: only so can a database prove that it has every row. */
const isOneOfTypes = (types: readonly TaskTypeName[]): Expression<SqlBool> =>
  sql<SqlBool>`type IN (${sql.join(types.map((type) => sql.lit(type)))})`;

/** The statuses by themselves are read off an index; what else is asked is looked at in the rows that have them. */
function isInState(eb: TaskExpressions, states: readonly StatusChoice[]): Expression<SqlBool> {
  const statuses = states.flatMap((choice) => choice.statuses);
  return eb.and([eb('status', 'in', statuses), eb.or(states.map((choice) => choiceOf(eb, choice)))]);
}

function choiceOf(eb: TaskExpressions, { statuses, failures, endedInTime }: StatusChoice): Expression<SqlBool> {
  const isLate = eb.and([eb('ends_at', 'is not', null), eb('finished_at', '>=', eb.ref('ends_at'))]);
  return eb.and([
    eb('status', 'in', statuses),
    ...(failures === undefined ? [] : [eb('fail', failures ? '>' : '=', 0)]),
    ...(endedInTime === undefined
      ? []
      : [endedInTime ? eb.or([eb('ends_at', 'is', null), eb('finished_at', '<', eb.ref('ends_at'))]) : isLate]),
  ]);
}

/** Looked up task by task, in the order of the tasks: a join would be sorted as a whole for each page. */
const isAmong = (
  eb: TaskExpressions,
  column: 'package_id' | 'task_no',
  found: Expression<unknown>,
): Expression<SqlBool> => sql<SqlBool>`(${eb.ref(column)} IN ${found}) IS TRUE`;

/** Read once, however many tasks there are; those that were deleted, too. */
function packagesWith(eb: TaskExpressions, traits: Partial<ProductTraits>, appId: TaskFilter['appId']) {
  let found = eb
    .selectFrom('packages')
    .innerJoin('product_traits', (join) =>
      join
        .onRef('product_traits.app_id', '=', 'packages.app_id')
        .onRef('product_traits.product_id', '=', 'packages.product_id'),
    )
    .select('packages.package_id');
  let former = eb.selectFrom('former_packages').select('former_packages.package_id');
  if (appId !== undefined) {
    found = found.where('product_traits.app_id', '=', appId);
    former = former.where('app_id', '=', appId);
  }
  for (const [column, value] of traitColumns(traits)) {
    found = found.where(column, '=', value);
    former = former.where(column, '=', value);
  }
  return found.unionAll(former);
}

const tasksWith = (eb: TaskExpressions, target: DeviceId) =>
  eb.selectFrom('subtasks as s').select('s.task_no').where('s.target', '=', target);

export function* listTasks(ctx: SqlContext, filter: TaskFilter, page: PageRequest): Program<Page<Task>> {
  const matching = ctx.db.selectFrom('tasks').where((eb) => eb.and(conditionsOf(eb, filter)));
  const { rows, count } = yield* readPage<TaskRow>(page, {
    read: ({ limit, offset, direction }) => {
      const below = matching.select('task_no').where('task_id', '<', page.marker);
      // What is skipped is read off an index, however much it is.
      const chosen = below.orderBy('task_id', direction).limit(limit).offset(offset).as('part');
      const joined = ctx.db.selectFrom(chosen).innerJoin('tasks', 'tasks.task_no', 'part.task_no');
      return all(joined.selectAll('tasks').orderBy('tasks.task_id', direction));
    },
    count: () => countRows(matching),
  });
  const causes = yield* commonestCauses(ctx, rows);
  const items = rows.map((row) => taskOf(row, causes.get(row.task_no)));
  const last = rows.at(-1);
  return { items, count, marker: last === undefined ? null : asId<RecordId>(last.task_id) };
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
