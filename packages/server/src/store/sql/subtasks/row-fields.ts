import type { RowFields } from '../../../domain/batch-file.ts';
import type { Cause } from '../../../domain/problem.ts';
import { all, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { parseObject, type TaskRow } from '../tasks/task-codec.ts';
import { causeOfRow } from './outcome.ts';

/** What a task keeps of a row of its file. */
export interface KeptRow {
  /** Undefined: the row is bad. */
  readonly fields: RowFields | undefined;
  readonly cause: Cause | undefined;
  readonly parent: string | undefined;
}

/** By seq; empty for tasks without a file. */
export function* readKeptRows(
  { dialect }: SqlContext,
  task: TaskRow,
  rows: readonly { readonly seq: number }[],
): Program<ReadonlyMap<number, KeptRow>> {
  if (task.source_kind !== 'file' || rows.length === 0) return new Map();
  const asked = dialect.rows(
    { task_no: 'int', seq: 'int' },
    rows.map(({ seq }) => [task.task_no, seq]),
  );
  const kept = yield* all<{
    seq: number;
    parent: string | null;
    fields: string | null;
    error_code: string | null;
    error_message: string | null;
  }>({
    sql: `SELECT t.seq, t.parent, t.fields, t.error_code, t.error_message FROM ${asked.from}
      ${dialect.orderedJoin} task_rows t ON t.task_no = r.task_no AND t.seq = r.seq`,
    parameters: asked.parameters,
  });
  return new Map(
    kept.map((row) => [
      row.seq,
      {
        fields: parseObject(row.fields) as RowFields | undefined,
        cause: causeOfRow(row),
        parent: row.parent ?? undefined,
      },
    ]),
  );
}
