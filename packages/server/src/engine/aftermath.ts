import type { RunEvent } from '../domain/device-event.ts';
import { causeOf } from '../domain/problem.ts';
import type { RunRef } from '../domain/request-id.ts';
import type { Settled } from '../ports/store/subtask-store.ts';
import type { EngineParts } from './engine.ts';

/** Does what a settle leaves to do once it is durable: nothing of it is lost by a crash but what a deadline makes good. */
export interface Aftermath {
  follow(settled: Settled): void;
}

export interface AftermathHooks {
  nudge(): void;
  collect(ref: RunRef, event: RunEvent): Promise<void>;
}

export function createAftermath(parts: EngineParts, hooks: AftermathHooks): Aftermath {
  const { link, log, metrics } = parts;
  return {
    follow(settled) {
      if (settled.closed.length > 0) link.close(settled.closed, 'frozen');
      if (settled.downlinks.length > 0) link.send(settled.downlinks);
      for (const { run, messageId } of settled.displaced) {
        hooks.collect(run, { kind: 'message-undelivered', cause: causeOf('notDelivered') }).catch((error: unknown) => {
          // The run still ends at its deadline; the operator should know that it was not told.
          log.warn({ err: error, messageId }, 'a pushed-out message could not be settled');
        });
      }
      if (settled.released) hooks.nudge();
      if (settled.task === undefined) return;
      metrics.count('muster_runs_settled_total', { type: settled.task.type }, settled.runs);
      parts.onPushed();
    },
  };
}
