import type { TaskRow } from '../tasks/task-codec.ts';

/** One step of an expansion: how many subtasks it wrote, where the next one begins. `cursor` undefined: that was the last. */
export interface ExpandStep {
  readonly written: number;
  readonly cursor: string | undefined;
  /** Set-up failed for good; the task ends Fail with this text (v5 13.3). */
  readonly failure?: string;
}

export interface ExpandOptions {
  readonly now: number;
  readonly limit: number;
}

/** New subtasks wait for their confirmation where the task asks for one (v5 13.4). */
export const holdOf = (task: TaskRow): 'confirm' | null => (task.confirmed === 1 ? null : 'confirm');
