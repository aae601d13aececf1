import type { LegacyBatchTask, LegacySubtask } from '@muster/contract/legacy';
import { batchCommandId } from '../../../domain/batch-command-id.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../domain/json.ts';
import { isNameOfRow } from '../../../domain/judge-row.ts';
import { present } from '../../../domain/present.ts';
import { problemCatalogue } from '../../../domain/problem-catalogue.ts';
import { hasEnds, statusDescOf } from '../../../domain/status-desc.ts';
import type { Task } from '../../../domain/task.ts';
import { timeCauseOf } from '../../../domain/time-cause.ts';
import { toBasicTime } from '../../../domain/time.ts';
import { batchStateOf, type LegacySubtaskState } from '../../../services/legacy-tasks/batch-states.ts';
import type { LegacyBatchView, SubtaskView } from '../../../services/legacy-tasks/legacy-batch-service.ts';
import { type LegacyCause, legacyCauseOf, ownCause } from '../problems.ts';
import { paramOfCore } from './param-of-core.ts';

/** Of tasks that were made through v5, which have none (legacy 3.4). */
const timeoutOfOthers = 2880;

export function encodeBatch(view: LegacyBatchView, options: { readonly withTags: boolean }): LegacyBatchTask {
  const { task, batchType } = view;
  const shown = task.legacy?.shown ?? {};
  return {
    ...{ appId: task.appId, taskId: task.taskId, taskName: task.name, taskType: batchType },
    operator: task.operator ?? null,
    taskFrom: 'Northbound',
    status: batchStateOf(task),
    startTime: toBasicTime(task.createdAt),
    timeout: typeof shown['timeout'] === 'number' ? shown['timeout'] : timeoutOfOthers,
    ...countsOf(task),
    param: isJsonObject(shown['param']) ? paramOf(shown['param'], view) : paramOfCore(view),
    ...(options.withTags ? { tags: (shown['tags'] as LegacyBatchTask['tags']) ?? [] } : {}),
    endTime: task.finishedAt === undefined ? null : toBasicTime(task.finishedAt),
    statusDesc: descOf(task),
  };
}

/** As it was sent. */
function paramOf({ type, ...rest }: JsonObject, { task, targets }: LegacyBatchView): LegacyBatchTask['param'] {
  const list = task.sourceKind === 'devices' ? { deviceList: [...targets] } : {};
  return { ...(type === undefined ? {} : { type }), ...list, ...rest };
}

/** Legacy 10.3. While a task is set up it has no sub-tasks. */
function countsOf(task: Task) {
  const isOver = batchStateOf(task) === 'Complete';
  const { total, success, fail, stopped, removed } = task.expanded ? task.counters : noCounts;
  const { timedOut, expired } = task.timeFailures;
  const failCnt = fail - timedOut - expired + stopped + removed;
  const completeCnt = success + failCnt + timedOut;
  const progress = total === 0 ? (isOver ? 1000 : 0) : permille(completeCnt, total);
  return {
    ...{
      totalCnt: total,
      successCnt: success,
      failCnt,
      timeoutCnt: timedOut,
      expiredCnt: expired,
      completeCnt,
      progress,
    },
    successRate: completeCnt === 0 ? 0 : permille(success, completeCnt),
  };
}

const noCounts = { total: 0, success: 0, fail: 0, stopped: 0, removed: 0 };

const permille = (part: number, whole: number): number => Math.floor((1000 * part) / whole);

/** Legacy 3.4. A task that ran out of time says so. */
function descOf(task: Task): string | null {
  const desc = hasEnds(task) ? endsOf(task) : statusDescOf(task);
  if (batchStateOf(task) !== 'Timeout') return desc === '' ? null : desc;
  return `Its time was over at ${toBasicTime(task.policy.end?.at ?? 0)}: ${desc}`;
}

/** What v5 says of its counters and codes, of those of this API. */
function endsOf(task: Task): string {
  const { successCnt, failCnt, timeoutCnt, expiredCnt } = countsOf(task);
  const counts = `${successCnt} succeeded, ${failCnt} failed, ${timeoutCnt} timed out, ${expiredCnt} expired`;
  if (task.counters.fail === 0 || task.commonestCause === undefined) return counts;
  const { code, message } = legacyCauseOf(task.commonestCause);
  return `${counts}; most frequent: ${code} ${message}`;
}

