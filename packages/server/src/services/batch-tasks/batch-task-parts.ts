import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { Store } from '../../ports/store/store.ts';
import type { TaskCommand, TaskCommandResult } from '../../ports/store/subtask-store.ts';
import type { TableFiles } from '../../ports/table-files.ts';
import type { TaskTimers, TaskTypeTable } from '../../ports/task-type.ts';

/** What the service wants of the engine. */
export interface TaskEngine {
  /** Look for work now: a task was stored. */
  nudge(): void;
  /** Stores a stop, retry or confirm and sends what follows from it. Problems: taskNotFound, taskState, taskNeedsNoConfirm. */
  commandTask(command: Omit<TaskCommand, 'longRunning'>): Promise<TaskCommandResult>;
}

export interface BatchTaskSettings {
  /** MUSTER_BATCH_UNFINISHED_TASKS_MAX, per project. */
  readonly unfinishedTasksMax: number;
  /** MUSTER_IDEMPOTENCY_LIFE_SECONDS. */
  readonly idempotencyLifeMs: number;
  /** Event streams at one time in this process; absent: 1000. */
  readonly eventStreamsMax?: number;
  /** What the task types would work with: a dry run asks them (v5 11.6). */
  readonly timers: TaskTimers;
  /** Asked for at each run: ports may be chosen at start. */
  readonly downloadBase: () => string;
}

export interface BatchTaskParts {
  readonly store: Pick<Store, 'apps' | 'batchFiles' | 'devices' | 'packages' | 'tasks' | 'subtasks' | 'dryRun'>;
  readonly types: TaskTypeTable;
  readonly tables: TableFiles;
  readonly clock: Clock;
  readonly random: Random;
  readonly engine: TaskEngine;
  readonly settings: BatchTaskSettings;
}
