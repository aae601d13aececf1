import { type Counters, isSettled } from './counters.ts';

/** v5 13.1. The names are the wire's, misspelling included. */
export const taskStatuses = [
  'Initializing',
  'Waitting',
  'Processing',
  'Stopping',
  'Success',
  'PartialSuccess',
  'Fail',
  'Stopped',
] as const;
export type TaskStatus = (typeof taskStatuses)[number];

export const unfinishedTaskStatuses = [
  'Initializing',
  'Waitting',
  'Processing',
  'Stopping',
] as const satisfies TaskStatus[];

/** v5 13.1, T2 to T11; T1 is the insert, T12 the delete. */
export const taskTransitions = {
  Initializing: ['Waitting', 'Fail', 'Stopping'],
  Waitting: ['Processing', 'Fail', 'Stopping', 'Stopped'],
  Processing: ['Success', 'PartialSuccess', 'Fail', 'Stopping', 'Stopped'],
  Stopping: ['Stopped', 'Success', 'PartialSuccess', 'Fail'],
  Success: [],
  PartialSuccess: ['Processing'],
  Fail: ['Processing'],
  Stopped: [],
} as const satisfies Record<TaskStatus, readonly TaskStatus[]>;

export function mayFollow(from: TaskStatus, to: TaskStatus): boolean {
  return (taskTransitions[from] as readonly TaskStatus[]).includes(to);
}

export function isFinalTask(status: TaskStatus): boolean {
  return !(unfinishedTaskStatuses as readonly TaskStatus[]).includes(status);
}

/** What every status change but these two tells the world (v5 13.8). */
export const isPushed = (status: TaskStatus): boolean => status !== 'Initializing' && status !== 'Stopping';

export interface TaskProgress {
  readonly status: TaskStatus;
  readonly counters: Counters;
  /** Set-up is through: `total` stands and never changes again. */
  readonly expanded: boolean;
  /** At least one subtask left Waitting by being dispatched (T4). */
  readonly dispatched: boolean;
  /** A stop, retry or confirm of all subtasks has not reached every one of them yet. */
  readonly sweeping: boolean;
}

/**
 * The statuses that a task passes through, in order, once its subtasks have moved: T4, T5, T6, T8, T9, T10. Empty if it stays.
 * Stop (T7), set-up (T2, T3) and retry (T11) are decisions of their own.
 */
export function statusesAfter(progress: TaskProgress): readonly TaskStatus[] {
  const { status, counters, expanded } = progress;
  if (isFinalTask(status) || status === 'Initializing') return [];
  if (!expanded && status !== 'Stopping') return [];
  const starts = status === 'Waitting' && progress.dispatched;
  const started: readonly TaskStatus[] = starts ? ['Processing'] : [];
  const current = starts ? 'Processing' : status;
  if (progress.sweeping || !isSettled(counters)) return started;
  if (counters.total === 0 && current !== 'Stopping') return started;
  const outcome = outcomeOf(counters, current === 'Stopping');
  // T5: a task whose subtasks all ended without a run goes from Waitting straight to its end.
  return mayFollow(current, outcome) ? [...started, outcome] : [...started, 'Processing', outcome];
}

/** v5 13.2, Outcome: first match. */
export function outcomeOf(counters: Counters, stoppedAsAWhole: boolean): TaskStatus {
  const { total, success, fail, stopped } = counters;
  if (stoppedAsAWhole && (stopped > 0 || total === 0)) return 'Stopped';
  if (success === total && total > 0) return 'Success';
  if (success > 0) return 'PartialSuccess';
  return stopped > 0 && fail === 0 ? 'Stopped' : 'Fail';
}
