import type { AppId, ProjectId, RecordId } from './ids.ts';

/** A resource space (v5 4). */
export interface App {
  readonly recordId: RecordId;
  readonly appId: AppId;
  readonly projectId: ProjectId;
  /** Unique in the project. */
  readonly name: string;
  readonly isDefault: boolean;
  readonly createdAt: number;
}
