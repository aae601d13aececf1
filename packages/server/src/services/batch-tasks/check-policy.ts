import { Problem } from '../../domain/problem.ts';
import { type TaskPolicy, scheduleAheadMaxMs } from '../../domain/task.ts';
import { parseBasicTime } from '../../domain/time.ts';
import type { TaskPolicyRequest } from './create-task-command.ts';

const retryCountMax = 5;
const retryIntervalMax = 1440;

/** v5 11.1, task_policy. Problems: invalidTime, scheduleTime, retryPolicy. */
export function checkPolicy(request: TaskPolicyRequest, now: number): TaskPolicy {
  const startAt = startOf(request.scheduleTime, now);
  return {
    ...(startAt === undefined ? {} : { startAt }),
    ...retryOf(request),
    onConflict: request.onConflict ?? 'fail',
  };
}

function startOf(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const field = 'task_policy.schedule_time';
  const startAt = parseBasicTime(text);
  if (startAt === undefined) throw new Problem('invalidTime', { field });
  if (startAt <= now || startAt > now + scheduleAheadMaxMs) throw new Problem('scheduleTime', { field });
  return startAt;
}

/** Both numbers in range or neither; one 0 means no retry, and then the other may be missing (Terraform sends only one of them). */
function retryOf({
  retryCount,
  retryInterval,
}: TaskPolicyRequest): Pick<TaskPolicy, 'retryCount' | 'retryIntervalMinutes'> {
  if (isOutside(retryCount, retryCountMax)) throw badRetry('retry_count');
  if (isOutside(retryInterval, retryIntervalMax)) throw badRetry('retry_interval');
  if (retryCount === 0 || retryInterval === 0) return noRetry;
  if (retryCount === undefined && retryInterval === undefined) return noRetry;
  if (retryCount === undefined) throw badRetry('retry_count');
  if (retryInterval === undefined) throw badRetry('retry_interval');
  return { retryCount, retryIntervalMinutes: retryInterval };
}

const noRetry = { retryCount: 0, retryIntervalMinutes: 0 } as const;

const isOutside = (value: number | undefined, max: number): boolean =>
  value !== undefined && (!Number.isInteger(value) || value < 0 || value > max);

const badRetry = (member: string): Problem => new Problem('retryPolicy', { field: `task_policy.${member}` });
