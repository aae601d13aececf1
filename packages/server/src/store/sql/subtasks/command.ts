import { type Cause, causeOf, Problem } from '../../../domain/problem.ts';
import { nextSubtaskState, type SubtaskState } from '../../../domain/subtask-state.ts';
import { mayFollow, type TaskStatus } from '../../../domain/task-state.ts';
import type { ChunkOptions, Decider, TaskCommand, TaskCommandResult } from '../../../ports/store/subtask-store.ts';
import { all, change, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { Sweep } from '../tables.ts';
import { isTimeOver, type TaskRow } from '../tasks/task-codec.ts';
import { noChange, passThrough, writeProgress } from '../tasks/task-progress.ts';
import { getTaskRow, lockTaskRow } from '../tasks/task-queries.ts';
import type { Dialect } from '../dialect.ts';
import { applyMove, type MoveKind, type MoveOptions } from './move.ts';
import { type RunRow, readBySeq } from './run-reader.ts';
import { nothingSettled } from './settle.ts';
import { heldPlace, placesOf, type StatePlace } from './state-places.ts';

type Kind = TaskCommand['kind'];
type CommandMove = MoveOptions & { readonly kind: Kind };

/** v5 13.5, the table: in which task states a command is taken. Single stops are not taken while Initializing. */
const allowed: Record<Kind, readonly TaskStatus[]> = {
  stop: ['Initializing', 'Waitting', 'Processing'],
  retry: ['Processing', 'Fail', 'PartialSuccess'],
  confirm: ['Waitting', 'Processing'],
};

const listedMax = 100;

export function* command(
  ctx: SqlContext,
  request: TaskCommand,
  work: { readonly options: ChunkOptions; readonly decider: Decider },
): Program<TaskCommandResult> {
  const move: CommandMove = { kind: request.kind, longRunning: request.longRunning, ...work };
  const { targets } = request;
  const { now } = work.options;
  if (targets === undefined) return yield* commandAll(ctx, yield* claimTask(ctx, request, now), move);
  // Subtasks are locked before their task, by everybody.
  const rows = yield* rowsOfTargets(ctx, request.taskNo, { ...move, targets });
  return yield* commandTargets(ctx, yield* claimTask(ctx, request, now), { ...move, targets, rows });
}

/** The task, which stays as it is until the command is done. */
function* claimTask(ctx: SqlContext, request: TaskCommand, now: number): Program<TaskRow> {
  const task = yield* lockTaskRow(ctx, request.taskNo);
  if (task === undefined) throw new Problem('taskNotFound');
  refuseByState(task, request);
  // What is retried then would only end again.
  if (request.kind === 'retry' && isTimeOver(task, now)) throw new Problem('taskState');
  return task;
}

function refuseByState(task: TaskRow, request: TaskCommand): void {
  const { kind } = request;
  if (kind === 'confirm' && task.need_confirm === 0) throw new Problem('taskNeedsNoConfirm');
  if (!allowed[kind].includes(task.status)) throw new Problem('taskState');
  if (kind === 'stop' && task.status === 'Initializing' && request.targets !== undefined)
    throw new Problem('taskState');
  if (kind !== 'stop' && (task.expanded === 0 || task.total === 0)) throw new Problem('taskState');
}

/** Which subtasks a command of all is about. */
export function affectedPlaces(dialect: Dialect, kind: MoveKind, longRunning: boolean): readonly StatePlace[] {
  if (kind === 'confirm') return [heldPlace(dialect, 'confirm')];
  const states: readonly SubtaskState[] =
    kind === 'retry'
      ? ['Fail', 'FailWaitRetry', 'Stopped']
      : ['Waitting', 'FailWaitRetry', ...(kind === 'stop' && longRunning ? (['Processing'] as const) : [])];
  return states.flatMap((state) => placesOf(dialect, state));
}

/** Accepts at once, reaches the subtasks in chunks (`sweep`), however many there are. */
function* commandAll(ctx: SqlContext, task: TaskRow, move: CommandMove): Program<TaskCommandResult> {
  const { kind, options } = move;
  const affected = yield* countAffected(task, move);
  const results = yield* listAffected(ctx, task, move);
  if (kind !== 'stop' && affected === 0) {
    return { task: yield* progressed(ctx, task, options.now), results: [], affected: 0, settled: nothingSettled };
  }
  yield* change(
    ctx.db
      .updateTable('tasks')
      .set({
        sweep: mergedSweep(task.sweep, kind),
        sweep_seq: 0,
        ...(kind === 'confirm' ? { confirmed: 1 as const } : {}),
        // What was written so far is all there will be, and shows (v5 13.2).
        ...(kind === 'stop' ? { stop_accepted: 1 as const, expanded: 1 as const } : {}),
      })
      .where('task_no', '=', task.task_no),
  );
  const fresh = (yield* getTaskRow(ctx, task.task_no)) ?? task;
  yield* passThrough(ctx, fresh, { statuses: statusesOf(kind, fresh.status), now: options.now });
  return { task: yield* progressed(ctx, fresh, options.now), results, affected, settled: nothingSettled };
}

/** What was accepted before and has not reached every subtask yet must not be lost; only a stop makes it pointless. */
function mergedSweep(underWay: Sweep | null, kind: Kind): Sweep {
  if (kind === 'stop' || underWay === null || underWay === 'stop') return kind;
  return underWay === kind ? kind : 'retry+confirm';
}

/** A task that was stopped is Stopping; in every other state it is the end of its time that stops what waits (legacy 3.6, 4.3). */
export function kindsOf({ sweep, status }: Pick<TaskRow, 'sweep' | 'status'>): readonly MoveKind[] {
  if (sweep === 'retry+confirm') return ['retry', 'confirm'];
  if (sweep === 'stop') return [status === 'Stopping' ? 'stop' : 'end'];
  return sweep === null ? [] : [sweep];
}

/** T7 and T11; a confirm moves subtasks only. */
function statusesOf(kind: Kind, status: TaskStatus): readonly TaskStatus[] {
  if (kind === 'stop') return ['Stopping'];
  return kind === 'retry' && mayFollow(status, 'Processing') && status !== 'Waitting' ? ['Processing'] : [];
}

function* progressed(ctx: SqlContext, task: TaskRow, now: number) {
  const after = yield* writeProgress(ctx, task.task_no, { ...noChange, now });
  if (after === undefined) throw new Problem('taskNotFound');
  return after;
}

function* countAffected(task: TaskRow, move: CommandMove): Program<number> {
  // Which of the Waitting ones are unconfirmed is no counter; it is counted once per accepted call.
  if (move.kind === 'confirm') {
    const row = yield* first<{ count: number }>({
      sql: `SELECT count(*) AS count FROM subtasks WHERE task_no = ? AND state = 'Waitting' AND hold = 'confirm'`,
      parameters: [task.task_no],
    });
    return row?.count ?? 0;
  }
  if (move.kind === 'retry') return task.fail + task.fail_wait_retry + task.stopped;
  return task.waitting + task.fail_wait_retry + (move.longRunning ? task.processing : 0);
}

function* listAffected(
  { dialect }: SqlContext,
  task: TaskRow,
  move: CommandMove,
): Program<readonly { target: string }[]> {
  const places = affectedPlaces(dialect, move.kind, move.longRunning);
  const parts = places.map(
    ({ from, condition }) => `SELECT seq, target FROM
      (SELECT seq, target FROM ${from} WHERE task_no = ? AND ${condition} ORDER BY seq LIMIT ${listedMax}) part`,
  );
  return yield* all<{ target: string }>({
    sql: `SELECT target FROM (${parts.join(' UNION ALL ')}) parts ORDER BY seq LIMIT ${listedMax}`,
    parameters: places.map(() => task.task_no),
  });
}

function* commandTargets(
  ctx: SqlContext,
  task: TaskRow,
  move: CommandMove & { readonly targets: readonly string[]; readonly rows: readonly RunRow[] },
): Program<TaskCommandResult> {
  const { rows } = move;
  const movable = rows.filter((row) => refusal(row, move) === undefined);
  const results = move.targets.map((target) => resultOf(target, rows, move));
  if (movable.length === 0) {
    return { task: yield* progressed(ctx, task, move.options.now), results, affected: 0, settled: nothingSettled };
  }
  if (move.kind === 'confirm' && task.confirmed === 0) {
    // The first confirm makes the task a confirmed one; each subtask still waits for its own (v5 13.4).
    yield* change(ctx.db.updateTable('tasks').set({ confirmed: 1 }).where('task_no', '=', task.task_no));
  }
  yield* passThrough(ctx, task, {
    statuses: move.kind === 'stop' ? [] : statusesOf(move.kind, task.status),
    now: move.options.now,
  });
  const settled = yield* applyMove(ctx, task, { move, rows: movable });
  if (settled.task === undefined) throw new Problem('taskNotFound');
  return { task: settled.task, results, affected: movable.length, settled };
}

function* rowsOfTargets(
  ctx: SqlContext,
  taskNo: number,
  move: CommandMove & { readonly targets: readonly string[] },
): Program<readonly RunRow[]> {
  const task = yield* getTaskRow(ctx, taskNo);
  if (task === undefined) return [];
  const asked = ctx.dialect.rows(
    { target: 'text', task_no: 'int' },
    [...new Set(move.targets)].map((target) => [target, taskNo]),
  );
  const found = yield* all<{ seq: number }>({
    sql: `SELECT s.seq FROM ${asked.from} ${ctx.dialect.orderedJoin} subtasks s ON s.target = r.target AND s.task_no = r.task_no`,
    parameters: asked.parameters,
  });
  return yield* readBySeq(ctx, task, { seqs: found.map((row) => row.seq), options: move.options });
}

function resultOf(target: string, rows: readonly RunRow[], move: MoveOptions): { target: string; cause?: Cause } {
  const own = rows.filter((row) => row.target === target);
  if (own.length === 0) return { target, cause: causeOf('targetNotInTask') };
  const cause = own.every((row) => refusal(row, move) !== undefined) ? causeOf('subtaskState') : undefined;
  return cause === undefined ? { target } : { target, cause };
}

/** Why a row cannot take the command; undefined: it can. */
export function refusal(row: RunRow, move: Pick<MoveOptions, 'kind' | 'longRunning'>): 'subtaskState' | undefined {
  if (move.kind === 'confirm') return row.state === 'Waitting' && row.hold === 'confirm' ? undefined : 'subtaskState';
  if (move.kind === 'end')
    return row.state === 'Waitting' || row.state === 'FailWaitRetry' ? undefined : 'subtaskState';
  if (nextSubtaskState(row.state, move.kind) === undefined) return 'subtaskState';
  // S11: only types with long waits end what is Processing.
  return row.state === 'Processing' && !move.longRunning ? 'subtaskState' : undefined;
}
