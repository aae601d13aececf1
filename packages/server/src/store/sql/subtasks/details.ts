import { counterOf } from '../../../domain/counters.ts';
import type { RecordId } from '../../../domain/ids.ts';
import type { Page } from '../../../domain/paging.ts';
import type { SubtaskState } from '../../../domain/subtask-state.ts';
import { seqBelowMarker, subtaskRecordId } from '../../../domain/subtask-record.ts';
import type { Task } from '../../../domain/task.ts';
import type { Subtask, SubtaskFilter } from '../../../ports/store/subtask-store.ts';
import { all, first, type Program } from '../program.ts';
import type { Dialect } from '../dialect.ts';
import type { SqlContext } from '../sql-context.ts';
import { parseObject } from '../tasks/task-codec.ts';
import { causeOfRow } from './outcome.ts';
import { openSecrets } from './sealed-output.ts';
import { seqsOf, setsOf } from './state-seqs.ts';

export interface DetailsQuery {
  readonly task: Pick<Task, 'taskNo' | 'taskId' | 'counters'>;
  readonly filter: SubtaskFilter;
  readonly page: { readonly limit: number; readonly marker: RecordId; readonly offset: number };
}

export interface DetailRow {
  readonly seq: number;
  readonly target: string;
  readonly state: SubtaskState;
  readonly output: string | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
}

/** v5 11.4: record id descending, that is the last input first. Any page without a filter is a key look-up, because seq is dense. */
export function* listDetails(ctx: SqlContext, query: DetailsQuery): Program<Page<Subtask>> {
  const { task, filter } = query;
  const count = yield* countMatches(ctx, query);
  const rows = yield* isFiltered(filter) ? readFiltered(ctx, query, count) : readPlain(query);
  const items = rows.map((row) => subtaskOf(ctx, task, row));
  return { items, count, marker: items.at(-1)?.recordId ?? null };
}

const isFiltered = (filter: SubtaskFilter): boolean => filter.state !== undefined || filter.target !== undefined;

export const detailColumns = 'seq, target, state, output, error_code, error_message';

/** Named texts: their plans are under test (design 5). */
export const plainDetailsSql = `SELECT ${detailColumns} FROM subtasks WHERE task_no = ? AND seq < ? ORDER BY seq DESC LIMIT ?`;

/** A target has few rows in a task, a state may have most of them: where both are given, the target finds them. */
export const targetDetailsSql = (dialect: Dialect, state: SubtaskState | undefined): string =>
  `SELECT ${detailColumns} FROM subtasks ${dialect.indexedBy('subtasks_target')}
    WHERE target = ? AND task_no = ? ${stateOf(state)} AND seq < ? ORDER BY seq DESC LIMIT ? OFFSET ?`;

/** The rows of such seqs. */
export const stateDetailsSql = (dialect: Dialect, seqs: string): string =>
  `SELECT s.seq, s.target, s.state, s.output, s.error_code, s.error_message FROM (${seqs}) part
    ${dialect.orderedJoin} subtasks s ON s.task_no = ? AND s.seq = part.seq ORDER BY part.seq DESC`;

const stateOf = (state: SubtaskState | undefined): string => (state === undefined ? '' : `AND state = '${state}'`);

function* readPlain({ task, page }: DetailsQuery): Program<readonly DetailRow[]> {
  const below = Math.min(seqBelowMarker(task.taskId, page.marker), task.counters.total) - page.offset;
  return yield* all<DetailRow>({ sql: plainDetailsSql, parameters: [task.taskNo, below, page.limit] });
}

function* readFiltered({ dialect }: SqlContext, query: DetailsQuery, count: number): Program<readonly DetailRow[]> {
  const { task, filter, page } = query;
  const below = seqBelowMarker(task.taskId, page.marker);
  const { limit, offset } = page;
  if (filter.state === undefined || filter.target !== undefined) {
    return yield* all<DetailRow>({
      sql: targetDetailsSql(dialect, filter.state),
      parameters: [filter.target ?? '', task.taskNo, below, limit, offset],
    });
  }
  const seqs = seqsOf(dialect, {
    ...{ taskNo: task.taskNo, sets: setsOf(dialect, [{ state: filter.state }]), order: 'DESC', limit, offset },
    range: { from: 0, below },
    count: below < task.counters.total ? undefined : count,
  });
  return yield* all<DetailRow>({
    sql: stateDetailsSql(dialect, seqs.sql),
    parameters: [...seqs.parameters, task.taskNo],
  });
}

/** The kept counters answer but for single targets, of which a task has few rows. */
function* countMatches({ dialect }: SqlContext, { task, filter }: DetailsQuery): Program<number> {
  if (filter.target === undefined) {
    const { counters } = task;
    return filter.state === undefined ? counters.total : counters[counterOf[filter.state]];
  }
  const row = yield* first<{ count: number }>({
    sql: `SELECT count(*) AS count FROM subtasks ${dialect.indexedBy('subtasks_target')}
      WHERE target = ? AND task_no = ? ${stateOf(filter.state)}`,
    parameters: [filter.target, task.taskNo],
  });
  return row?.count ?? 0;
}

function subtaskOf({ box }: SqlContext, task: DetailsQuery['task'], row: DetailRow): Subtask {
  return {
    recordId: subtaskRecordId(task.taskId, row.seq),
    target: row.target,
    state: row.state,
    ...openSecrets(parseObject(row.output), box),
    cause: causeOfRow(row),
  };
}
