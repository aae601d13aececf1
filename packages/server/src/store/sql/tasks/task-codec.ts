import type { Selectable } from 'kysely';
import type { Counters } from '../../../domain/counters.ts';
import { asId, type AppId, type BatchFileId, type ProjectId, type RecordId, type TaskId } from '../../../domain/ids.ts';
import type { JsonObject } from '../../../domain/json.ts';
import { legacyBatchTypes, type Task, type TaskPolicy, type TaskTypeName } from '../../../domain/task.ts';
import type { TasksTable } from '../tables.ts';

export type TaskRow = Selectable<TasksTable>;

/** `cause`: the commonest one, read beside the row by whoever shows a finished task. */
export function taskOf(row: TaskRow, cause?: Task['commonestCause']): Task {
  return {
    taskNo: row.task_no,
    taskId: asId<TaskId>(row.task_id),
    // A task's id is itself time-ordered: it is its own record id.
    recordId: asId<RecordId>(row.task_id),
    projectId: asId<ProjectId>(row.project_id),
    appId: asId<AppId>(row.app_id),
    name: row.name,
    type: row.type as TaskTypeName,
    sourceKind: row.source_kind,
    ...(row.source_kind === 'file' ? { fileId: asId<BatchFileId>(row.source) } : {}),
    document: parseObject(row.document),
    echo: JSON.parse(row.echo) as JsonObject,
    extInfo: parseObject(row.ext_info),
    gatewayMode: row.gateway_mode === 1,
    needConfirm: row.need_confirm === 1,
    policy: policyOf(row),
    createdAt: row.created_at,
    status: row.status,
    counters: countersOf(row),
    timeFailures: { timedOut: row.timed_out, expired: row.expired },
    startedAt: row.started_at ?? undefined,
    finishedAt: row.finished_at ?? undefined,
    ...originOf(row),
    revision: row.revision,
    expanded: row.expanded === 1,
    confirmed: row.confirmed === 1,
    stopped: row.stop_accepted === 1,
    setupFailure: row.setup_failure ?? undefined,
    commonestCause: cause,
  };
}

export function countersOf(row: TaskRow): Counters {
  const { total, waitting, processing, success, fail, stopped, removed } = row;
  return { total, waitting, processing, success, fail, stopped, removed, failWaitRetry: row.fail_wait_retry };
}

export function parseObject(text: string | null): JsonObject | undefined {
  return text === null ? undefined : (JSON.parse(text) as JsonObject);
}

function policyOf(row: TaskRow): TaskPolicy {
  return {
    ...(row.start_at === null ? {} : { startAt: row.start_at }),
    retryCount: row.retry_count,
    retryIntervalMinutes: row.retry_interval_minutes,
    onConflict: row.on_conflict,
    ...(row.ends_at === null ? {} : { end: { at: row.ends_at, rest: row.at_end ?? 'fail' } }),
    ...(row.online_by === null ? {} : { onlineBy: row.online_by }),
  };
}

function originOf({ operator, legacy_type, legacy }: TaskRow): Pick<Task, 'operator' | 'legacy'> {
  const batchType = legacyBatchTypes.find((type) => type === legacy_type);
  return {
    ...(operator === null ? {} : { operator }),
    ...(legacy === null ? {} : { legacy: { shown: parseObject(legacy) ?? {}, ...(batchType && { batchType }) } }),
  };
}

/** No subtask of the task starts any more, because its time is over. */
export const isTimeOver = ({ ends_at }: Pick<TaskRow, 'ends_at'>, now: number): boolean =>
  ends_at !== null && ends_at <= now;
