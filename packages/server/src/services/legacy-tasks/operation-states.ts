import type { Task } from '../../domain/task.ts';
import type { SubtaskChoice } from '../../ports/store/subtask-store.ts';
import type { StatusChoice } from '../../ports/store/task-store.ts';

export type OperationState = 'wait' | 'processing' | 'failed' | 'success' | 'stop';
export type SubOperationState = 'wait' | 'processing' | 'fail' | 'success' | 'stop';

/** Legacy 10.2. */
export const tasksInState: Record<OperationState, readonly StatusChoice[]> = {
  wait: [{ statuses: ['Initializing', 'Waitting'] }],
  processing: [{ statuses: ['Processing', 'Stopping'] }],
  success: [{ statuses: ['Success'] }],
  failed: [{ statuses: ['Fail'] }, { statuses: ['PartialSuccess'], failures: true }],
  stop: [{ statuses: ['Stopped'] }, { statuses: ['PartialSuccess'], failures: false }],
};

export function operationStateOf({ status, counters }: Pick<Task, 'status' | 'counters'>): OperationState {
  switch (status) {
    case 'Initializing':
    case 'Waitting':
      return 'wait';
    case 'Processing':
    case 'Stopping':
      return 'processing';
    case 'Success':
      return 'success';
    case 'PartialSuccess':
      return counters.fail > 0 ? 'failed' : 'stop';
    case 'Fail':
      return 'failed';
    case 'Stopped':
      return 'stop';
  }
}

/** Legacy 10.4. */
export const subtasksInState: Record<SubOperationState, readonly SubtaskChoice[]> = {
  wait: [{ state: 'Waitting' }, { state: 'FailWaitRetry' }],
  processing: [{ state: 'Processing' }],
  success: [{ state: 'Success' }],
  fail: [{ state: 'Fail' }],
  stop: [{ state: 'Stopped' }, { state: 'Removed' }],
};
