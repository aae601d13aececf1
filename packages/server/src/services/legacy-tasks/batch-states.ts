import { isFinalTask } from '../../domain/task-state.ts';
import type { Task } from '../../domain/task.ts';
import type { SubtaskChoice } from '../../ports/store/subtask-store.ts';
import type { StatusChoice } from '../../ports/store/task-store.ts';

export type LegacyBatchState = 'Pending' | 'Running' | 'Complete' | 'Timeout';
export type LegacySubtaskState = 'Pending' | 'WaitResult' | 'Success' | 'Fail' | 'Timeout';

/** Legacy 10.2. */
export const batchesInState: Record<LegacyBatchState, readonly StatusChoice[]> = {
  Pending: [{ statuses: ['Initializing', 'Waitting'] }],
  Running: [{ statuses: ['Processing', 'Stopping'] }],
  Complete: [{ statuses: ['Success', 'Stopped'] }, { statuses: ['PartialSuccess', 'Fail'], endedInTime: true }],
  Timeout: [{ statuses: ['PartialSuccess', 'Fail'], endedInTime: false }],
};

export function batchStateOf(task: Task): LegacyBatchState {
  const { status, policy, finishedAt } = task;
  if (status === 'Initializing' || status === 'Waitting') return 'Pending';
  if (!isFinalTask(status)) return 'Running';
  const endedByTime = policy.end !== undefined && finishedAt !== undefined && finishedAt >= policy.end.at;
  return endedByTime && (status === 'PartialSuccess' || status === 'Fail') ? 'Timeout' : 'Complete';
}

/** Legacy 10.4. */
export const subtasksInBatchState: Record<LegacySubtaskState, readonly SubtaskChoice[]> = {
  Pending: [{ state: 'Waitting' }, { state: 'FailWaitRetry' }, { state: 'Processing', cached: true }],
  WaitResult: [{ state: 'Processing', cached: false }],
  Success: [{ state: 'Success' }],
  Fail: [{ state: 'Fail', byTime: false }, { state: 'Stopped' }, { state: 'Removed' }],
  Timeout: [{ state: 'Fail', byTime: true }],
};
