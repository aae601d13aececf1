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

/** Unfinished tasks that get a turn in one round. */
const turnsPerRound = 64;
/** After a failure of the store the loop goes on, at this pace. */
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
    const [turns, due, deleted] = await Promise.all([
      store.subtasks.listTurns(now, turnsPerRound),
      store.subtasks.listDue(now, settings.chunkSize),
      settleDeleted(),
    ]);
    await inParallel([...due.map((runs) => () => takeDue(runs)), ...turns.map((turn) => () => takeTurn(turn))]);
    return turns.length > 0 || due.length > 0 || deleted;
  }

  async function inParallel(jobs: readonly (() => Promise<void>)[]): Promise<void> {
    const rest = [...jobs];
    const worker = async (): Promise<void> => {
      for (let job = rest.shift(); job !== undefined; job = rest.shift()) {
        if (stopping.signal.aborted) return;
        await job();
      }
    };
    await Promise.all(Array.from({ length: settings.concurrency }, worker));
  }

  async function takeTurn({ task, work }: TaskTurn): Promise<void> {
    const { taskNo } = task;
    if (work === 'expand') {
      await store.subtasks.expand(taskNo, { now: clock.now(), limit: settings.chunkSize });
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
    const delay = Math.max(0, Math.min(settings.pollMs, (next ?? Infinity) - now));
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
