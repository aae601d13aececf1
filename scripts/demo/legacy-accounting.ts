import type { LegacyAnswerOf, LegacyClient } from '@muster/sdk/legacy';
import type { FleetPlan } from './fleet-plan.ts';
import { wantedCommand, wantedUpgrade } from './legacy-wants.ts';
import { accountOf, type DeviceEnd, type TaskAccount } from './task-account.ts';

export type Operation = LegacyAnswerOf<'ShowOperation'>;
export type LegacyTask = LegacyAnswerOf<'ShowLegacyBatchTask'>;

/** A finished operation by its sub-operations. */
export function accountForOperation(
  client: LegacyClient,
  { operationId: id, operateType: type, status, staResult }: Operation,
  plan: FleetPlan,
): Promise<TaskAccount> {
  const { total, ...counts } = staResult;
  return accountOf({
    plan,
    task: { id, type, status, description: '', total, counts },
    ends: subOperationEnds(client, id),
    wantedOf: wantedUpgrade,
    statusOf: ({ success }) => (success === plan.devices.length ? 'success' : 'failed'),
  });
}

async function* subOperationEnds(client: LegacyClient, operationId: string): AsyncGenerator<DeviceEnd> {
  for await (const { deviceId, status, detailInfo } of client.upgrades.listAllSubOperations(operationId)) {
    yield { deviceId, end: status === 'success' ? status : `${status}: ${detailInfo}` };
  }
}

/** A finished batch task by its sub-tasks. */
export function accountForBatch(client: LegacyClient, task: LegacyTask, plan: FleetPlan): Promise<TaskAccount> {
  const { taskId: id, taskType: type, status, statusDesc, totalCnt: total } = task;
  const counts = { success: task.successCnt, fail: task.failCnt, timeout: task.timeoutCnt, expired: task.expiredCnt };
  return accountOf({
    plan,
    task: { id, type, status, description: statusDesc ?? '', total, counts },
    ends: subtaskEnds(client, id),
    wantedOf: wantedCommand,
    // Only the end of its time ends a task with commands that wait.
    statusOf: ({ expired = 0 }) => (expired > 0 ? 'Timeout' : 'Complete'),
  });
}

async function* subtaskEnds(client: LegacyClient, taskId: string): AsyncGenerator<DeviceEnd> {
  for await (const { status, error, param } of client.batchTasks.listAllDetails({ taskId })) {
    const deviceId = param.deviceId ?? '';
    if (error === null) yield { deviceId, end: status };
    else yield { deviceId, ...failureOf(status, error) };
  }
}

interface SubtaskError {
  readonly error_code: string;
  readonly error_desc: string;
  readonly error_detail?: string;
}

/** `error` is JSON in a text (docs/contract/legacy.md 3.5). */
function failureOf(status: string, error: string): Omit<DeviceEnd, 'deviceId'> {
  const { error_code, error_desc, error_detail } = JSON.parse(error) as SubtaskError;
  const reason = error_detail === undefined ? error_desc : `${error_desc} ${error_detail}`;
  return { end: `${status} ${error_code}`, reason };
}
