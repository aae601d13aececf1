import type { Cause } from '../../../domain/problem.ts';
import type { TaskRow } from '../tasks/task-codec.ts';

/** One step of an expansion: how many subtasks it wrote, where the next one begins. `cursor` undefined: that was the last. */
export interface ExpandStep {
  /** Waitting ones. */
  readonly written: number;
  /** Those that failed as they were written (S2). */
  readonly failed?: readonly Cause[];
  readonly cursor: string | undefined;
  /** Set-up failed for good; the task ends Fail with this text (v5 13.3). */
  readonly failure?: string;
}

/** New subtasks wait for their confirmation where the task asks for one (v5 13.4). */
export const holdOf = (task: TaskRow): 'confirm' | null => (task.confirmed === 1 ? null : 'confirm');
