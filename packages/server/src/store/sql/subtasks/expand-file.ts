import { type NamedCells, nameCells, readCells, type RowReading } from '../../../domain/batch-file.ts';
import { type JudgedRow, judgeRow } from '../../../domain/judge-row.ts';
import type { ExpandOptions } from '../../../ports/store/subtask-store.ts';
import { listFileRows } from '../batch-files/batch-file-store.ts';
import { sealRows, wholeBoxes } from '../batch-files/sealed-rows.ts';
import { checkedNumber } from '../checked.ts';
import { present } from '../columns.ts';
import type { Dialect } from '../dialect.ts';
import { insertRows } from '../insert-rows.ts';
import { all, first, type Program, type SqlValue } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { TaskRow } from '../tasks/task-codec.ts';
import { type ExpandStep, holdOf } from './expand-step.ts';

interface Written extends JudgedRow {
  readonly seq: number;
  readonly cells: NamedCells;
}

/** Reading and storing a row costs several times what a target costs that is copied inside the database. */
const costOfRow = 8;

/** v5 12: one subtask per data row, in the order of the rows; bad and repeated ones fail here (S2). */
export function* expandFile(ctx: SqlContext, task: TaskRow, options: ExpandOptions): Program<ExpandStep> {
  const { readRow } = options;
  if (readRow === undefined) throw new Error(`Tasks of type ${task.type} take no file.`);
  const limit = wholeBoxes(options.limit / costOfRow);
  const firstSeq = task.expand_cursor === '' ? 0 : Number(task.expand_cursor);
  const columns = yield* columnsOf(ctx, task.source);
  const rows = yield* listFileRows(ctx, { fileId: task.source, firstSeq, limit });
  const readings = rows.map(({ cells }) => readCells(columns, cells, readRow));
  const rowNoOf = yield* earlierRows(ctx, task, readings);
  const written = rows.map(
    ({ rowNo, cells }, index): Written => ({
      seq: firstSeq + index,
      cells: nameCells(columns, cells),
      ...judgeRow(rowNo, readings[index] as RowReading, rowNoOf),
    }),
  );
  yield* write(ctx, task, written);
  const failed = written.flatMap(({ cause }) => (cause === undefined ? [] : [cause]));
  const cursor = rows.length < limit ? undefined : String(firstSeq + rows.length);
  return { written: written.length - failed.length, failed, cursor };
}

function* columnsOf(ctx: SqlContext, fileId: string): Program<readonly string[]> {
  const row = yield* first(ctx.db.selectFrom('batch_files').select('columns').where('file_id', '=', fileId));
  return JSON.parse(present(row).columns) as readonly string[];
}

/** Named text: its plan is under test (design 5). Look-ups in look-ups: no planner can begin with the rows of the task instead. */
export const earlierRowsSql = ({ rows }: Dialect): string => `SELECT r.target, (SELECT min((
    SELECT t.row_no FROM task_rows t WHERE t.task_no = s.task_no AND t.seq = s.seq AND t.error_code IS NULL))
  FROM subtasks s WHERE s.target = r.target AND ${checkedNumber('s.task_no')} = ?) AS row_no
FROM ${rows({ target: 'text' }, []).from}`;

/** Rows of earlier steps that have these targets. */
function* earlierRows(
  { dialect }: SqlContext,
  task: TaskRow,
  readings: readonly RowReading[],
): Program<Map<string, number>> {
  if (task.expand_cursor === '') return new Map();
  const targets = new Set(readings.flatMap((reading) => (reading.kind === 'good' ? [reading.target] : [])));
  const asked = dialect.rows(
    { target: 'text' },
    [...targets].map((target) => [target]),
  );
  const rows = yield* all<{ target: string; row_no: number | null }>({
    sql: earlierRowsSql(dialect),
    parameters: [task.task_no, ...asked.parameters],
  });
  return new Map(rows.flatMap(({ target, row_no }) => (row_no === null ? [] : [[target, row_no]])));
}

const subtaskColumns = {
  task_no: 'int',
  seq: 'int',
  target: 'text',
  state: 'text',
  hold: 'text',
  error_code: 'text',
  error_message: 'text',
} as const;

const rowColumns = {
  task_no: 'int',
  seq: 'int',
  row_no: 'int',
  parent: 'text',
  cells: 'text',
  error_code: 'text',
  error_message: 'text',
} as const;

function* write(ctx: SqlContext, task: TaskRow, written: readonly Written[]): Program<void> {
  const hold = holdOf(task);
  const subtasks = written.map(({ seq, target, cause }): readonly SqlValue[] => {
    const state = cause === undefined ? ['Waitting', hold] : ['Fail', null];
    return [task.task_no, seq, target, ...state, cause?.code ?? null, cause?.message ?? null];
  });
  yield* insertRows(ctx, { into: 'subtasks', columns: subtaskColumns, rows: subtasks });
  const said = written.map(({ cells }) => Object.fromEntries([...cells].filter(([, text]) => text !== '')));
  const sealed = sealRows(ctx.box, written[0]?.seq ?? 0, said);
  const rows = written.map(({ seq, rowNo, reading, cause }, index): readonly SqlValue[] => {
    const parent = cause === undefined && reading.kind === 'good' ? reading.parent : undefined;
    const cells = sealed[index] ?? '';
    return [task.task_no, seq, rowNo, parent ?? null, cells, cause?.code ?? null, cause?.message ?? null];
  });
  yield* insertRows(ctx, { into: 'task_rows', columns: rowColumns, rows });
}
