import {
  createLegacyQueryDecoder,
  legacyBatchStatuses,
  legacySubtaskStatuses,
  ListOperationsQuery,
  ListSubOperationsQuery,
  operationStatuses,
  subOperationStatuses,
} from '@muster/contract/legacy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SubtaskState } from '../../../src/domain/subtask-state.ts';
import type { TaskStatus } from '../../../src/domain/task-state.ts';
import type { Task } from '../../../src/domain/task.ts';
import { codesOfTimeCause } from '../../../src/domain/time-cause.ts';
import { encodeBatch, encodeSubtask } from '../../../src/http/legacy/batch-tasks/encode.ts';
import { encodeOperation, encodeSubOperation } from '../../../src/http/legacy/operations/encode.ts';
import type { OrderedSubtask, SubtaskChoice } from '../../../src/ports/store/subtask-store.ts';
import type { StatusChoice } from '../../../src/ports/store/task-store.ts';
import type { SubtaskView } from '../../../src/services/legacy-tasks/legacy-batch-service.ts';
import { batchesInState, subtasksInBatchState } from '../../../src/services/legacy-tasks/batch-states.ts';
import { subtasksInState, tasksInState } from '../../../src/services/legacy-tasks/operation-states.ts';
import { storedSubtask, storedTask } from './stored-tasks.ts';

const runs = { numRuns: 1000 };
const plain = { upperCase: false };

const batch = storedTask(['createAsyncCommands']);
const operation = storedTask(['firmwareUpgrade']);

const statusOfBatch = (task: Task) =>
  encodeBatch({ task, batchType: 'DeviceCmd', targets: [] }, { withTags: false }).status;
const statusOfOperation = (task: Task, spelling = plain) =>
  encodeOperation({ task, pkg: undefined, deviceIds: [], groupNames: [] }, spelling).status;
const statusOfSubtask = (task: Task, subtask: SubtaskView) =>
  encodeSubtask({ task, batchType: 'DeviceCmd' }, subtask).status;
const statusOfSubOperation = (task: Task, subtask: OrderedSubtask, spelling = plain) =>
  encodeSubOperation({ task, pkg: undefined }, subtask, spelling).status;

/** Legacy 4.4. */
const upperSpelling = ['WAIT', 'PROCESSING', 'FAIL', 'SUCCESS', 'STOP'];

/** Legacy 10.2, as the page has it; `late`: the deadline ended it. */
const batchColumn: Record<TaskStatus, readonly [inTime: string, late: string]> = {
  Initializing: ['Pending', 'Pending'],
  Waitting: ['Pending', 'Pending'],
  Processing: ['Running', 'Running'],
  Stopping: ['Running', 'Running'],
  Success: ['Complete', 'Complete'],
  PartialSuccess: ['Complete', 'Timeout'],
  Fail: ['Complete', 'Timeout'],
  Stopped: ['Complete', 'Complete'],
};
const operationColumn: Record<TaskStatus, readonly [withFailures: string, without: string]> = {
  Initializing: ['wait', 'wait'],
  Waitting: ['wait', 'wait'],
  Processing: ['processing', 'processing'],
  Stopping: ['processing', 'processing'],
  Success: ['success', 'success'],
  PartialSuccess: ['failed', 'stop'],
  Fail: ['failed', 'failed'],
  Stopped: ['stop', 'stop'],
};
/** Legacy 10.4; the first where a command is cached, or the cause is time. */
const subtaskColumns: Record<SubtaskState, readonly [special: string, plain: string, subOperation: string]> = {
  Waitting: ['Pending', 'Pending', 'wait'],
  FailWaitRetry: ['Pending', 'Pending', 'wait'],
  Processing: ['Pending', 'WaitResult', 'processing'],
  Success: ['Success', 'Success', 'success'],
  Fail: ['Timeout', 'Fail', 'fail'],
  Stopped: ['Fail', 'Fail', 'stop'],
  Removed: ['Fail', 'Fail', 'stop'],
};

const isLate = ({ finishedAt, policy: { end } }: Task): boolean =>
  finishedAt !== undefined && end !== undefined && finishedAt >= end.at;
const timeCodes = [...codesOfTimeCause('timedOut'), ...codesOfTimeCause('expired')];
const isByTime = ({ cause }: OrderedSubtask): boolean => timeCodes.includes(cause?.code ?? '');

