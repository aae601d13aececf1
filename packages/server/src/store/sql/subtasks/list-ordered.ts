import { counterOf } from '../../../domain/counters.ts';
import type { Page } from '../../../domain/paging.ts';
import { seqAboveMarker, subtaskRecordId } from '../../../domain/subtask-record.ts';
import type { OrderedFilter, OrderedQuery, OrderedSubtask, SubtaskChoice } from '../../../ports/store/subtask-store.ts';
import { forEach } from '../checked.ts';
import { all, first, type Program, type Statement } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { parseObject } from '../tasks/task-codec.ts';
import type { DetailRow } from './details.ts';
import { causeOfRow } from './outcome.ts';
import { openCells } from './row-fields.ts';
import { openSecrets } from './sealed-output.ts';
import { seekWindow } from './seek-window.ts';
import { seqsOf, setsOf, timeCodes } from './state-seqs.ts';

interface OrderedRow extends DetailRow {
  readonly attempt: number;
  readonly step: string | null;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly is_cached: number;
}

/** Its command has not left yet. One look-up in the index `commands_cached`, word for word as it says. */
const isCached = `EXISTS (SELECT 1 FROM commands c WHERE c.task_no = s.task_no AND c.seq = s.seq AND c.status = 'PENDING'
  AND c.task_no IS NOT NULL ${forEach})`;

const columns = `s.seq, s.target, s.state, s.output, s.error_code, s.error_message, s.attempt, s.step, s.started_at, s.ended_at,
  CASE WHEN s.state = 'Processing' AND ${isCached} THEN 1 ELSE 0 END AS is_cached`;

/** In input order, that is by seq: a page without a filter is a key look-up, because seq is dense. */
export function* listOrdered(ctx: SqlContext, query: OrderedQuery): Program<Page<OrderedSubtask>> {
  const { task } = query;
  const count = yield* countMatches(ctx, query);
  const rows = yield* readRows(ctx, query, count);
  const cells =
    task.sourceKind === 'file'
      ? yield* openCells(
          ctx,
          task.taskNo,
          rows.map(({ seq }) => seq),
        )
      : undefined;
  const items = rows.map(
    (row): OrderedSubtask => ({
      recordId: subtaskRecordId(task.taskId, row.seq),
      seq: row.seq,
      target: row.target,
      state: row.state,
      attempt: row.attempt,
      step: row.step ?? undefined,
      ...openSecrets(parseObject(row.output), ctx.box),
      cause: causeOfRow(row),
      startedAt: row.started_at ?? undefined,
      endedAt: row.ended_at ?? undefined,
      isCached: row.is_cached === 1,
      cells: cells?.get(row.seq),
    }),
  );
  const last = rows.at(-1);
  return { items, count, marker: last === undefined ? null : subtaskRecordId(task.taskId, last.seq) };
}

function* readRows(ctx: SqlContext, query: OrderedQuery, count: number): Program<readonly OrderedRow[]> {
  const { task, filter, page } = query;
  const from = page.marker === '' ? 0 : seqAboveMarker(task.taskId, page.marker);
  if (namesRows(filter)) {
    const { sql, parameters } = namedRows(ctx, query);
    return yield* all<OrderedRow>({
      sql: `SELECT ${columns} FROM ${sql} AND s.seq >= ? ORDER BY s.seq LIMIT ? OFFSET ?`,
      parameters: [...parameters, from, page.limit, page.offset],
    });
  }
  if (filter.choices !== undefined) {
    const { sql, parameters } = yield* chosenSeqs(ctx, query, { from, count, choices: filter.choices });
    return yield* all<OrderedRow>({
      sql: `SELECT ${columns} FROM (${sql}) part ${ctx.dialect.orderedJoin} subtasks s ON s.task_no = ? AND s.seq = part.seq
        ORDER BY part.seq`,
      parameters: [...parameters, task.taskNo],
    });
  }
  return yield* all<OrderedRow>({
    sql: `SELECT ${columns} FROM subtasks s WHERE s.task_no = ? AND s.seq >= ? ORDER BY s.seq LIMIT ?`,
    parameters: [task.taskNo, from + page.offset, page.limit],
  });
}

interface Chosen {
  readonly from: number;
  readonly count: number;
  readonly choices: readonly SubtaskChoice[];
}

