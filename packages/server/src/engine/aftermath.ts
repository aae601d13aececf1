import type { CountedField, CounterDelta } from '../domain/counters.ts';
import type { RunEvent } from '../domain/device-event.ts';
import { causeOf } from '../domain/problem.ts';
import type { RunRef } from '../domain/request-id.ts';
import type { Settled } from '../ports/store/subtask-store.ts';
import type { TaskTypeName } from '../domain/task.ts';
import type { EngineParts } from './engine.ts';

/** Does what a settle leaves to do once it is durable: nothing of it is lost by a crash but what a deadline makes good. */
export interface Aftermath {
  follow(settled: Settled): void;
}

export interface AftermathHooks {
  nudge(): void;
  collect(ref: RunRef, event: RunEvent): Promise<void>;
}

/** How a run can end (operations page, Observing). */
const outcomes = ['success', 'fail', 'failWaitRetry', 'stopped', 'removed'] as const satisfies CountedField[];

export function createAftermath(parts: EngineParts, hooks: AftermathHooks): Aftermath {
  const { link, log, metrics } = parts;

  function countEnds(type: TaskTypeName, delta: CounterDelta): void {
    for (const outcome of outcomes) {
      const ended = delta[outcome] ?? 0;
      // A manual retry takes ended ones back; what was counted has happened all the same.
      if (ended > 0) metrics.count('muster_subtasks_settled_total', { type, outcome }, ended);
    }
  }

  return {
    follow(settled) {
      if (settled.closed.length > 0) link.close(settled.closed, 'frozen');
      if (settled.deleted.length > 0) link.close(settled.deleted, 'deleted');
      if (settled.posted) link.posted();
      if (settled.downlinks.length > 0) link.send(settled.downlinks);
      for (const { run, messageId } of settled.displaced) {
        hooks.collect(run, { kind: 'message-undelivered', cause: causeOf('notDelivered') }).catch((error: unknown) => {
          // The run still ends at its deadline; the operator should know that it was not told.
          log.warn({ err: error, messageId }, 'a pushed-out message could not be settled');
        });
      }
      if (settled.released) hooks.nudge();
      if (settled.task === undefined) return;
      countEnds(settled.task.type, settled.delta);
      parts.onPushed();
    },
  };
}
