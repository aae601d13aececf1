import { type Counters, noCounters } from '../../domain/counters.ts';
import { statusDescOf } from '../../domain/status-desc.ts';
import type { Task } from '../../domain/task.ts';

/** A task as callers see it. */
export interface TaskView {
  readonly task: Task;
  /** Device ids as given, repeats dropped; undefined: the task has another source. In lists only the first 100. */
  readonly targets: readonly string[] | undefined;
  /** All zero until set-up is through; then `total` stands at once (v5 13.2). */
  readonly counters: Counters;
  readonly statusDesc: string;
}

export function viewOf(task: Task, targets: readonly string[] = []): TaskView {
  return {
    task,
    targets: targets.length === 0 ? undefined : targets,
    counters: task.expanded ? task.counters : noCounters,
    statusDesc: statusDescOf(task),
  };
}
