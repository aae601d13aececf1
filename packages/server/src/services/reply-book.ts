import type { CommandReply, RunEvent } from '../domain/device-event.ts';
import type { DeviceId } from '../domain/ids.ts';
import { isJsonObject, type JsonObject } from '../domain/json.ts';
import { Problem } from '../domain/problem.ts';
import { type RunRef, runOfRequestId } from '../domain/request-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { CommandAnswers } from './command-answers.ts';

/** Why an answer has no effect (device 6.1); each is counted by its reason. */
export type ReplyDropReason = 'unknown-request' | 'bad-payload';

export interface ReplyBookParts {
  readonly clock: Clock;
  /** Answers to the commands of a task go into their runs. Resolves when what follows is durable. */
  collect(ref: RunRef, from: DeviceId, event: RunEvent): Promise<void>;
  /** Asynchronous commands; false: none of this device waits for it. */
  readonly commands: Pick<CommandAnswers, 'take'>;
  onDropped(reason: ReplyDropReason): void;
  /** MUSTER_COMMAND_TIMEOUT_SECONDS, in ms. */
  readonly timeoutMs: number;
  /** Single calls that may wait at once. */
  readonly waitingMax: number;
}

export interface ExpectedReply {
  /** Whoever's session carries it: the device, or the gateway of a child (device 6.1). */
  readonly rootId: DeviceId;
  readonly requestId: string;
  /** The caller goes away. */
  readonly signal: AbortSignal;
}

/**
 * Answers of devices on their way to whoever asked (device 6.1, 6.2): the run of a task, a single call that waits, or an asynchronous
 * command in the store.
 */
export interface ReplyBook {
  /** `body`: the parsed JSON; undefined: it was none. Resolves when it has taken effect or was dropped. */
  onReply(from: DeviceId, requestId: string, body: unknown): Promise<void>;
  /**
   * Waits for an answer; call it before the request leaves. Throws rateLimited or notReady at once. Rejects with commandTimeout, and with
   * notReady when the caller goes away or the book is closed.
   */
  expect(expected: ExpectedReply): Promise<CommandReply>;
  /** The answer, should it come in time, goes to another node's `onRelayed`. More than may wait are not waited for. */
  relay(command: Pick<ExpectedReply, 'rootId' | 'requestId'>, deliver: (reply: CommandReply) => void): void;
  /** The answer to a call that waits here came through another node. */
  onRelayed(answer: { readonly rootId: DeviceId; readonly requestId: string; readonly reply: CommandReply }): void;
  /** Answers everything that waits with notReady; idempotent. */
  stop(): void;
}

interface Waiting {
  readonly rootId: DeviceId;
  finish(end: CommandReply | Problem): void;
}

export function createReplyBook(parts: ReplyBookParts): ReplyBook {
  const waiting = new Map<string, Waiting>();
  let stopped = false;

  function wait({ rootId, requestId, signal }: ExpectedReply): Promise<CommandReply> {
    return new Promise((resolve, reject) => {
      const finish = (end: CommandReply | Problem): void => {
        timer.cancel();
        signal.removeEventListener('abort', abandon);
        waiting.delete(requestId);
        if (end instanceof Problem) reject(end);
        else resolve(end);
      };
      const abandon = (): void => finish(new Problem('notReady'));
      const timer = parts.clock.setTimer(parts.timeoutMs, () => finish(new Problem('commandTimeout')));
      signal.addEventListener('abort', abandon);
      waiting.set(requestId, { rootId, finish });
    });
  }

  /** Knowing the id is no right: the answer must come from the device that was asked. */
  function answer(from: DeviceId, requestId: string, reply: CommandReply): void {
    const asked = waiting.get(requestId);
    if (asked?.rootId !== from) parts.onDropped('unknown-request');
    else asked.finish(reply);
  }

  return {
    async onReply(from, requestId, body) {
      if (!isJsonObject(body)) return parts.onDropped('bad-payload');
      const reply = replyOf(body);
      const run = runOfRequestId(requestId);
      if (run !== undefined) return parts.collect(run, from, { kind: 'command-reply', reply });
      // Most answers are waited for here, and need no look into the store.
      const isCommand = !waiting.has(requestId) && (await parts.commands.take(from, requestId, reply));
      if (!isCommand) answer(from, requestId, reply);
    },
    relay({ rootId, requestId }, deliver) {
      if (stopped || waiting.size >= parts.waitingMax) return;
      const finish = (end: CommandReply | Problem): void => {
        timer.cancel();
        waiting.delete(requestId);
        if (!(end instanceof Problem)) deliver(end);
      };
      // Whoever asked waits as long.
      const timer = parts.clock.setTimer(parts.timeoutMs, () => finish(new Problem('commandTimeout')));
      waiting.set(requestId, { rootId, finish });
    },
    onRelayed: ({ rootId, requestId, reply }) => answer(rootId, requestId, reply),
    expect(expected) {
      if (stopped || expected.signal.aborted) throw new Problem('notReady');
      if (waiting.size >= parts.waitingMax) throw new Problem('rateLimited');
      return wait(expected);
    },
    stop() {
      stopped = true;
      for (const { finish } of [...waiting.values()]) finish(new Problem('notReady'));
    },
  };
}

/** device 6.1: a `result_code` of 0 or none is success, anything else is the device's word that it failed. */
function replyOf(body: JsonObject): CommandReply {
  const code = body['result_code'] ?? 0;
  const number = typeof code === 'string' && /^-?\d{1,9}$/.test(code) ? Number(code) : code;
  return { resultCode: typeof number === 'number' && Number.isInteger(number) ? number : notANumber, body };
}

/** Stands for a code that is no integer; the caller sees the device's own in the body. */
const notANumber = -1;
