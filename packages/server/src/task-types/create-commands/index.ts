import { type CommandRequest, parseCommand } from '../../domain/command.ts';
import type { JsonObject } from '../../domain/json.ts';
import { causeOf } from '../../domain/problem.ts';
import { commandIsUndefined } from '../../domain/product.ts';
import { requestIdOf } from '../../domain/request-id.ts';
import { isReachable, type Run } from '../../domain/run.ts';
import type { Verdict } from '../../domain/verdict.ts';
import type { TaskContext } from '../../ports/task-type.ts';
import { defineTaskType } from '../define-task-type.ts';

/**
 * One synchronous command per device (v5 9, 13.7; device 6.1). The request id is the command id and names the run, so an answer needs no
 * table; a command that was in flight at a crash runs into its stored deadline and is not sent again (v5 13.4).
 */
export const createCommands = defineTaskType({
  name: 'createCommands',
  accepts: { devices: true, groups: true, file: false },
  upgradeOptions: false,
  longRunning: false,
  usesModels: true,
  parseDocument: (document) => documentOf(parseCommand(document)),
  start(runs, ctx) {
    const request = parseCommand(ctx.task.document ?? {});
    return runs.map((run) => send(run, request, ctx));
  },
  onEvent(run, event) {
    switch (event.kind) {
      case 'command-reply':
        return answered(run, event.reply);
      case 'deadline':
        return { kind: 'failed', cause: causeOf('commandTimeout') };
      default:
        // The session may drop meanwhile; an answer from the next one counts (device 6.1).
        return { kind: 'unchanged' };
    }
  },
  examples: [{ service_id: 'Motor', command_name: 'start', paras: { speed: 3 } }, { paras: { free: true } }],
});

function documentOf(request: CommandRequest): JsonObject {
  return {
    ...(request.serviceId === undefined ? {} : { service_id: request.serviceId }),
    ...(request.commandName === undefined ? {} : { command_name: request.commandName }),
    paras: request.paras,
  };
}

function send(run: Run, request: CommandRequest, ctx: TaskContext): Verdict {
  const { device } = run;
  if (device === undefined) return { kind: 'failed', cause: causeOf('deviceNotFound') };
  const model = ctx.modelOf(device);
  if (model !== undefined && commandIsUndefined(model, request.serviceId, request.commandName)) {
    return { kind: 'failed', cause: causeOf('commandUndefined') };
  }
  if (!isReachable(device)) return { kind: 'failed', cause: causeOf('deviceOffline') };
  const { deviceId, rootId } = device;
  return {
    kind: 'waiting',
    step: 'sent',
    until: ctx.now + ctx.timers.commandTimeoutMs,
    downlinks: [{ deviceId, rootId, content: { kind: 'command', requestId: requestIdOf(run), ...request } }],
  };
}

function answered(run: Run, reply: { readonly resultCode: number; readonly body: JsonObject }): Verdict {
  const output = { command_id: requestIdOf(run), response: reply.body };
  if (reply.resultCode === 0) return { kind: 'done', output };
  return { kind: 'failed', cause: causeOf('deviceReportedFailure', reply.resultCode), output };
}
