import type { BatchTask, TaskDetail, V5Client } from '@muster/sdk';
import type { FleetPlan, Share } from './fleet-plan.ts';
import { accountOf, type DeviceEnd, type TaskAccount, type Wanted } from './task-account.ts';

export interface AccountOptions {
  readonly plan: FleetPlan;
  /** Which part of a share's expectations this task is about. */
  readonly part: 'upgrade' | 'command';
}

/** A finished task of the v5 API. */
export function accountFor(client: V5Client, task: BatchTask, { plan, part }: AccountOptions): Promise<TaskAccount> {
  const { task_id: id, task_type: type, status, status_desc: description = '' } = task;
  const { total, success, fail } = task.task_progress;
  return accountOf({
    plan,
    task: { id, type, status, description, total, counts: { success, fail } },
    ends: endsOf(client, id),
    wantedOf: (share) => wantedOf(share, part),
    statusOf: (counts) => (counts['fail'] === 0 ? 'Success' : counts['success'] === 0 ? 'Fail' : 'PartialSuccess'),
  });
}

async function* endsOf(client: V5Client, taskId: string): AsyncGenerator<DeviceEnd> {
  for await (const detail of client.batchTasks.listAllDetails(taskId, { limit: 50 })) {
    yield { deviceId: detail.target, end: endOf(detail), reason: detail.error?.error_msg };
  }
}

function endOf({ status, error }: TaskDetail): string {
  if (status === 'Success') return 'success';
  return status === 'Fail' ? `failure ${error?.error_code ?? ''}` : status;
}

function wantedOf(share: Share, part: AccountOptions['part']): Wanted {
  const { code, retried } = share[part];
  const isSuccess = code === undefined;
  return { end: isSuccess ? 'success' : `failure ${code}`, counter: isSuccess ? 'success' : 'fail', retried };
}
