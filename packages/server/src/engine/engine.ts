import type { DeviceId } from '../domain/ids.ts';
import type { RunEvent } from '../domain/device-event.ts';
import { Problem } from '../domain/problem.ts';
import type { RunRef } from '../domain/request-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeviceLink } from '../ports/device-link.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { ObjectStores } from '../ports/object-stores.ts';
import type { Random } from '../ports/random.ts';
import type { Store } from '../ports/store/store.ts';
import type { TaskCommand, TaskCommandResult } from '../ports/store/subtask-store.ts';
import type { TaskTimers, TaskTypeTable } from '../ports/task-type.ts';
import { createAftermath } from './aftermath.ts';
import { createCollector } from './collector.ts';
import { createFrames } from './frames.ts';
import { createTurns } from './turns.ts';

export interface EngineSettings {
  readonly timers: TaskTimers;
  /** Subtasks settled in one transaction. Tasks that have work at the same time share it. */
  readonly chunkSize: number;
  /** No task's share is smaller, so that what a chunk costs besides its subtasks does not show. */
  readonly shareMin: number;
  /** Chunks that are under way together: those of different tasks share commits. */
  readonly concurrency: number;
  /** Of one task at most. More than one only helps where the database settles several at the same time. */
  readonly chunksPerTask: number;
  /** The truth is looked at this often even if nobody gives a hint. */
  readonly pollMs: number;
  /** MUSTER_BATCH_RETRY_MINUTE_SECONDS. */
  readonly retryMinuteMs: number;
  /** Device events that may wait for their commit. */
  readonly eventsMax: number;
}

export interface EngineParts {
  readonly store: Store;
  readonly types: TaskTypeTable;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly link: DeviceLink;
  readonly settings: EngineSettings;
  /** For packages that lie in one. */
  readonly objects: Pick<ObjectStores, 'sign'>;
  readonly newToken: () => { token: string; hash: string };
  /** `{base}` of download addresses; asked for at each chunk, because ports may be chosen at start. */
  readonly downloadBase: () => string;
  /** A task's status has changed: its outbox rows want to be looked at. */
  readonly onPushed: () => void;
  /** There is work that engines of other nodes may take as well. */
  readonly onWork?: () => void;
}

/** Expands, dispatches, collects, retries and times out batch tasks (design 2). */
export interface Engine {
  start(): void;
  /** Finishes what is in hand; nothing is lost either way. Idempotent. */
  stop(): Promise<void>;
  /** There may be work: look now, and let the other nodes look. */
  nudge(): void;
  /** Another node says that there may be work. */
  nudgeOwn(): void;
  /** v5 13.5. Problems: taskNotFound, taskState, taskNeedsNoConfirm. */
  commandTask(request: Omit<TaskCommand, 'longRunning'>): Promise<TaskCommandResult>;
  /** An event for one run, said by `from`; resolves when what follows from it is durable. */
  collect(ref: RunRef, from: DeviceId | undefined, event: RunEvent): Promise<void>;
  /** An event for whatever run holds the device's lane; resolves with false where none does. */
  collectForDevice(deviceId: DeviceId, event: RunEvent): Promise<boolean>;
}

export function createEngine(parts: EngineParts): Engine {
  const frames = createFrames(parts);
  const aftermath = createAftermath(parts, {
    nudge: () => nudge(),
    collect: (ref, event) => collector.collect(ref, undefined, event),
  });
  const collector = createCollector(parts, { frames, aftermath, nudge: () => nudge() });
  const turns = createTurns(parts, { frames, aftermath });
  const nudge = (): void => {
    turns.nudge();
    parts.onWork?.();
  };
  return {
    start: () => turns.start(),
    stop: async () => {
      await turns.stop();
      await collector.stop();
    },
    nudge,
    nudgeOwn: () => turns.nudge(),
    commandTask: async (request) => {
      const frame = await frames.renewByNo(request.taskNo);
      if (frame === undefined) throw new Problem('taskNotFound');
      const result = await parts.store.subtasks.command(
        { ...request, longRunning: frame.longRunning },
        frame.options(),
        frame.decider,
      );
      aftermath.follow(result.settled);
      parts.onPushed();
      nudge();
      return result;
    },
    collect: (ref, from, event) => collector.collect(ref, from, event),
    collectForDevice: (deviceId, event) => collector.collectForDevice(deviceId, event),
  };
}
