import type { Selectable } from 'kysely';
import { causeOf } from '../../../domain/problem.ts';
import type { ChunkOptions, Decider, Settled } from '../../../ports/store/subtask-store.ts';
import { type TaskTypeName, taskTypeNames } from '../../../domain/task.ts';
import { isFinalTask } from '../../../domain/task-state.ts';
import { attemptTaskWalk } from '../locks.ts';
import { all, change, first, Outdated, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { Dialect } from '../dialect.ts';
import type { DeviceTombstonesTable } from '../device-tables.ts';
import type { Sweep } from '../tables.ts';
import { isTimeOver, type TaskRow } from '../tasks/task-codec.ts';
import { noChange, writeProgress } from '../tasks/task-progress.ts';
import { getTaskRow } from '../tasks/task-queries.ts';
import { affectedPlaces, kindsOf, refusal } from './command.ts';
import { abandon, applyMove, type MoveKind } from './move.ts';
import { readBySeq, type RunRow } from './run-reader.ts';
import { type Decided, merged, nothingSettled, settle } from './settle.ts';

export interface SweepWork {
  readonly options: ChunkOptions;
  readonly decider: Decider;
  readonly longRunning: boolean;
}

/** The next chunk of a stop, retry or confirm of all; the stored seq keeps what ran and failed again from being swept twice. */
export function* sweep(ctx: SqlContext, taskNo: number, work: SweepWork): Program<Settled & { done: boolean }> {
  if (!(yield* attemptTaskWalk(ctx, taskNo))) return { ...nothingSettled, done: true };
  const task = yield* beginEnd(ctx, yield* getTaskRow(ctx, taskNo), work.options.now);
  if (task?.sweep == null) return { ...nothingSettled, done: true };
  const kinds = kindsOf(task);
  const seqs = yield* nextSeqs(ctx, task, { kinds, ...work });
  const last = seqs.at(-1);
  if (last === undefined) return yield* finishSweep(ctx, task, work.options.now);
  const rows = yield* readBySeq(ctx, task, { seqs, options: work.options });
  yield* stepOn(ctx, task, { sweep: task.sweep, sweep_seq: last + 1 });
  let sum: Settled = nothingSettled;
  for (const kind of kinds) {
    // Since they were listed some may have moved on.
    const own = rows.filter((row) => refusal(row, { kind, ...work }) === undefined);
    sum = merged(sum, yield* applyMove(ctx, task, { move: { kind, ...work }, rows: own }));
  }
  return { ...sum, done: false };
}

/** Of a task whose time is over and that nobody has stopped: from here on nothing of it starts, and what waits is swept. */
function* beginEnd(ctx: SqlContext, task: TaskRow | undefined, now: number): Program<TaskRow | undefined> {
  if (task === undefined || task.sweep !== null || task.stop_accepted === 1 || !isTimeOver(task, now)) return task;
  if (task.expanded === 0 || isFinalTask(task.status)) return task;
  const set = { sweep: 'stop', sweep_seq: 0, stop_accepted: 1 } as const;
  const begun = yield* change(
    ctx.db
      .updateTable('tasks')
      .set(set)
      .where('task_no', '=', task.task_no)
      .where('sweep', 'is', null)
      .where('stop_accepted', '=', 0),
  );
  if (begun === 0) throw new Outdated(`The end of task ${task.task_id}`);
  return { ...task, ...set };
}

/** A command that came in between begins the sweep anew: its position must not be overwritten. */
function* stepOn(ctx: SqlContext, task: TaskRow, to: { sweep: Sweep | null; sweep_seq: number }): Program<void> {
  const moved = yield* change(
    ctx.db
      .updateTable('tasks')
      .set(to)
      .where('task_no', '=', task.task_no)
      .where('sweep', '=', task.sweep)
      .where('sweep_seq', '=', task.sweep_seq),
  );
  if (moved === 0) throw new Outdated(`The sweep of task ${task.task_id}`);
}

function* finishSweep(ctx: SqlContext, task: TaskRow, now: number): Program<Settled & { done: boolean }> {
  yield* stepOn(ctx, task, { sweep: null, sweep_seq: 0 });
  const after = yield* writeProgress(ctx, task.task_no, { ...noChange, now });
  return { ...nothingSettled, task: after, done: true };
}

function* nextSeqs(
  { dialect }: SqlContext,
  task: TaskRow,
  { kinds, options: { limit }, longRunning }: SweepWork & { readonly kinds: readonly MoveKind[] },
): Program<readonly number[]> {
  const places = kinds.flatMap((kind) => affectedPlaces(dialect, kind, longRunning));
  const parts = places.map(
    ({ from, condition }) =>
      `SELECT seq FROM (SELECT seq FROM ${from} WHERE task_no = ? AND ${condition} AND seq >= ? ORDER BY seq LIMIT ?) part`,
  );
  const rows = yield* all<{ seq: number }>({
    sql: `SELECT seq FROM (${parts.join(' UNION ALL ')}) parts ORDER BY seq LIMIT ?`,
    parameters: [...places.flatMap(() => [task.task_no, task.sweep_seq, limit]), limit],
  });
  return rows.map((row) => row.seq);
}

export interface TypeWork {
  readonly optionsOf: (type: TaskTypeName) => ChunkOptions;
  readonly deciderOf: (type: TaskTypeName) => Decider;
}

/** Tombstones that are looked at in one transaction. */
const tombstonesMax = 100;

/**
 * Settles what still names a deleted device, one task a call: Waitting ends Removed where the device was known at set-up (S4), Processing
 * fails with 014000 (device 7.2 rule 22); what waits for a retry finds out when its turn comes. With nothing left, the tombstone goes.
 */
export function* settleDeleted(ctx: SqlContext, work: TypeWork): Program<Settled & { done: boolean }> {
  const tombstones = yield* all<Tombstone>({
    sql: tombstonesSql(ctx.dialect),
    parameters: [tombstonesMax],
  });
  const creating = taskTypeNames.filter((type) => work.optionsOf(type).createsTargets === true);
  for (const tombstone of tombstones) {
    const named = yield* nextNamed(tombstone, creating);
    if (named !== undefined) return { ...(yield* settleNamed(ctx, named, work)), done: false };
    const { device_id, deleted_at } = tombstone;
    // The device may have been made and deleted again meanwhile.
    const own = ctx.db.deleteFrom('device_tombstones').where('device_id', '=', device_id);
    yield* change(own.where('deleted_at', '=', deleted_at));
  }
  return { ...nothingSettled, done: tombstones.length < tombstonesMax };
}

export function* hasTombstones(): Program<boolean> {
  const sql = 'SELECT device_id FROM device_tombstones LIMIT 1';
  return (yield* first({ sql, parameters: [] })) !== undefined;
}

type Tombstone = Selectable<DeviceTombstonesTable>;

/** While a task that was created before the deletion still writes its subtasks, one may come that names the device. */
const tombstonesSql = ({ indexedBy }: Dialect): string => `SELECT * FROM device_tombstones b WHERE NOT EXISTS (
    SELECT 1 FROM tasks t ${indexedBy('tasks_unfinished')} WHERE t.project_id = b.project_id
      AND t.status IN ('Initializing', 'Waitting', 'Processing', 'Stopping')
      AND t.status = 'Initializing' AND t.expanded = 0 AND t.created_at <= b.deleted_at)
  LIMIT ?`;

interface Named {
  readonly task_no: number;
  readonly seqs: readonly number[];
}

function* settleNamed(ctx: SqlContext, named: Named, work: TypeWork): Program<Settled> {
  const task = yield* getTaskRow(ctx, named.task_no);
  if (task === undefined) throw new Error(`Subtask of task ${named.task_no}, which is gone.`);
  const type = task.type as TaskTypeName;
  const move = { options: work.optionsOf(type), decider: work.deciderOf(type) };
  const rows = (yield* readBySeq(ctx, task, { seqs: named.seqs, options: move.options })).filter(isUnderWay);
  const undone = yield* abandon(ctx, task, { move, rows });
  const settled = yield* settle(ctx, task, { decided: rows.map(decideDeleted), options: move.options });
  return { ...settled, ...undone };
}

const isUnderWay = ({ state }: RunRow): boolean => state === 'Waitting' || state === 'Processing';

function decideDeleted(row: RunRow): Decided {
  if (row.state === 'Waitting') return { row, verdict: { kind: 'removed' }, starts: false };
  return { row, verdict: { kind: 'failed', cause: causeOf('deviceNotFound') }, starts: false };
}

const namedMax = 1000;

/** As `isRemoved` says it of a row; a task that was made after the deletion means a later device of the same id. */
function* nextNamed(tombstone: Tombstone, creating: readonly TaskTypeName[]): Program<Named | undefined> {
  const rows = yield* all<{ task_no: number; seq: number }>({
    sql: `SELECT s.task_no, s.seq FROM subtasks s JOIN tasks t ON t.task_no = s.task_no
      WHERE s.target = ? AND t.project_id = ? AND t.created_at <= ?
        AND t.type NOT IN (${creating.map((type) => `'${type}'`).join(', ') || "''"}) AND (s.state = 'Processing'
        OR (s.state = 'Waitting' AND s.attempt = 0 AND (t.source_kind = 'groups' OR t.created_at >= ?)))
      ORDER BY s.task_no, s.seq LIMIT ${namedMax}`,
    parameters: [tombstone.device_id, tombstone.project_id, tombstone.deleted_at, tombstone.device_created_at],
  });
  const task_no = rows[0]?.task_no;
  if (task_no === undefined) return undefined;
  return { task_no, seqs: rows.filter((row) => row.task_no === task_no).map((row) => row.seq) };
}