export function encodeSubtask(view: Pick<LegacyBatchView, 'task' | 'batchType'>, subtask: SubtaskView): LegacySubtask {
  const { task } = view;
  const isFile = task.sourceKind === 'file';
  return {
    status: stateOf(subtask),
    output: outputOf(view, subtask),
    error: errorOf(subtask),
    param: {
      index: isFile ? subtask.seq + 1 : null,
      nodeId: nodeIdOf(subtask),
      deviceId: deviceIdOf(subtask),
      commandId: hadCommand(task, subtask) ? batchCommandId(task.taskId, subtask) : null,
    },
  };
}

/** A node that the row names, else the device's. An empty cell says nothing. */
const nodeIdOf = ({ cells, nodeId }: SubtaskView): string | null => cells?.get('node_id') || (nodeId ?? null);

function outputOf({ batchType }: Pick<LegacyBatchView, 'batchType'>, subtask: SubtaskView): string | null {
  const { state, output } = subtask;
  const isEnded = state === 'Success' || state === 'Fail';
  return isEnded && output !== undefined ? JSON.stringify(resultOf(batchType, subtask, output)) : null;
}

/** Legacy 3.5: what came of a success, and what the device answered to a command, if it was an error, too. */
function resultOf(
  batchType: LegacyBatchView['batchType'],
  subtask: SubtaskView,
  { device_id: deviceId = null, ...output }: JsonObject,
): Json {
  if (batchType === 'DeviceCmd') return output['result'] ?? output['response'] ?? {};
  if (batchType !== 'DeviceReg') return { deviceId };
  const verifyCode = subtask.cells?.get('verify_code') || null;
  return { deviceId, nodeId: nodeIdOf(subtask), verifyCode, secret: subtask.secrets?.['secret'] ?? null };
}

/** A row may name no device, and one without device and product has none before it is made: its target stands for the row. */
function deviceIdOf({ target, output, cells }: SubtaskView): string | null {
  const made = output?.['device_id'];
  if (typeof made === 'string') return made;
  const isNamed = cells === undefined || ['device_id', 'product_id'].some((name) => (cells.get(name) ?? '') !== '');
  return isNamed && !isNameOfRow(target) ? target : null;
}

/** Legacy 10.4. */
function stateOf({ state, isCached, cause }: SubtaskView): LegacySubtaskState {
  switch (state) {
    case 'Waitting':
    case 'FailWaitRetry':
      return 'Pending';
    case 'Processing':
      return isCached ? 'Pending' : 'WaitResult';
    case 'Success':
      return 'Success';
    case 'Fail':
      return timeCauseOf(cause?.code ?? '') === undefined ? 'Fail' : 'Timeout';
    case 'Stopped':
    case 'Removed':
      return 'Fail';
  }
}

/** A command was made for every run that began, but where something was wrong before. */
function hadCommand(task: Task, { attempt, state, cause }: SubtaskView): boolean {
  if (task.type !== 'createAsyncCommands' || attempt === 0) return false;
  return state !== 'Fail' || commandEnds.has(cause?.code ?? '');
}

const commandEnds: ReadonlySet<string> = new Set(
  (['commandTimeout', 'notDelivered', 'deviceReportedFailure', 'commandCanceled'] as const).map(
    (problem) => problemCatalogue[problem].code,
  ),
);

function errorOf(subtask: SubtaskView): string | null {
  const cause = causeOf(subtask);
  if (cause === undefined) return null;
  const { code, message, detail } = cause;
  return JSON.stringify(present({ error_code: code, error_desc: message, error_detail: detail }));
}

function causeOf({ state, cause }: SubtaskView): LegacyCause | undefined {
  if (state === 'Stopped') return ownCause(105805);
  if (state === 'Removed') return ownCause(105806);
  return state === 'Fail' && cause !== undefined ? legacyCauseOf(cause) : undefined;
}
