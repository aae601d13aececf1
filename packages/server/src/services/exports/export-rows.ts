import type { ListedRow, SubtaskStore } from '../../ports/store/subtask-store.ts';
import { type Clock, sleep } from '../../ports/clock.ts';
import type { ExportJob } from '../../ports/store/export-store.ts';
import { shownOutcome } from '../batch-tasks/shown-outcome.ts';
import { Interrupted } from './interrupted.ts';

/** How far an export is. */
export interface ExportProgress {
  rows: number;
  /** Of the task, as it was last seen. */
  total: number;
  hasSecrets: boolean;
}

export interface ExportRowsParts {
  readonly store: { readonly subtasks: Pick<SubtaskStore, 'listRows'> };
  readonly clock: Clock;
}

export interface ExportRowsOptions {
  readonly job: ExportJob;
  readonly progress: ExportProgress;
  readonly signal: AbortSignal;
  /** Called after each page: somebody may have taken the export away. */
  onPage(): Promise<void>;
}

/** v5 14. */
const header = ['target', 'status', 'output', 'error_code', 'error_msg'] as const;

const rowsPerPage = 250;
const restMinMs = 1;
const restMaxMs = 50;

/**
 * A task's subtasks as rows of a table, in input order, each as it is when it is read. Between two pages it rests as long as a page took,
 * so that tasks and calls always have their share of the process.
 */
export async function* exportRows(
  { store, clock }: ExportRowsParts,
  { job, progress, signal, onPage }: ExportRowsOptions,
): AsyncGenerator<readonly string[]> {
  yield header;
  let afterSeq = -1;
  for (;;) {
    const startedAt = clock.now();
    const page = await store.subtasks.listRows(job.taskNo, afterSeq, rowsPerPage);
    if (page === undefined) throw new Interrupted('taskGone');
    progress.total = page.total;
    for (const row of page.rows) {
      yield cellsOf(row, job.task.showsSecrets, progress);
      afterSeq = row.seq;
    }
    progress.rows += page.rows.length;
    if (page.rows.length < rowsPerPage) return;
    await onPage();
    await sleep(clock, Math.min(restMaxMs, Math.max(restMinMs, clock.now() - startedAt)), signal);
    if (signal.aborted) throw new Interrupted('stopped');
  }
}

function cellsOf(row: ListedRow, maySeeSecrets: boolean, progress: ExportProgress): readonly string[] {
  const { output, cause, showsSecrets } = shownOutcome(row, maySeeSecrets);
  progress.hasSecrets ||= showsSecrets;
  return [
    ...[row.target, row.state, output ?? ''],
    ...(cause === undefined ? ['', ''] : [`IOTDA.${cause.code}`, cause.message]),
  ];
}
