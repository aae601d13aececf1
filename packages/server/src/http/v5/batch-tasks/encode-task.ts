import type {
  BatchTask,
  BatchTaskEvent,
  BatchTaskTargetsResponse,
  DryRunResponse,
  ShowBatchTaskResponse,
  TaskDetail,
  TaskProgress,
} from '@muster/contract/v5';
import type { Counters } from '../../../domain/counters.ts';
import type { Cause } from '../../../domain/problem.ts';
import { present } from '../../../domain/present.ts';
import { toBasicTime } from '../../../domain/time.ts';
import type { BatchTaskService, CommandResults } from '../../../services/batch-tasks/batch-task-service.ts';
import type { DryRunReport } from '../../../services/batch-tasks/dry-run-report.ts';
import { shownOutcome } from '../../../services/batch-tasks/shown-outcome.ts';
import type { TaskView } from '../../../services/batch-tasks/task-view.ts';
import { encodePage } from '../page.ts';

/** v5 11.4, Task. */
export function encodeTask({ task, targets, counters, statusDesc }: TaskView): BatchTask {
  return {
    task_id: task.taskId,
    task_name: task.name,
    task_type: task.type,
    ...(targets === undefined ? {} : { targets: [...targets] }),
    ...task.echo,
    need_confirm: task.needConfirm,
    status: task.status,
    status_desc: statusDesc,
    task_progress: encodeProgress(counters),
    create_time: toBasicTime(task.createdAt),
  };
}

/** All eight, always. */
function encodeProgress(counters: Counters): TaskProgress {
  return {
    total: counters.total,
    processing: counters.processing,
    success: counters.success,
    fail: counters.fail,
    waitting: counters.waitting,
    fail_wait_retry: counters.failWaitRetry,
    stopped: counters.stopped,
    removed: counters.removed,
  };
}

type Shown = Awaited<ReturnType<BatchTaskService['show']>>;
type ShownSubtask = Shown['details']['items'][number];

export function encodeShown({ view, details }: Shown, maySeeSecrets: boolean): ShowBatchTaskResponse {
  const shown = details.items.map((subtask) => encodeDetail(subtask, maySeeSecrets));
  return { batchtask: encodeTask(view), task_details: shown, page: encodePage(details) };
}

/** v5 11.4, Detail: the output is JSON as a string. */
function encodeDetail(subtask: ShownSubtask, maySeeSecrets: boolean): TaskDetail {
  const { output, cause } = shownOutcome(subtask, maySeeSecrets);
  return {
    target: subtask.target,
    status: subtask.state,
    ...present({ output, error: cause && encodeCause(cause) }),
  };
}

const encodeCause = ({ code, message }: Cause) => ({ error_code: `IOTDA.${code}`, error_msg: message });

/** v5 11.5. */
export function encodeResults({ results, affected }: CommandResults): BatchTaskTargetsResponse {
  return {
    targets: results.map(({ target, cause }) =>
      cause === undefined ? { target, status: 'success' } : { target, status: 'failure', ...encodeCause(cause) },
    ),
    affected,
  };
}

/** v5 11.6, dry_run. */
export function encodeDryRun(report: DryRunReport): DryRunResponse {
  const { taskType, total, valid, invalid, reasons } = report;
  return {
    dry_run: true,
    task_type: taskType,
    total,
    valid,
    invalid,
    reasons: reasons.map(({ severity, code, message, count, samples }) => ({
      severity,
      ...(code === undefined ? {} : { error_code: `IOTDA.${code}` }),
      error_msg: message,
      count,
      samples: [...samples],
    })),
  };
}

/** v5 11.6, events: the `data` of a frame. */
export function encodeEvent({ task, counters, statusDesc }: TaskView): BatchTaskEvent {
  return {
    task_id: task.taskId,
    revision: task.revision,
    status: task.status,
    status_desc: statusDesc,
    task_progress: encodeProgress(counters),
  };
}
