import type { FileFormat, NamedCells, RowFields } from '../../../domain/batch-file.ts';
import type { Cause } from '../../../domain/problem.ts';
import type { SecretBox } from '../../../ports/secret-box.ts';
import { objectOf } from '../columns.ts';
import { all, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { TaskRow } from '../tasks/task-codec.ts';
import { causeOfRow } from './outcome.ts';

/** What a task keeps of a row of its file. */
export interface KeptRow {
  /** Undefined: the row is bad. */
  readonly fields: RowFields | undefined;
  readonly cause: Cause | undefined;
  readonly parent: string | undefined;
}

interface StoredRow {
  readonly seq: number;
  readonly parent: string | null;
  readonly cells: string;
  readonly error_code: string | null;
  readonly error_message: string | null;
}

/** By seq; empty for tasks without a file. */
export function* readKeptRows(
  ctx: SqlContext,
  task: TaskRow,
  {
    rows,
    readRow,
  }: { readonly rows: readonly { readonly seq: number }[]; readonly readRow: FileFormat['readRow'] | undefined },
): Program<ReadonlyMap<number, KeptRow>> {
  if (task.source_kind !== 'file' || rows.length === 0) return new Map();
  const asked = ctx.dialect.rows(
    { task_no: 'int', seq: 'int' },
    rows.map(({ seq }) => [task.task_no, seq]),
  );
  const stored = yield* all<StoredRow>({
    sql: `SELECT t.seq, t.parent, t.cells, t.error_code, t.error_message FROM ${asked.from}
      ${ctx.dialect.orderedJoin} task_rows t ON t.task_no = r.task_no AND t.seq = r.seq`,
    parameters: asked.parameters,
  });
  return new Map(stored.map((row) => [row.seq, keptOf(row, ctx.box, readRow)]));
}

function keptOf(row: StoredRow, box: SecretBox, readRow: FileFormat['readRow'] | undefined): KeptRow {
  const cause = causeOfRow(row);
  const reading = cause === undefined ? readRow?.(openCells(row.cells, box)) : undefined;
  return { fields: reading?.kind === 'good' ? reading.fields : undefined, cause, parent: row.parent ?? undefined };
}

export function openCells(sealed: string, box: SecretBox): NamedCells {
  return new Map(Object.entries(objectOf(box.open(sealed))) as [string, string][]);
}
