import { causeOf } from '../../../domain/problem.ts';
import type { ChunkOptions, Decider, Settled } from '../../../ports/store/subtask-store.ts';
import type { TaskTypeName } from '../../../domain/task.ts';
import { all, change, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { TaskRow } from '../tasks/task-codec.ts';
import { noChange, writeProgress } from '../tasks/task-progress.ts';
import { getTaskRow } from '../tasks/task-queries.ts';
import { affectedStates } from './command.ts';
import { abandon, applyMove, type MoveOptions } from './move.ts';
import { readBySeq, type RunRow } from './run-reader.ts';
import { type Decided, nothingSettled, settle } from './settle.ts';

export interface SweepWork {
  readonly options: ChunkOptions;
  readonly decider: Decider;
  readonly longRunning: boolean;
}

/** The next chunk of a stop, retry or confirm of all; the stored seq keeps what ran and failed again from being swept twice. */
export function* sweep(ctx: SqlContext, taskNo: number, work: SweepWork): Program<Settled & { done: boolean }> {
  const task = yield* getTaskRow(ctx, taskNo);
  if (task === undefined || task.sweep === null) return { ...nothingSettled, done: true };
  const move: MoveOptions = { kind: task.sweep, ...work };
  const seqs = yield* nextSeqs(task, move);
  const last = seqs.at(-1);
  if (last === undefined) return yield* finishSweep(ctx, task, work.options.now);
  yield* change(ctx.db.updateTable('tasks').set({ sweep_seq: last + 1 }).where('task_no', '=', taskNo));
  const rows = yield* readBySeq(task, seqs, work.options);
  return { ...(yield* applyMove(ctx, task, { move, rows })), done: false };
}

function* finishSweep(ctx: SqlContext, task: TaskRow, now: number): Program<Settled & { done: boolean }> {
  yield* change(ctx.db.updateTable('tasks').set({ sweep: null, sweep_seq: 0 }).where('task_no', '=', task.task_no));
  const after = yield* writeProgress(ctx, task.task_no, { ...noChange, now });
  return { ...nothingSettled, task: after, done: true };
}

function* nextSeqs(task: TaskRow, move: MoveOptions): Program<readonly number[]> {
  const { limit } = move.options;
  const states = affectedStates(move.kind, move.longRunning);
  const branches = states.map(
    () => `SELECT * FROM (SELECT seq FROM subtasks WHERE task_no = ? AND state = ? AND seq >= ?
      ${move.kind === 'confirm' ? `AND hold = 'confirm'` : ''} ORDER BY seq LIMIT ?)`,
  );
  const rows = yield* all<{ seq: number }>({
    sql: `SELECT seq FROM (${branches.join(' UNION ALL ')}) ORDER BY seq LIMIT ?`,
    parameters: [...states.flatMap((state) => [task.task_no, state, task.sweep_seq, limit]), limit],
  });
  return rows.map((row) => row.seq);
}

export interface TypeWork {
  readonly optionsOf: (type: TaskTypeName) => ChunkOptions;
  readonly deciderOf: (type: TaskTypeName) => Decider;
}

/**
 * Settles what still names a deleted device, one task a call: Waitting ends Removed where the device was known at set-up (S4), Processing ends by Fail 014000 (device 7.2
 * rule 22); what waits for a retry finds out when its turn comes. With nothing left, the tombstone goes.
 */
export function* settleDeleted(ctx: SqlContext, work: TypeWork): Program<Settled & { done: boolean }> {
  const tombstone = yield* first(ctx.db.selectFrom('device_tombstones').selectAll().limit(1));
  if (tombstone === undefined) return { ...nothingSettled, done: true };
  const named = yield* nextNamed(tombstone);
  if (named === undefined) {
    yield* change(ctx.db.deleteFrom('device_tombstones').where('device_id', '=', tombstone.device_id));
    return { ...nothingSettled, done: false };
  }
  const task = yield* getTaskRow(ctx, named.task_no);
  if (task === undefined) throw new Error(`Subtask of task ${named.task_no}, which is gone.`);
  const type = task.type as TaskTypeName;
  const move = { options: work.optionsOf(type), decider: work.deciderOf(type) };
  const rows = yield* readBySeq(task, named.seqs, move.options);
  const undone = yield* abandon(ctx, task, { move, rows });
  const settled = yield* settle(ctx, task, { decided: rows.map(decideDeleted), options: move.options });
  return { ...settled, ...undone, done: false };
}

function decideDeleted(row: RunRow): Decided {
  if (row.state === 'Waitting') return { row, verdict: { kind: 'removed' }, starts: false };
  return { row, verdict: { kind: 'failed', cause: causeOf('deviceNotFound') }, starts: false };
}

const namedMax = 1000;

function* nextNamed(tombstone: {
  device_id: string;
  project_id: string;
  device_created_at: number;
}): Program<{ task_no: number; seqs: readonly number[] } | undefined> {
  const rows = yield* all<{ task_no: number; seq: number }>({
    sql: `SELECT s.task_no, s.seq FROM subtasks s JOIN tasks t ON t.task_no = s.task_no
      WHERE s.target = ? AND t.project_id = ? AND (s.state = 'Processing' OR (s.state = 'Waitting' AND t.created_at >= ?))
      ORDER BY s.task_no, s.seq LIMIT ${namedMax}`,
    parameters: [tombstone.device_id, tombstone.project_id, tombstone.device_created_at],
  });
  const task_no = rows[0]?.task_no;
  if (task_no === undefined) return undefined;
  return { task_no, seqs: rows.filter((row) => row.task_no === task_no).map((row) => row.seq) };
}
