import type { RunEvent } from '../../domain/device-event.ts';
import type { Effect } from '../../domain/effect.ts';
import type { ProjectId } from '../../domain/ids.ts';
import type { MessageStatus } from '../../domain/message.ts';
import { type Cause, causeOf } from '../../domain/problem.ts';
import type { RunRef } from '../../domain/request-id.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { EffectStore } from '../../ports/store/message-store.ts';
import type { MessageMark } from './message-payload.ts';

export interface MessageResultsParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly effects: EffectStore;
  /** For messages of a task: their run decides what the result means. Resolves when that is durable. */
  collect(ref: RunRef, from: undefined, event: RunEvent): Promise<void>;
}

/** Writes down what became of messages. Whatever comes while a commit is under way shares the next one. */
export interface MessageResults {
  /** `onSettled` is called once it is durable, or could not be made so: then the message is still PENDING. */
  delivered(message: MessageMark, projectId: ProjectId, onSettled: () => void): void;
  /**
   * It could not be delivered now: a cached one waits on, another one has failed (device 6.3). Without a project, because nobody is
   * connected, a single message is left to its own short time.
   */
  undelivered(message: MessageMark, projectId: ProjectId | undefined, problem: 'deviceOffline' | 'notSubscribed'): void;
  /** Resolves when everything that was taken is durable. */
  drained(): Promise<void>;
}

interface Waiting {
  readonly projectId: ProjectId;
  readonly effect: Effect;
  onSettled(): void;
}

/** Messages settled in one transaction. */
const batchMax = 500;

export function createMessageResults(parts: MessageResultsParts): MessageResults {
  const { clock, log, effects } = parts;
  const collecting = new Set<Promise<void>>();
  let queue: Waiting[] = [];
  let running: Promise<void> | undefined;

  function settle(waiting: Waiting): void {
    queue.push(waiting);
    running ??= drain();
  }

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.slice(0, batchMax);
      queue = queue.slice(batchMax);
      const byProject = Map.groupBy(batch, ({ projectId }) => projectId);
      await Promise.all([...byProject].map(([projectId, items]) => apply(projectId, items)));
    }
    running = undefined;
  }

  async function apply(projectId: ProjectId, items: readonly Waiting[]): Promise<void> {
    try {
      await effects.apply(
        projectId,
        items.map(({ effect }) => effect),
      );
    } catch (err) {
      // They are still PENDING: delivered once more on the next connect, which the contract allows.
      log.error({ err, messages: items.length }, 'results of messages could not be stored');
    }
    for (const { onSettled } of items) onSettled();
  }

  function tell(run: RunRef, event: RunEvent, onSettled: () => void): void {
    const told = parts
      .collect(run, undefined, event)
      .catch((err: unknown) => log.error({ err, run }, 'the result of a message did not reach its run'))
      .then(() => {
        collecting.delete(told);
        onSettled();
      });
    collecting.add(told);
  }

  function effectOf(message: MessageMark, status: MessageStatus, cause?: Cause): Effect {
    const { deviceId, messageId } = message;
    const end = { status, at: clock.now(), ...(cause === undefined ? {} : { cause }) };
    return { kind: 'settleMessage', deviceId, messageId, ...end };
  }

  return {
    delivered(message, projectId, onSettled) {
      const { run } = message;
      if (run !== undefined) tell(run, { kind: 'message-delivered' }, onSettled);
      else settle({ projectId, effect: effectOf(message, 'DELIVERED'), onSettled });
    },
    undelivered(message, projectId, problem) {
      const { run, cached } = message;
      const cause = causeOf(problem);
      // A cached message of a run changes nothing about the run.
      if (run !== undefined && !cached) tell(run, { kind: 'message-undelivered', cause }, () => undefined);
      if (run !== undefined || projectId === undefined) return;
      settle({
        projectId,
        effect: effectOf(message, cached ? 'PENDING' : 'FAILED', cause),
        onSettled: () => undefined,
      });
    },
    async drained() {
      while (running !== undefined || collecting.size > 0) await Promise.all([running, ...collecting]);
    },
  };
}
