import { isFinalTask } from './task-state.ts';
import type { Task } from './task.ts';
import { toBasicTime } from './time.ts';

const statusDescMax = 512;

/** v5 13.7, last paragraph: the same sentence for all types. */
export function statusDescOf(task: Task): string {
  if (task.setupFailure !== undefined) return task.setupFailure;
  if (task.status === 'Waitting') return waitingDesc(task);
  if (!hasEnds(task)) return '';
  const { success, fail, stopped, removed } = task.counters;
  const counts = `${success} succeeded, ${fail} failed, ${stopped} stopped, ${removed} removed`;
  const cause = task.commonestCause;
  if (fail === 0 || cause === undefined) return counts;
  return `${counts}; most frequent: IOTDA.${cause.code} ${cause.message}`.slice(0, statusDescMax);
}

/** It has ended, not all of it with success: there are ends to count. */
export const hasEnds = ({ status, setupFailure }: Task): boolean =>
  setupFailure === undefined && isFinalTask(status) && status !== 'Success';

function waitingDesc(task: Task): string {
  // An early confirm still waits for the schedule, so the schedule is told first only once it is confirmed (v5 13.4).
  if (task.needConfirm && !task.confirmed) return 'waiting for confirmation';
  return task.policy.startAt === undefined ? '' : `scheduled at ${toBasicTime(task.policy.startAt)}`;
}
