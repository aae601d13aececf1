import type { OperationInfo, SubOperationInfo } from '@muster/contract/legacy';
import type { JsonObject } from '../../../domain/json.ts';
import { isJsonObject } from '../../../domain/json.ts';
import type { Task } from '../../../domain/task.ts';
import { toBasicTime } from '../../../domain/time.ts';
import type { OperationView, SubOperationView } from '../../../services/legacy-tasks/legacy-operation-service.ts';
import {
  type OperationState,
  operationStateOf,
  type SubOperationState,
} from '../../../services/legacy-tasks/operation-states.ts';

export interface StatusSpelling {
  /** MUSTER_LEGACY_UPPER_CASE_STATUS. */
  readonly upperCase: boolean;
}

const timeOrNull = (at: number | undefined): string | null => (at === undefined ? null : toBasicTime(at));

export function encodeOperation(view: OperationView, spelling: StatusSpelling): OperationInfo {
  const { task } = view;
  return {
    operationId: task.taskId,
    createTime: toBasicTime(task.createdAt),
    startTime: timeOrNull(task.startedAt),
    stopTime: timeOrNull(task.finishedAt),
    operateType: operateTypeOf(task),
    targets: targetsOf(view),
    policy: policyOf(task),
    status: spelled(operationStateOf(task), spelling),
    staResult: resultOf(task),
    extendPara: { fileVersion: view.pkg?.version ?? '' },
  };
}

const operateTypeOf = ({ type }: Task) => (type === 'firmwareUpgrade' ? 'firmware_upgrade' : 'software_upgrade');

/** Legacy 4.4, spelling. */
function spelled(state: OperationState | SubOperationState, { upperCase }: StatusSpelling): string {
  if (!upperCase) return state;
  return state === 'failed' ? 'FAIL' : state.toUpperCase();
}

function targetsOf({ task, pkg, deviceIds, groupNames }: OperationView): OperationInfo['targets'] {
  const shown = (task.legacy?.shown['targets'] ?? {}) as Partial<OperationInfo['targets']>;
  const { traits } = pkg ?? {};
  const groups = shown.deviceGroups ?? (groupNames.length > 0 ? [...groupNames] : null);
  return {
    deviceGroups: groups,
    deviceType: shown.deviceType ?? traits?.deviceType ?? null,
    model: shown.model ?? traits?.model ?? null,
    manufacturerName: shown.manufacturerName ?? traits?.manufacturerName ?? null,
    devices: shown.devices ?? (groups === null ? [...deviceIds] : null),
  };
}

/** As it was sent; of a task that was made through v5 what it comes to (legacy 10.5). */
function policyOf({ legacy, policy }: Task): OperationInfo['policy'] {
  if (legacy !== undefined) {
    const shown = legacy.shown['policy'];
    return isJsonObject(shown) ? (shown as unknown as OperationInfo['policy']) : null;
  }
  const { startAt, retryCount } = policy;
  if (startAt === undefined && retryCount === 0) return null;
  return {
    executeType: startAt === undefined ? 'now' : 'custom',
    startTime: timeOrNull(startAt),
    endTime: null,
    retryType: retryCount > 0,
    retryTimes: retryCount,
  };
}

/** Legacy 10.3; while a task is set up it has no sub-operations. */
function resultOf({ counters, timeFailures, expanded }: Task): OperationInfo['staResult'] {
  if (!expanded) return { total: 0, wait: 0, processing: 0, success: 0, fail: 0, stop: 0, timeout: 0 };
  const { total, waitting, failWaitRetry, processing, success, fail, stopped, removed } = counters;
  const timeout = timeFailures.timedOut + timeFailures.expired;
  return {
    ...{ total, wait: waitting + failWaitRetry, processing, success },
    ...{ fail: fail - timeout, stop: stopped + removed, timeout },
  };
}

export function encodeSubOperation(
  { task, pkg }: Pick<OperationView, 'task' | 'pkg'>,
  subtask: SubOperationView,
  spelling: StatusSpelling,
): SubOperationInfo {
  const { output = {} } = subtask;
  return {
    subOperationId: subtask.recordId,
    createTime: toBasicTime(task.createdAt),
    startTime: timeOrNull(subtask.startedAt),
    stopTime: timeOrNull(subtask.endedAt),
    operateType: operateTypeOf(task),
    deviceId: subtask.target,
    status: spelled(stateOf(subtask), spelling),
    detailInfo: detailOf(subtask),
    extendInfo: {
      fileVersion: pkg?.version ?? '',
      ...(typeof output['version'] === 'string' ? { curVersion: output['version'] } : {}),
      ...(typeof output['progress'] === 'number' ? { progress: String(output['progress']) } : {}),
    },
  };
}

/** Legacy 10.4. */
function stateOf({ state }: SubOperationView): SubOperationState {
  switch (state) {
    case 'Waitting':
    case 'FailWaitRetry':
      return 'wait';
    case 'Processing':
      return 'processing';
    case 'Success':
      return 'success';
    case 'Fail':
      return 'fail';
    case 'Stopped':
    case 'Removed':
      return 'stop';
  }
}

const online = 'Waiting for the device online';

/** Legacy 4.5. */
function detailOf({ state, step, cause, output = {} }: SubOperationView): string {
  switch (state) {
    case 'Waitting':
      return step === 'wait_online' ? online : 'Waiting to be executed';
    case 'FailWaitRetry':
      return `${step === 'wait_online' ? online : 'Waiting to be executed again'}; the last attempt: ${cause?.message ?? 'Failed'}`;
    case 'Processing':
      return detailOfStep(step, output);
    case 'Success':
      return 'Success';
    case 'Fail':
      return cause?.message ?? 'Failed';
    case 'Stopped':
      return cause?.message ?? 'Stopped';
    case 'Removed':
      return 'The device was deleted';
  }
}

function detailOfStep(step: string | undefined, { progress }: JsonObject): string {
  if (step === 'wait_online') return online;
  if (step === 'version_query') return 'Waiting for the device to report its version';
  return `Upgrading, ${typeof progress === 'number' ? progress : 0}%`;
}
