import type { TaskNo } from '../domain/task.ts';
import { sleep } from '../ports/clock.ts';
import type { DueRuns, Settled, TaskTurn } from '../ports/store/subtask-store.ts';
import type { Aftermath } from './aftermath.ts';
import type { EngineParts } from './engine.ts';
import type { Frames } from './frames.ts';

/** The engine's own loop: fair turns between tasks, one chunk each, so that a small task is not stuck behind a big one (v5 13.4). */
export interface Turns {
  start(): void;
  stop(): Promise<void>;
  nudge(): void;
}

interface Job {
  readonly taskNo: TaskNo;
  readonly run: () => Promise<void>;
}

/** Unfinished tasks that get a turn in one round; the next round goes on behind them. */
const turnsPerRound = 64;
/** Writing a subtask costs about a quarter of settling one, so that many more fit the same share of the event loop. */
const expandFactor = 4;
/** After a failure of the store the loop goes on, at this pace; a task whose turn failed rests as long. */
const pauseAfterErrorMs = 1000;

export function createTurns(
  parts: EngineParts,
  { frames, aftermath }: { readonly frames: Frames; readonly aftermath: Aftermath },
): Turns {
  const { store, clock, log, settings } = parts;
  const stopping = new AbortController();
  let loop: Promise<void> | undefined;
  let wake = new AbortController();
  let nudged = false;
  /** The last task that had its turn; 0: the next round begins with the oldest. */
  let after = 0;
  /** Until when tasks whose turn has failed are left alone, so that they keep no other from its own. */
  const paused = new Map<TaskNo, number>();

  function nudge(): void {
    nudged = true;
    wake.abort();
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      nudged = false;
      try {
        const worked = await round();
        if (!worked && !nudged) await rest();
      } catch (error) {
        log.error({ error }, 'the engine could not work; it tries again');
        await sleep(clock, pauseAfterErrorMs, stopping.signal);
      }
    }
  }

  /** True: there was work, so there may be more. */
  async function round(): Promise<boolean> {
    const now = clock.now();
    for (const [taskNo, until] of paused) if (until <= now) paused.delete(taskNo);
    const [listed, due, deleted] = await Promise.all([
      store.subtasks.listTurns(now, turnsPerRound, after),
      store.subtasks.listDue(now, settings.chunkSize),
      settleDeleted(),
    ]);
    const isLast = listed.length < turnsPerRound;
    const wraps = isLast && after > 0;
    after = isLast ? 0 : (listed.at(-1)?.task.taskNo ?? 0);
    const jobs: readonly Job[] = [
      ...due.map((runs) => ({ taskNo: runs.taskNo, run: () => takeDue(runs) })),
      ...listed.map((turn) => ({ taskNo: turn.task.taskNo, run: () => takeTurn(turn) })),
    ].filter((job) => !paused.has(job.taskNo));
    await inParallel(jobs);
    return jobs.length > 0 || wraps || deleted;
  }

  async function inParallel(jobs: readonly Job[]): Promise<void> {
    const rest = [...jobs];
    const worker = async (): Promise<void> => {
      for (let job = rest.shift(); job !== undefined; job = rest.shift()) {
        if (stopping.signal.aborted) return;
        await attempt(job);
      }
    };
    await Promise.all(Array.from({ length: settings.concurrency }, worker));
  }

  async function attempt({ taskNo, run }: Job): Promise<void> {
    try {
      await run();
    } catch (error) {
      paused.set(taskNo, clock.now() + pauseAfterErrorMs);
      log.error({ error, taskNo }, 'a task could not go on; it is tried again');
    }
  }

  async function takeTurn({ task, work }: TaskTurn): Promise<void> {
    const { taskNo } = task;
    if (work === 'expand') {
      await store.subtasks.expand(taskNo, { now: clock.now(), limit: settings.chunkSize * expandFactor });
      parts.onPushed();
      return;
    }
    const frame = await frames.ofTask(task);
    const options = frame.options();
    const settled: Settled =
      work === 'sweep'
        ? await store.subtasks.sweep(taskNo, { options, decider: frame.decider, longRunning: frame.longRunning })
        : await store.subtasks.dispatch(taskNo, options, frame.decider);
    aftermath.follow(settled);
  }

  async function takeDue(due: DueRuns): Promise<void> {
    const frame = await frames.findByNo(due.taskNo);
    if (frame === undefined) return;
    aftermath.follow(await store.subtasks.settleDue(due, frame.options(), frame.decider));
  }

  async function settleDeleted(): Promise<boolean> {
    const settled = await store.subtasks.settleDeleted(
      (type) => frames.ofType(type).options(),
      (type) => frames.ofType(type).decider,
    );
    aftermath.follow(settled);
    return !settled.done;
  }

  /** Until somebody nudges, the next start or deadline comes, or the truth is due for a look. */
  async function rest(): Promise<void> {
    wake = new AbortController();
    const now = clock.now();
    const next = await store.subtasks.nextWake(now);
    if (nudged) return;
    // What a paused task has due must not keep the loop spinning.
    const earliest = Math.min(...paused.values()) - now;
    const delay = Math.max(
      0,
      Number.isFinite(earliest) ? earliest : 0,
      Math.min(settings.pollMs, (next ?? Infinity) - now),
    );
    await sleep(clock, delay, AbortSignal.any([wake.signal, stopping.signal]));
  }

  return {
    start() {
      loop ??= run();
    },
    async stop() {
      stopping.abort();
      await loop;
    },
    nudge,
  };
}
