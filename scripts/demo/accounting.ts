import type { BatchTask, TaskDetail, V5Client } from '@muster/sdk';
import type { Expected, FleetPlan } from './fleet-plan.ts';

/** One task, held against what the fleet's scripts make it end with. */
export interface TaskAccount {
  readonly task: BatchTask;
  readonly expected: { readonly status: string; readonly success: number; readonly fail: number };
  readonly rows: readonly OutcomeRow[];
  /** Devices that ended otherwise than scripted, with what they ended with. */
  readonly surprises: readonly string[];
}

export interface OutcomeRow {
  readonly script: string;
  readonly wanted: string;
  readonly devices: number;
  readonly asScripted: number;
}

export interface AccountOptions {
  readonly plan: FleetPlan;
  /** Which part of a share's expectations this task is about. */
  readonly part: 'upgrade' | 'command';
}

/** Walks all details of a finished task: every device is accounted for, exactly once. */
export async function accountFor(client: V5Client, task: BatchTask, options: AccountOptions): Promise<TaskAccount> {
  const { plan, part } = options;
  const rows = new Map<string, { script: string; wanted: string; devices: number; asScripted: number }>();
  const surprises: string[] = [];
  const missing = new Set(plan.devices.map((device) => device.deviceId));
  for await (const detail of client.batchTasks.listAllDetails(task.task_id, { limit: 50 })) {
    const share = plan.shareOf(detail.target);
    const wanted = wantedText(share[part]);
    const row = rows.get(share.name) ?? { script: share.name, wanted, devices: 0, asScripted: 0 };
    row.devices += 1;
    const isKnown = missing.delete(detail.target);
    if (isKnown && endedAs(detail, share[part])) row.asScripted += 1;
    else
      surprises.push(
        `${detail.target} (${share.name}): ${isKnown ? outcomeText(detail) : 'listed twice or not of the fleet'}`,
      );
    rows.set(share.name, row);
  }
  for (const deviceId of missing) surprises.push(`${deviceId}: not in the task`);
  const expected = expectedOf(plan, part);
  if (task.status !== expected.status) surprises.push(`the task ended ${task.status}, not ${expected.status}`);
  const sorted = [...rows.values()].sort((a, b) => b.devices - a.devices || a.script.localeCompare(b.script));
  return { task, expected, rows: sorted, surprises };
}

function expectedOf(plan: FleetPlan, part: 'upgrade' | 'command'): TaskAccount['expected'] {
  const failing = plan.devices.filter((device) => plan.shareOf(device.deviceId)[part].code !== undefined);
  const fail = failing.length;
  const success = plan.devices.length - fail;
  return { success, fail, status: fail === 0 ? 'Success' : success === 0 ? 'Fail' : 'PartialSuccess' };
}

function endedAs(detail: TaskDetail, expected: Expected): boolean {
  if (expected.code === undefined) return detail.status === 'Success';
  return detail.status === 'Fail' && detail.error?.error_code === expected.code;
}

const outcomeText = (detail: TaskDetail): string =>
  detail.error === undefined ? detail.status : `${detail.status} ${detail.error.error_code} ${detail.error.error_msg}`;

function wantedText({ code, retried }: Expected): string {
  const outcome = code === undefined ? 'success' : `failure ${code}`;
  return retried === true ? `${outcome}, after a retry` : outcome;
}
