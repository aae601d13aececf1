import {
  answerTimeMs,
  type AsyncCommandRequest,
  commandExpiry,
  type EndedCommandStatus,
  type NewAsyncCommand,
  parseAsyncCommand,
} from '../../domain/async-command.ts';
import { batchCommandId } from '../../domain/batch-command-id.ts';
import type { CommandReply } from '../../domain/device-event.ts';
import type { Effect } from '../../domain/effect.ts';
import { asId, type CommandId, type DeviceId, type RecordId } from '../../domain/ids.ts';
import type { JsonObject } from '../../domain/json.ts';
import { causeOf } from '../../domain/problem.ts';
import type { ProblemName } from '../../domain/problem-catalogue.ts';
import { isInModel } from '../../domain/product.ts';
import { isReachable, type Run, type RunDevice } from '../../domain/run.ts';
import type { Verdict } from '../../domain/verdict.ts';
import type { TaskContext } from '../../ports/task-type.ts';
import { defineTaskType } from '../define-task-type.ts';

/**
 * One asynchronous command per device; its run is Processing until the command ends (v5 13.7). When it leaves is the store's to say, which
 * knows the queue of its device: the run learns of the end alone.
 */
export const createAsyncCommands = defineTaskType({
  name: 'createAsyncCommands',
  accepts: { devices: true, groups: true, file: false },
  upgradeOptions: false,
  longRunning: true,
  usesModels: true,
  // The document is the single call's body; it is kept as it was sent and read again for every chunk.
  parseDocument(document) {
    parseAsyncCommand(document);
    return document;
  },
  start(runs, ctx) {
    const request = withinTime(parseAsyncCommand(ctx.task.document ?? {}), ctx);
    return runs.map((run) => begin(run, request, ctx));
  },
  onEvent(run, event, ctx) {
    switch (event.kind) {
      case 'command-reply':
        return answered(run, event.reply, ctx);
      case 'command-overdue':
        return overdue(run, event.status, ctx);
      case 'command-canceled':
        return { kind: 'failed', cause: causeOf('commandCanceled') };
      case 'deadline':
        // Before, the command itself was overdue, and nobody has said so.
        return overdue(run, 'TIMEOUT', ctx);
      default:
        return { kind: 'unchanged' };
    }
  },
  onAbandon: (run, ctx) => [
    { kind: 'withdrawCommand', deviceId: asId<DeviceId>(run.target), commandId: commandIdOf(run), at: ctx.now },
  ],
  examples: [
    { service_id: 'Motor', command_name: 'start', paras: { speed: 3 }, expire_time: 3600 },
    { paras: { speed: 3 }, max_retransmit: 2, callback_url: 'https://example.com/commands' },
    { paras: { free: true }, send_strategy: 'immediately' },
  ],
});

/** Legacy 3.2: it is cached for the rest of its task's time, if that has an end. */
function withinTime(request: AsyncCommandRequest, { task, now }: TaskContext): AsyncCommandRequest {
  const { end } = task.policy;
  if (end === undefined || request.strategy === 'immediately') return request;
  return { ...request, cacheSeconds: Math.ceil((end.at - now) / 1000) };
}

/** A command that has not left when the task's time is over is EXPIRED by then; whatever is left has left, and was not answered. */
const endGraceMs = 1000;

function begin(run: Run, request: AsyncCommandRequest, ctx: TaskContext): Verdict {
  const { device } = run;
  if (device === undefined) return { kind: 'failed', cause: causeOf('deviceNotFound') };
  const problem = refusalOf(device, request, ctx);
  if (problem !== undefined) return { kind: 'failed', cause: causeOf(problem) };
  const answerMs = ctx.timers.commandTimeoutMs;
  const command = commandOf(run, device.deviceId, { request, ctx });
  return {
    kind: 'waiting',
    step: 'unanswered',
    // v5 13.7: sent in the last moment of its cache time, it still has its time for the answer; the task's own time ends both.
    until: Math.min(
      command.expiresAt + answerTimeMs(request, { answerMs, slackMs: 1000 }),
      (ctx.task.policy.end?.at ?? Infinity) + endGraceMs,
    ),
    work: { commandId: command.commandId },
    effects: [{ kind: 'insertCommand', command, answerMs }],
  };
}

function refusalOf(device: RunDevice, request: AsyncCommandRequest, ctx: TaskContext): ProblemName | undefined {
  if (ctx.task.legacy === undefined) {
    // v5 9: whoever may send asks no model.
    if (!ctx.timers.asyncCommands) return 'asyncCommandsOff';
  } else {
    // Legacy 7: the model must have it, and whoever calls may send.
    const model = ctx.modelOf(device);
    if (model !== undefined && !isInModel(model, request.serviceId, request.commandName)) return 'commandUndefined';
  }
  return request.strategy === 'immediately' && !isReachable(device) ? 'deviceOffline' : undefined;
}

function commandOf(
  run: Run,
  deviceId: DeviceId,
  { request, ctx }: { readonly request: AsyncCommandRequest; readonly ctx: TaskContext },
): NewAsyncCommand {
  return {
    recordId: asId<RecordId>(ctx.random.orderedId()),
    deviceId,
    commandId: batchCommandId(ctx.task.taskId, run),
    request,
    createdAt: ctx.now,
    expiresAt: Math.min(commandExpiry(request, ctx.now), ctx.task.policy.end?.at ?? Infinity),
    run: { taskNo: run.taskNo, seq: run.seq, attempt: run.attempt },
  };
}

function answered(run: Run, { resultCode, body }: CommandReply, ctx: TaskContext): Verdict {
  const answerOf = (status: 'SUCCESSFUL' | 'FAILED') => ({
    output: { command_id: commandIdOf(run), status, result: body },
    effects: [ended(run, { status, result: body }, ctx)],
  });
  if (resultCode !== 0) {
    return { kind: 'failed', cause: causeOf('deviceReportedFailure', resultCode), ...answerOf('FAILED') };
  }
  return { kind: 'done', ...answerOf('SUCCESSFUL') };
}

function overdue(run: Run, status: 'EXPIRED' | 'TIMEOUT', ctx: TaskContext): Verdict {
  const cause = causeOf(status === 'EXPIRED' ? 'notDelivered' : 'commandTimeout');
  return { kind: 'failed', cause, effects: [ended(run, { status }, ctx)] };
}

interface CommandEnd {
  readonly status: EndedCommandStatus;
  readonly result?: JsonObject;
}

function ended(run: Run, end: CommandEnd, { now, timers }: TaskContext): Effect {
  return {
    kind: 'settleCommand',
    deviceId: asId<DeviceId>(run.target),
    commandId: commandIdOf(run),
    ...end,
    at: now,
    answerMs: timers.commandTimeoutMs,
  };
}

const commandIdOf = (run: Run): CommandId => asId<CommandId>(String(run.work?.['commandId']));
