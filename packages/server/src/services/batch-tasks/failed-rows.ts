import type { Readable } from 'node:stream';
import { type FileFormat, reasonColumns } from '../../domain/batch-file.ts';
import { Problem } from '../../domain/problem.ts';
import type { Task } from '../../domain/task.ts';
import type { SubtaskStore } from '../../ports/store/subtask-store.ts';
import type { TableFiles, TableFormat } from '../../ports/table-files.ts';
import type { TaskTypeTable } from '../../ports/task-type.ts';

export interface FailedRowsParts {
  readonly store: { readonly subtasks: Pick<SubtaskStore, 'listFailedRows'> };
  readonly types: TaskTypeTable;
  readonly tables: TableFiles;
}

export interface FailedRowsWish {
  readonly format: TableFormat;
  /** Without it cells that are secrets stay empty (v5 13.7). */
  readonly maySeeSecrets: boolean;
}

const rowsPerStep = 1000;
const secretColumns: ReadonlySet<string> = new Set(['secret', 'fingerprint']);

/**
 * The rows of a task's file that failed, each with its reason, as a file that can be mended and uploaded again. Rows that are retried
 * meanwhile may be in it or not. Problems: taskParameter (a task without a file).
 */
export function failedRowsOf({ store, types, tables }: FailedRowsParts, task: Task, wish: FailedRowsWish): Readable {
  const { file } = types[task.type];
  if (file === undefined)
    throw withoutFile(task, 'Such tasks take no file, so there are no rows that could have failed.');
  if (task.sourceKind !== 'file') throw withoutFile(task, 'This task was not made of a file, so it has no rows.');
  return tables.write(rowsOf(store.subtasks, task, { file, ...wish }), wish.format);
}

const withoutFile = ({ type }: Task, why: string): Problem =>
  new Problem('taskParameter', { field: 'task_id', args: ['task_id', type, why] });

async function* rowsOf(
  subtasks: Pick<SubtaskStore, 'listFailedRows'>,
  task: Task,
  { file, maySeeSecrets }: FailedRowsWish & { readonly file: FileFormat },
): AsyncGenerator<readonly string[]> {
  const columns = file.columns.filter((column) => column.legacy !== true || task.legacy).map(({ name }) => name);
  yield [...columns, ...reasonColumns];
  let afterSeq = -1;
  for (;;) {
    const rows = await subtasks.listFailedRows(task.taskNo, afterSeq, rowsPerStep);
    for (const { seq, cells, cause } of rows) {
      const shown = columns.map((name) => (secretColumns.has(name) && !maySeeSecrets ? '' : (cells.get(name) ?? '')));
      yield [...shown, cause === undefined ? '' : `IOTDA.${cause.code}`, cause?.message ?? ''];
      afterSeq = seq;
    }
    if (rows.length < rowsPerStep) return;
  }
}
