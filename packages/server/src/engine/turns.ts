import type { TaskNo } from '../domain/task.ts';
import { sleep } from '../ports/clock.ts';
import type { EngineParts, EngineSettings } from './engine.ts';
import type { TaskTurn } from '../ports/store/subtask-store.ts';
import { PausedTasks } from './paused-tasks.ts';
import { createTurnWork, type TurnWorkTools } from './turn-work.ts';

/** The engine's own loop: fair turns between tasks, one chunk each, so that a small task is not stuck behind a big one (v5 13.4). */
export interface Turns {
  start(): void;
  stop(): Promise<void>;
  nudge(): void;
}

interface Job {
  readonly taskNo: TaskNo;
  /** False: there was nothing to do. */
  readonly run: () => Promise<boolean>;
}

/** Unfinished tasks that get a turn in one round; the next round goes on behind them. */
const turnsPerRound = 64;
/** After a failure of the store the loop goes on, at this pace; a task whose turn failed rests as long. */
const pauseAfterErrorMs = 1000;
/** What is due and cannot be taken, because another node has it in hand, is not asked for without a pause. */
const restMinMs = 5;

export function createTurns(parts: EngineParts, tools: TurnWorkTools): Turns {
  const { store, clock, log, settings } = parts;
  const stopping = new AbortController();
  const round = createRounds(parts, tools, stopping.signal);
  let loop: Promise<void> | undefined;
  let wake = new AbortController();
  let nudged = false;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      nudged = false;
      try {
        const { worked, pausedMs } = await round();
        if (!worked && !nudged) await rest(pausedMs);
      } catch (error) {
        log.error({ err: error }, 'the engine could not work; it tries again');
        await sleep(clock, pauseAfterErrorMs, stopping.signal);
      }
    }
  }

  /** Until somebody nudges, the next start or deadline comes, or the truth is due for a look. */
  async function rest(pausedMs: number): Promise<void> {
    wake = new AbortController();
    const now = clock.now();
    const next = await store.subtasks.nextWake(now);
    if (nudged) return;
    // What a paused task has due must not keep the loop spinning.
    const delay = Math.max(restMinMs, pausedMs, Math.min(settings.pollMs, (next ?? Infinity) - now));
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
    nudge() {
      nudged = true;
      wake.abort();
    },
  };
}

interface RoundResult {
  /** There was work, so there may be more. */
  readonly worked: boolean;
  /** How long the first paused task still rests. */
  readonly pausedMs: number;
}

/**
 * Tasks on the same devices go on side by side: what they send to one device leaves in one write and is answered in one, and its rows
 * lie together in the database. With whole chunks one after the other each message would pay for all of that alone.
 */
function shareOf({ chunkSize, shareMin }: EngineSettings, tasks: number): number {
  return Math.min(chunkSize, Math.max(shareMin, Math.ceil(chunkSize / Math.max(1, tasks))));
}

/** Where few tasks have work, several chunks of one are under way at once; only what is dispatched can be claimed side by side. */
function chunksOf({ work }: TaskTurn, { concurrency, chunksPerTask }: EngineSettings, tasks: number): number {
  if (work !== 'dispatch') return 1;
  return Math.min(chunksPerTask, Math.max(1, Math.floor(concurrency / tasks)));
}

/** Rounds over all unfinished tasks, a bounded number of them at a time. */
function createRounds(parts: EngineParts, tools: TurnWorkTools, stopping: AbortSignal): () => Promise<RoundResult> {
  const { store, clock, log, settings } = parts;
  const work = createTurnWork(parts, tools);
  const paused = new PausedTasks();
  /** The last task that had its turn; 0: the next round begins with the oldest. */
  let after = 0;

  async function attempt({ taskNo, run }: Job): Promise<boolean> {
    try {
      return await run();
    } catch (error) {
      paused.pause(taskNo, clock.now() + pauseAfterErrorMs);
      log.error({ err: error, taskNo }, 'a task could not go on; it is tried again');
      return false;
    }
  }

  /** True: some of them had something to do. */
  async function inParallel(jobs: readonly Job[]): Promise<boolean> {
    const rest = [...jobs];
    let worked = false;
    const worker = async (): Promise<void> => {
      for (let job = rest.shift(); job !== undefined && !stopping.aborted; job = rest.shift()) {
        if (await attempt(job)) worked = true;
      }
    };
    await Promise.all(Array.from({ length: settings.concurrency }, worker));
    return worked;
  }

  return async () => {
    const now = clock.now();
    paused.release(now);
    const [listed, due, deleted] = await Promise.all([
      store.subtasks.listTurns(now, turnsPerRound, after),
      store.subtasks.listDue(now, settings.chunkSize),
      work.settleDeleted(),
    ]);
    const isLast = listed.length < turnsPerRound;
    const wraps = isLast && after > 0;
    after = isLast ? 0 : (listed.at(-1)?.task.taskNo ?? 0);
    const share = shareOf(settings, listed.length);
    const jobs: readonly Job[] = [
      ...due.map((runs) => ({ taskNo: runs.taskNo, run: () => work.takeDue(runs) })),
      ...listed.flatMap((turn): readonly Job[] => {
        const job = { taskNo: turn.task.taskNo, run: () => work.takeTurn(turn, share) };
        return Array.from({ length: chunksOf(turn, settings, listed.length) }, () => job);
      }),
    ].filter((job) => !paused.has(job.taskNo));
    const worked = await inParallel(jobs);
    return { worked: worked || wraps || deleted, pausedMs: paused.restMs(clock.now()) };
  };
}
