import type { Effect } from '../../domain/effect.ts';
import { asId, type MessageId, type RecordId } from '../../domain/ids.ts';
import {
  type MessageRequest,
  type MessageStatus,
  messageDownlink,
  messageExpiry,
  type NewMessage,
} from '../../domain/message.ts';
import { parseMessage } from '../../domain/message-request.ts';
import { type Cause, causeOf } from '../../domain/problem.ts';
import { isReachable, type Run, type RunDevice } from '../../domain/run.ts';
import type { Verdict } from '../../domain/verdict.ts';
import type { TaskContext } from '../../ports/task-type.ts';
import { defineTaskType } from '../define-task-type.ts';

/** One cached message per device; its run is Processing while the message is PENDING (v5 13.7). */
export const createMessages = defineTaskType({
  name: 'createMessages',
  accepts: { devices: true, groups: true, file: false },
  upgradeOptions: false,
  longRunning: true,
  usesModels: false,
  // The document is the single call's body; it is kept as it was sent and read again for every chunk.
  parseDocument(document) {
    parseMessage(document);
    return document;
  },
  start(runs, ctx) {
    const request = parseMessage(ctx.task.document ?? {});
    return runs.map((run) => cache(run, request, ctx));
  },
  onEvent(run, event, ctx) {
    switch (event.kind) {
      case 'message-delivered':
        return delivered(run, ctx);
      case 'message-undelivered':
        return undelivered(run, event.cause, ctx);
      case 'deadline':
        return failed(run, { cause: lastCause(run), status: 'TIMEOUT', now: ctx.now });
      default:
        return { kind: 'unchanged' };
    }
  },
  onAbandon: (run, ctx) => [ended(run, { status: 'FAILED', cause: causeOf('notDelivered'), now: ctx.now })],
  examples: [{ message: 'Good morning' }, { message: { lamp: 'on' }, name: 'lamp', ttl: 60 }],
});

function cache(run: Run, request: MessageRequest, ctx: TaskContext): Verdict {
  const { device } = run;
  if (device === undefined) return { kind: 'failed', cause: causeOf('deviceNotFound') };
  const reachable = isReachable(device);
  if (request.ttlMinutes === 0 && !reachable) return { kind: 'failed', cause: causeOf('deviceOffline') };
  const message = messageOf(run, device, { request, ctx });
  return {
    kind: 'waiting',
    step: 'pending',
    until: message.expiresAt,
    work: { messageId: message.messageId, cached: request.ttlMinutes > 0 },
    effects: [{ kind: 'insertMessage', message }],
    ...(reachable ? { downlinks: [messageDownlink(message, device.rootId)] } : {}),
  };
}

function messageOf(
  run: Run,
  device: RunDevice,
  { request, ctx }: { readonly request: MessageRequest; readonly ctx: TaskContext },
): NewMessage {
  return {
    recordId: asId<RecordId>(ctx.random.orderedId()),
    deviceId: device.deviceId,
    messageId: request.messageId ?? asId<MessageId>(ctx.random.uuid()),
    request,
    createdAt: ctx.now,
    expiresAt: messageExpiry(request, ctx.now),
    run: { taskNo: run.taskNo, seq: run.seq, attempt: run.attempt },
  };
}

function delivered(run: Run, ctx: TaskContext): Verdict {
  return {
    kind: 'done',
    output: { message_id: messageIdOf(run), status: 'DELIVERED' },
    effects: [ended(run, { status: 'DELIVERED', now: ctx.now })],
  };
}

/** Offline or not subscribed: a cached message waits on; pushed out, withdrawn or not cached: that is its end (device 6.3). */
function undelivered(run: Run, cause: Cause, ctx: TaskContext): Verdict {
  const isOver = cause.code === causeOf('notDelivered').code || run.work?.['cached'] !== true;
  if (isOver) return failed(run, { cause, status: 'FAILED', now: ctx.now });
  return { kind: 'unchanged' };
}

/** What kept the message from its device until its time was over. */
const lastCause = (run: Run): Cause =>
  run.device !== undefined && isReachable(run.device) ? causeOf('notSubscribed') : causeOf('deviceOffline');

interface MessageEnd {
  readonly status: MessageStatus;
  readonly cause?: Cause;
  readonly now: number;
}

function failed(run: Run, end: MessageEnd & { readonly cause: Cause }): Verdict {
  return { kind: 'failed', cause: end.cause, effects: [ended(run, end)] };
}

function ended(run: Run, { status, cause, now }: MessageEnd): Effect {
  return {
    kind: 'settleMessage',
    deviceId: asId(run.target),
    messageId: messageIdOf(run),
    status,
    at: now,
    ...(cause === undefined ? {} : { cause }),
  };
}

const messageIdOf = (run: Run): MessageId => asId<MessageId>(String(run.work?.['messageId']));
