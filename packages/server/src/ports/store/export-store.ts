import type { ExportFilter, ExportTask, NewExport } from '../../domain/export-task.ts';
import type { ExportId, ProjectId } from '../../domain/ids.ts';
import type { Page, PageRequest } from '../../domain/paging.ts';
import type { TaskNo } from '../../domain/task.ts';

export interface ExportKey {
  readonly projectId: ProjectId;
  readonly exportId: ExportId;
  readonly now: number;
}

/** One try at writing an export. Another try, a deletion or the end of its life takes it away from whoever has it. */
export interface ExportRun {
  readonly exportId: ExportId;
  /** From 1; each claim is another one. */
  readonly run: number;
}

export interface ExportJob extends ExportRun {
  readonly task: ExportTask;
  readonly taskNo: TaskNo;
}

export interface ClaimExport {
  readonly now: number;
  /** Whoever has not reported by then has lost it. */
  readonly leaseUntil: number;
  /** This process: in a database of one process nobody else's claims count, because nobody else lives. */
  readonly holder: string;
}

export interface ExportReport {
  readonly rows: number;
  readonly progress: number;
  readonly leaseUntil: number;
}

export interface ExportEnd {
  readonly rows: number;
  readonly hasSecrets: boolean;
  readonly endedAt: number;
  readonly expiresAt: number;
}

/** Exports and their files, in chunks (v5 14). One that is deleted or past its life is as if it did not exist. */
export interface ExportStore {
  /** Problems: taskNotFound (`taskId`; also one of another application, where the export is of one), exportLimit. */
  insert(fresh: NewExport): Promise<ExportTask>;
  list(filter: ExportFilter, page: PageRequest, now: number): Promise<Page<ExportTask>>;
  /** `run`: the one that wrote its file. */
  find(key: ExportKey): Promise<{ readonly task: ExportTask; readonly run: number } | undefined>;
  /** Its chunks follow. Problems: exportNotFound. */
  delete(key: ExportKey): Promise<void>;
  /** Number `part` of a file, from 0; undefined: there is none any more. */
  readChunk(run: ExportRun, part: number): Promise<Uint8Array | undefined>;

  /** The oldest that nobody works on, those of projects with the fewest under way first. */
  claim(claim: ClaimExport): Promise<ExportJob | undefined>;
  /** Takes away at most `limit` chunks of earlier runs; false: there are none. */
  discardEarlier(run: ExportRun, limit: number): Promise<boolean>;
  /** False: it is not this run's any more. So do the next four. */
  report(run: ExportRun, report: ExportReport): Promise<boolean>;
  addChunk(run: ExportRun, chunk: { readonly part: number; readonly bytes: Uint8Array }): Promise<boolean>;
  succeed(run: ExportRun, end: ExportEnd): Promise<boolean>;
  fail(run: ExportRun, end: Pick<ExportEnd, 'endedAt' | 'expiresAt'>): Promise<boolean>;
  /** Somebody else may take it from `at` on. */
  release(run: ExportRun, at: number): Promise<boolean>;
  /** Takes away at most `limit` chunks of exports that nobody sees any more, at last these; false: nothing is left. */
  purge(now: number, limit: number): Promise<boolean>;
}
