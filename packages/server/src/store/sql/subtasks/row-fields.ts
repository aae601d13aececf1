import type { FileFormat, NamedCells, RowFields } from '../../../domain/batch-file.ts';
import type { Cause } from '../../../domain/problem.ts';
import { boxSeqOf, openRows } from '../batch-files/sealed-rows.ts';
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
    sql: `SELECT t.seq, t.parent, t.error_code, t.error_message FROM ${asked.from}
      ${ctx.dialect.orderedJoin} task_rows t ON t.task_no = r.task_no AND t.seq = r.seq`,
    parameters: asked.parameters,
  });
  const good = stored.filter((row) => causeOfRow(row) === undefined).map(({ seq }) => seq);
  const cells = yield* openCells(ctx, task.task_no, good);
  return new Map(stored.map((row) => [row.seq, keptOf(row, cells.get(row.seq), readRow)]));
}

function keptOf(row: StoredRow, cells: NamedCells | undefined, readRow: FileFormat['readRow'] | undefined): KeptRow {
  const reading = cells === undefined ? undefined : readRow?.(cells);
  const fields = reading?.kind === 'good' ? reading.fields : undefined;
  return { fields, cause: causeOfRow(row), parent: row.parent ?? undefined };
}

/** What rows of a task's file say, by their numbers. */
export function* openCells(
  { dialect, box }: SqlContext,
  taskNo: number,
  seqs: readonly number[],
): Program<ReadonlyMap<number, NamedCells>> {
  const asked = dialect.rows(
    { task_no: 'int', seq: 'int' },
    [...new Set(seqs.map(boxSeqOf))].map((seq) => [taskNo, seq]),
  );
  const boxes = yield* all<{ seq: number; cells: string }>({
    sql: `SELECT t.seq, t.cells FROM ${asked.from}
      ${dialect.orderedJoin} task_rows t ON t.task_no = r.task_no AND t.seq = r.seq`,
    parameters: asked.parameters,
  });
  const opened = openRows(box, boxes);
  return new Map(seqs.map((seq) => [seq, new Map(Object.entries((opened.get(seq) ?? {}) as Record<string, string>))]));
}
