import type { AppId, ExportId, ProjectId, RecordId, TaskId } from './ids.ts';

/** v5 14. `Success`: there is a file. */
export type ExportStatus = 'Processing' | 'Success' | 'Failed';

/** What is asked for, once it was checked. */
export interface NewExport {
  readonly exportId: ExportId;
  readonly recordId: RecordId;
  readonly projectId: ProjectId;
  readonly taskId: TaskId;
  /** APP: the task is of the application that is named. */
  readonly appType: 'GLOBAL' | 'APP';
  readonly appId?: AppId | undefined;
  readonly format: 'xlsx' | 'csv';
  /** Secrets are written: who asked may see them (v5 13.7). */
  readonly showsSecrets: boolean;
  readonly createdAt: number;
  /** Of one that has not ended by then; whoever ends it gives it a new life. */
  readonly expiresAt: number;
}

/** The subtasks of a batch task as a file. */
export interface ExportTask extends NewExport {
  /** The task's. */
  readonly name: string;
  readonly status: ExportStatus;
  /** Subtasks written so far. */
  readonly rows: number;
  /** Percent, 1 to 100. */
  readonly progress: number;
  /** There are secrets in the file. */
  readonly hasSecrets: boolean;
  /** Bytes of the file. */
  readonly size: number;
  readonly endedAt: number | undefined;
}

/** Of a list; what is absent does not matter. */
export interface ExportFilter {
  readonly projectId: ProjectId;
  readonly taskId?: TaskId | undefined;
  readonly appType?: 'GLOBAL' | 'APP' | undefined;
  readonly appId?: AppId | undefined;
}

/** v5 14: of a project, at once. */
export const exportsUnfinishedMax = 10;
/** The same of all that are kept, whatever became of them. */
export const exportsKeptMax = 100;