/** One index is walked as fast as it is counted; where several are merged, the page is sought first. */
function* chosenSeqs(
  { dialect }: SqlContext,
  { task, page: { limit, offset } }: OrderedQuery,
  { from, count, choices }: Chosen,
): Program<Statement> {
  const sets = setsOf(dialect, choices);
  const page = { taskNo: task.taskNo, sets, order: 'ASC', limit } as const;
  const { total } = task.counters;
  if (sets.length === 1 && sets[0]?.part === undefined) {
    const range = { from, below: total };
    return seqsOf(dialect, { ...page, range, offset, count: from === 0 ? count : undefined });
  }
  const window = yield* seekWindow({ ...page, total, count, from, offset });
  return seqsOf(dialect, { ...page, ...window, count: undefined });
}

const namesRows = ({ seqs, targets }: OrderedFilter): boolean => seqs !== undefined || targets !== undefined;

/** FROM and WHERE: a task has few rows of a number or a target, so what else is asked is looked at row by row. */
function namedRows({ dialect }: SqlContext, { task, filter }: Pick<OrderedQuery, 'task' | 'filter'>): Statement {
  const { seqs, targets, choices } = filter;
  const chosen = choices === undefined ? '' : `AND (${choices.map((choice) => conditionOf(choice)).join(' OR ')})`;
  const seqSet = dialect.rows(
    { task_no: 'int', seq: 'int' },
    (seqs ?? []).map((seq) => [task.taskNo, seq]),
  );
  const targetSet = dialect.rows(
    { target: 'text', task_no: 'int' },
    (targets ?? []).map((target) => [target, task.taskNo]),
    'g',
  );
  if (seqs === undefined) {
    // Said outright: SQLite would rather walk all rows of the task, which are in the order that is wanted.
    const rows = `subtasks s ${dialect.indexedBy('subtasks_target')}`;
    return {
      sql: `${targetSet.from} ${dialect.orderedJoin} ${rows} ON s.target = g.target AND s.task_no = g.task_no WHERE true ${chosen}`,
      parameters: targetSet.parameters,
    };
  }
  const bySeq = `${seqSet.from} ${dialect.orderedJoin} subtasks s ON s.task_no = r.task_no AND s.seq = r.seq WHERE true ${chosen}`;
  if (targets === undefined) return { sql: bySeq, parameters: seqSet.parameters };
  return {
    sql: `${bySeq} AND s.target IN (SELECT g.target FROM ${targetSet.from})`,
    parameters: [...seqSet.parameters, ...targetSet.parameters],
  };
}

function conditionOf({ state, byTime, cached }: SubtaskChoice): string {
  return [
    `s.state = '${state}'`,
    ...(byTime === undefined ? [] : [`${byTime ? '' : 'NOT '}coalesce(s.error_code, '') IN (${timeCodes})`]),
    ...(cached === undefined ? [] : [`${cached ? '' : 'NOT '}${isCached}`]),
  ].join(' AND ');
}

/** The kept counters answer, but for rows that are named, and for commands that have not left. */
function* countMatches(ctx: SqlContext, query: OrderedQuery): Program<number> {
  const { task, filter } = query;
  if (namesRows(filter)) {
    const { sql, parameters } = namedRows(ctx, query);
    return (yield* first<{ count: number }>({ sql: `SELECT count(*) AS count FROM ${sql}`, parameters }))?.count ?? 0;
  }
  if (filter.choices === undefined) return task.counters.total;
  let sum = 0;
  for (const choice of filter.choices) sum += yield* countOf(task, choice);
  return sum;
}

function* countOf(task: OrderedQuery['task'], { state, byTime, cached }: SubtaskChoice): Program<number> {
  const inState = task.counters[counterOf[state]];
  const { timedOut, expired } = task.timeFailures;
  if (byTime !== undefined) return byTime ? timedOut + expired : inState - timedOut - expired;
  if (cached === undefined || inState === 0) return inState;
  const row = yield* first<{ count: number }>({
    sql: `SELECT count(*) AS count FROM commands WHERE task_no = ? AND status = 'PENDING' AND task_no IS NOT NULL`,
    parameters: [task.taskNo],
  });
  const waiting = Math.min(row?.count ?? 0, inState);
  return cached ? waiting : inState - waiting;
}
