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

export interface DetailsQuery {
  readonly task: Pick<Task, 'taskNo' | 'taskId' | 'counters'>;
  readonly filter: SubtaskFilter;
  readonly page: { readonly limit: number; readonly marker: RecordId; readonly offset: number };
}

interface DetailRow {
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
  const rows = yield* isFiltered(filter) ? readFiltered(ctx, query) : readPlain(query);
  const items = rows.map((row) => subtaskOf(task, row));
  return { items, count: yield* countMatches(ctx, query), marker: items.at(-1)?.recordId ?? null };
}

const isFiltered = (filter: SubtaskFilter): boolean => filter.state !== undefined || filter.target !== undefined;

const columns = 'seq, target, state, output, error_code, error_message';

/** Named texts: their plans are under test (design 5). */
export const plainDetailsSql = `SELECT ${columns} FROM subtasks WHERE task_no = ? AND seq < ? ORDER BY seq DESC LIMIT ?`;

export function filteredDetailsSql(dialect: Dialect, filter: SubtaskFilter): string {
  const { index, condition } = conditionOf(filter);
  return `SELECT ${columns} FROM subtasks ${dialect.indexedBy(index)} WHERE task_no = ? ${condition} AND seq < ?
    ORDER BY seq DESC LIMIT ? OFFSET ?`;
}

function* readPlain({ task, page }: DetailsQuery): Program<readonly DetailRow[]> {
  const below = Math.min(seqBelowMarker(task.taskId, page.marker), task.counters.total) - page.offset;
  return yield* all<DetailRow>({ sql: plainDetailsSql, parameters: [task.taskNo, below, page.limit] });
}

function* readFiltered({ dialect }: SqlContext, { task, filter, page }: DetailsQuery): Program<readonly DetailRow[]> {
  const below = seqBelowMarker(task.taskId, page.marker);
  return yield* all<DetailRow>({
    sql: filteredDetailsSql(dialect, filter),
    parameters: [task.taskNo, ...conditionOf(filter).parameters, below, page.limit, page.offset],
  });
}

/** The kept counters answer but for single targets, of which a task has few rows. */
function* countMatches({ dialect }: SqlContext, { task, filter }: DetailsQuery): Program<number> {
  if (filter.target === undefined) {
    const { counters } = task;
    return filter.state === undefined ? counters.total : counters[counterOf[filter.state]];
  }
  const { index, condition, parameters } = conditionOf(filter);
  const row = yield* first<{ count: number }>({
    sql: `SELECT count(*) AS count FROM subtasks ${dialect.indexedBy(index)} WHERE task_no = ? ${condition}`,
    parameters: [task.taskNo, ...parameters],
  });
  return row?.count ?? 0;
}

/** A target has few rows in a task, a state may have most of them: where both are given, the target finds them. */
function conditionOf(filter: SubtaskFilter): { index: string; condition: string; parameters: readonly string[] } {
  const state = filter.state === undefined ? [] : [filter.state];
  const target = filter.target === undefined ? [] : [filter.target];
  return {
    index: target.length > 0 ? 'subtasks_target' : 'subtasks_state',
    condition: `${state.length > 0 ? 'AND state = ?' : ''} ${target.length > 0 ? 'AND target = ?' : ''}`,
    parameters: [...state, ...target],
  };
}

function subtaskOf(task: DetailsQuery['task'], row: DetailRow): Subtask {
  return {
    recordId: subtaskRecordId(task.taskId, row.seq),
    target: row.target,
    state: row.state,
    output: parseObject(row.output),
    cause: causeOfRow(row),
  };
}
