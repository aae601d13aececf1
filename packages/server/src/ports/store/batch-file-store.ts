import type { BatchFile, TableRow } from '../../domain/batch-file.ts';
import type { AppId, BatchFileId, ProjectId } from '../../domain/ids.ts';

/** What an upload begins with, and what of it is known only when all of it was read. */
export type NewBatchFile = Omit<BatchFile, 'columns'>;

/** The files of a project, whosesoever; with `appId` those of this application alone. */
export interface BatchFileScope {
  readonly projectId: ProjectId;
  readonly appId?: AppId;
}

/** Uploaded tables of targets (v5 12). One that is loading, gone or past its life is as if it did not exist. */
export interface BatchFileStore {
  /** Makes room for the rows of an upload; nobody sees it before `finish`. */
  begin(file: NewBatchFile): Promise<void>;
  /** The next rows, from number `firstSeq` on. */
  addRows(fileId: BatchFileId, firstSeq: number, rows: readonly TableRow[]): Promise<void>;
  /** All of it is there: it shows. Problems: batchFileNameTaken, batchFileLimit, batchFileNotFound (its life was over before). */
  finish(file: BatchFile, now: number): Promise<void>;
  /** As `finish` would, among the files of the same owner, before anything is read: a file that cannot stay need not be sent. */
  checkRoom(file: Pick<BatchFile, 'projectId' | 'appId' | 'fileName'>, now: number): Promise<void>;
  find(projectId: ProjectId, fileId: BatchFileId, now: number): Promise<BatchFile | undefined>;
  /** Newest first; an owner has at most 10. */
  list(scope: BatchFileScope, now: number): Promise<readonly BatchFile[]>;
  /** The rows from number `firstSeq` on. */
  listRows(fileId: BatchFileId, firstSeq: number, limit: number): Promise<readonly TableRow[]>;
  /** Tasks that are still being set up from it keep its rows until then. Problems: batchFileNotFound. */
  delete(scope: BatchFileScope, fileId: BatchFileId, now: number): Promise<void>;
  /** An upload that failed: it is gone at once, its rows follow. */
  discard(fileId: BatchFileId): Promise<void>;
  /** As `discard`, of each upload that began before then and is not finished; true: there were some. */
  discardBegunBefore(time: number): Promise<boolean>;
  /** Takes away at most `limit` rows of files that are gone or past their life and that no set-up needs; false: nothing is left. */
  purge(now: number, limit: number): Promise<boolean>;
}
