import type { AppId, DeviceId, PackageId, ProjectId, TaskId } from '../../domain/ids.ts';
import type { Page, PageRequest } from '../../domain/paging.ts';
import type { ProductTraits } from '../../domain/product.ts';
import type { LegacyBatchType, NewTask, Task, TaskNo, TaskTypeName } from '../../domain/task.ts';
import type { TaskStatus } from '../../domain/task-state.ts';

export interface IdempotencyKey {
  readonly key: string;
  /** SHA-256 of the canonical JSON of the request. */
  readonly requestHash: string;
  readonly expiresAt: number;
}

export interface InsertTaskOptions {
  readonly unfinishedMax: number;
  readonly idempotency?: IdempotencyKey;
  /** Must exist and not be deleted in the meantime. */
  readonly packageId?: PackageId;
  readonly now: number;
  /** Of a legacy batch task: what must hold in its application (legacy 3.1). */
  readonly among?: TaskPeers;
}

export interface TaskPeers {
  /** No existing task of these types has the same name. */
  readonly types: readonly TaskTypeName[];
  /** Unfinished batch tasks that were made through the legacy API; 0: any number. */
  readonly unfinishedMax: number;
}

/** A set of tasks by status. `failures`: with or without any subtask that failed. `endedInTime`: before the end of their time, or not. */
export interface StatusChoice {
  readonly statuses: readonly TaskStatus[];
  readonly failures?: boolean;
  readonly endedInTime?: boolean;
}

export interface TaskFilter {
  readonly projectId: ProjectId;
  readonly appId?: AppId;
  readonly type?: TaskTypeName;
  readonly status?: TaskStatus;
  /** One of these. */
  readonly types?: readonly TaskTypeName[];
  /** One of these. */
  readonly states?: readonly StatusChoice[];
  /** Exact. */
  readonly name?: string;
  /** One of these legacy types; null: made through v5. */
  readonly marks?: readonly (LegacyBatchType | null)[];
  /** Of the product of the task's package, exact. */
  readonly traits?: Partial<ProductTraits>;
  /** A device among the targets. */
  readonly target?: DeviceId;
}

export type QueueDepth = Readonly<Record<'Waitting' | 'Processing' | 'FailWaitRetry', number>>;

export interface TaskStore {
  /**
   * Initializing, with its targets. `replayed`: a live idempotency key named an earlier task of the same request.
   * Problems: unfinishedTaskLimit, idempotencyConflict, packageNotFound; with `among` taskNameTaken, and unfinishedTaskLimit of its own.
   */
  insert(task: NewTask, options: InsertTaskOptions): Promise<{ task: Task; replayed: boolean }>;
  /** The task that a live idempotency key names. Problems: idempotencyConflict (it was another request's). */
  findReplayed(
    projectId: ProjectId,
    key: Pick<IdempotencyKey, 'key' | 'requestHash'>,
    now: number,
  ): Promise<Task | undefined>;
  find(projectId: ProjectId, taskId: TaskId): Promise<Task | undefined>;
  /** By its number, whatever the project: for the engine. */
  findByNo(taskNo: TaskNo): Promise<Task | undefined>;
  /** The device ids of a `targets` task as given: all, or the first `first`. */
  listTargets(taskNo: TaskNo, first?: number): Promise<readonly string[]>;
  /** Of several `targets` tasks the first ones each, at most `first`, which is at most 1000; other tasks are left out. */
  listFirstTargets(taskNos: readonly TaskNo[], first: number): Promise<ReadonlyMap<TaskNo, readonly string[]>>;
  list(filter: TaskFilter, page: PageRequest): Promise<Page<Task>>;
  /** With everything of it; devices are untouched. Problems: taskNotFound, taskState. */
  delete(projectId: ProjectId, taskId: TaskId): Promise<void>;
  /** Finished tasks older than the retention, at most `limit` deleted; returns how many. */
  deleteFinished(finishedBefore: number, limit: number): Promise<number>;
  /** Rows of deleted tasks are purged in small steps; returns false when nothing is left. */
  purge(limit: number): Promise<boolean>;
  /** Subtasks of unfinished tasks that have not ended, by state, of all projects together. */
  queueDepth(): Promise<QueueDepth>;
  /** Expired idempotency keys and download grants, at most `limit`. */
  purgeExpired(now: number, limit: number): Promise<number>;
}