/** What a choice means to the store. */
function isChosen(task: Task, { statuses, failures, endedInTime }: StatusChoice): boolean {
  if (failures !== undefined && failures !== task.counters.fail > 0) return false;
  if (endedInTime !== undefined && endedInTime === isLate(task)) return false;
  return statuses.includes(task.status);
}

function isSubtaskChosen(subtask: OrderedSubtask, { state, byTime, cached }: SubtaskChoice): boolean {
  if (byTime !== undefined && byTime !== isByTime(subtask)) return false;
  return state === subtask.state && (cached === undefined || cached === subtask.isCached);
}

/** The filters that find it. */
const filtersThat = <Choice>(choices: Readonly<Record<string, readonly Choice[]>>, find: (choice: Choice) => boolean) =>
  Object.entries(choices).flatMap(([name, any]) => (any.some(find) ? [name] : []));

describe('The state of a task', () => {
  it('is shown as the contract maps it', () => {
    const property = fc.property(batch, operation, (command, upgrade) => {
      expect(statusOfBatch(command)).toBe(batchColumn[command.status][isLate(command) ? 1 : 0]);
      expect(statusOfOperation(upgrade)).toBe(operationColumn[upgrade.status][upgrade.counters.fail > 0 ? 0 : 1]);
    });
    fc.assert(property, runs);
  });

  it('is the one filter that finds it', () => {
    expect(Object.keys(batchesInState)).toEqual([...legacyBatchStatuses]);
    expect(Object.keys(tasksInState).toSorted()).toEqual([...operationStatuses].toSorted());
    const property = fc.property(batch, operation, (command, upgrade) => {
      expect(filtersThat(batchesInState, (choice) => isChosen(command, choice))).toEqual([statusOfBatch(command)]);
      expect(filtersThat(tasksInState, (choice) => isChosen(upgrade, choice))).toEqual([statusOfOperation(upgrade)]);
    });
    fc.assert(property, runs);
  });
});

describe('The state of an upgrade', () => {
  const decodeTasks = createLegacyQueryDecoder(ListOperationsQuery);
  const decodeSubtasks = createLegacyQueryDecoder(ListSubOperationsQuery);

  it('asks for what it is shown for, in either spelling', () => {
    const upgrade = operation.chain((task) => storedSubtask(task).map((subtask) => [task, subtask] as const));
    const property = fc.property(upgrade, fc.boolean(), ([task, subtask], upperCase) => {
      const shown = statusOfOperation(task, { upperCase });
      const shownOfSubtask = statusOfSubOperation(task, subtask, { upperCase });
      if (upperCase) expect(upperSpelling).toEqual(expect.arrayContaining([shown, shownOfSubtask]));
      expect(decodeTasks({ operationStatus: shown })).toMatchObject({
        value: { operationStatus: statusOfOperation(task) },
      });
      expect(decodeSubtasks({ subOperationStatus: shownOfSubtask })).toMatchObject({
        value: { subOperationStatus: statusOfSubOperation(task, subtask) },
      });
    });
    fc.assert(property, runs);
  });
});

describe('The state of a sub-task', () => {
  const task = batch.chain((stored) => storedSubtask(stored).map((subtask) => [stored, subtask] as const));

  it('is shown as the contract maps it', () => {
    const property = fc.property(task, ([stored, subtask]) => {
      const [special, usual, subOperation] = subtaskColumns[subtask.state];
      const isSpecial = subtask.state === 'Processing' ? subtask.isCached : isByTime(subtask);
      expect(statusOfSubtask(stored, subtask)).toBe(isSpecial ? special : usual);
      expect(statusOfSubOperation(stored, subtask)).toBe(subOperation);
    });
    fc.assert(property, runs);
  });

  it('is the one filter that finds it', () => {
    expect(Object.keys(subtasksInBatchState)).toEqual([...legacySubtaskStatuses]);
    expect(Object.keys(subtasksInState).toSorted()).toEqual([...subOperationStatuses].toSorted());
    const property = fc.property(task, ([stored, subtask]) => {
      const find = (choice: SubtaskChoice) => isSubtaskChosen(subtask, choice);
      expect(filtersThat(subtasksInBatchState, find)).toEqual([statusOfSubtask(stored, subtask)]);
      expect(filtersThat(subtasksInState, find)).toEqual([statusOfSubOperation(stored, subtask)]);
    });
    fc.assert(property, runs);
  });
});
