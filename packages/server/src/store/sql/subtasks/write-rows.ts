import { isFinalSubtask } from '../../../domain/subtask-state.ts';
import { change, type Program, type SqlValue } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { NextRow } from './outcome.ts';

/** What differs from row to row; all else is said once for all rows that have it in common. */
const finishColumns = { task_no: 'int', seq: 'int', output: 'text', code: 'text', message: 'text' } as const;
const otherColumns = { ...finishColumns, due_at: 'int', work: 'text' } as const;

const finishSets = `state = ?, attempt = ?, started_at = coalesce(started_at, CAST(? AS BIGINT)), ended_at = ?,
  output = r.output, error_code = r.code, error_message = r.message`;
const otherSets = `${finishSets}, hold = ?, lane = ?, retries = ?, step = ?, due_at = r.due_at, work = r.work`;

/** Writes the rows of a task as they are after their verdicts; undefined: that row stays as it is. */
export function* writeRows(
  ctx: SqlContext,
  { taskNo, now }: { readonly taskNo: number; readonly now: number },
  rows: readonly (NextRow | undefined)[],
): Program<void> {
  for (const alike of groupsOf(rows.filter((row) => row !== undefined))) yield* writeAlike(ctx, { taskNo, now }, alike);
}

/** A chunk has few kinds of ends: types have few steps, and attempts are counted in single figures. */
function groupsOf(rows: readonly NextRow[]): Iterable<Alike> {
  const groups = new Map<string, NextRow[]>();
  for (const row of rows) {
    const { state, attempt, hold, lane, retries, step, starts } = row;
    const key = `${isPlainFinish(row)} ${starts} ${state} ${attempt} ${hold} ${lane} ${retries} ${step}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [row]);
    else known.push(row);
  }
  return groups.values() as Iterable<Alike>;
}

type Alike = readonly [NextRow, ...NextRow[]];

/**
 * Only state, attempt, output and cause differ from the row as set-up wrote it. What was never set is not named, so that the indexes on it
 * are not looked at: a third of the cost of a settle of a database-only type.
 */
const isPlainFinish = (row: NextRow): boolean => row.from === 'Waitting' && !row.wasHeld && isFinalSubtask(row.state);

function* writeAlike(
  { dialect }: SqlContext,
  { taskNo, now }: { readonly taskNo: number; readonly now: number },
  rows: Alike,
): Program<void> {
  const [{ state, attempt, hold, lane, retries, step, starts }] = rows;
  const plain = isPlainFinish(rows[0]);
  const set = plain
    ? dialect.rows(
        finishColumns,
        rows.map((row) => finishValues(taskNo, row)),
      )
    : dialect.rows(
        otherColumns,
        rows.map((row) => [...finishValues(taskNo, row), row.dueAt, row.work]),
      );
  yield* change({
    sql: `UPDATE subtasks SET ${plain ? finishSets : otherSets} FROM ${set.from}
      WHERE subtasks.task_no = r.task_no AND subtasks.seq = r.seq`,
    parameters: [
      ...[state, attempt, starts ? now : null, isFinalSubtask(state) ? now : null],
      ...(plain ? [] : [hold, lane, retries, step]),
      ...set.parameters,
    ],
  });
}

const finishValues = (taskNo: number, { seq, output, cause }: NextRow): readonly SqlValue[] => [
  taskNo,
  seq,
  output,
  cause?.code ?? null,
  cause?.message ?? null,
];
