import type { DueRuns, Settled, TaskTurn } from '../ports/store/subtask-store.ts';
import type { Task } from '../domain/task.ts';
import type { TaskTypeTable } from '../ports/task-type.ts';
import type { Aftermath } from './aftermath.ts';
import type { EngineParts } from './engine.ts';
import type { Frames } from './frames.ts';

/** One chunk of work of one task, each of a kind of its own. */
export interface TurnWork {
  /** `limit`: subtasks to settle. False: there was nothing to do, e.g. because another node is at it. */
  takeTurn(turn: TaskTurn, limit: number): Promise<boolean>;
  takeDue(due: DueRuns): Promise<boolean>;
  /** True: there may be more. */
  settleDeleted(): Promise<boolean>;
}

export interface TurnWorkTools {
  readonly frames: Frames;
  readonly aftermath: Aftermath;
}

/** Writing a subtask costs about a quarter of settling one, so that many more fit the same share of the event loop. */
const expandFactor = 4;

export function createTurnWork(parts: EngineParts, { frames, aftermath }: TurnWorkTools): TurnWork {
  const { store, clock } = parts;
  const types: TaskTypeTable = parts.types;

  async function expand({ taskNo, type }: Task, limit: number): Promise<boolean> {
    const { isElsewhere } = await store.subtasks.expand(taskNo, {
      now: clock.now(),
      limit: limit * expandFactor,
      readRow: types[type].file?.readRow,
    });
    parts.onPushed();
    return !isElsewhere;
  }

  async function settle({ task, work }: TaskTurn, limit: number): Promise<Settled> {
    const { taskNo } = task;
    const { decider, longRunning, ...frame } = await frames.ofTask(task);
    const options = frame.options(limit);
    return work === 'sweep'
      ? store.subtasks.sweep(taskNo, { options, decider, longRunning })
      : store.subtasks.dispatch(taskNo, options, decider);
  }

  /** A sweep that has just ended touched no run, and leaves its task something to do. */
  function followed(settled: Settled): boolean {
    aftermath.follow(settled);
    return settled.runs > 0 || settled.task !== undefined;
  }

  return {
    async takeTurn(turn, limit) {
      if (turn.work === 'expand') return expand(turn.task, limit);
      return followed(await settle(turn, limit));
    },
    async takeDue(due) {
      const frame = await frames.findByNo(due.taskNo);
      if (frame === undefined) return false;
      return followed(await store.subtasks.settleDue(due, frame.options(), frame.decider));
    },
    async settleDeleted() {
      const settled = await store.subtasks.settleDeleted(
        (type) => frames.ofType(type).options(),
        (type) => frames.ofType(type).decider,
      );
      aftermath.follow(settled);
      return !settled.done;
    },
  };
}
