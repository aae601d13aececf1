import { causeOf } from '../../../domain/problem.ts';
import type { ChunkOptions, Decider, Settled, TaskCommand } from '../../../ports/store/subtask-store.ts';
import { applyEffects } from '../effects/apply-effects.ts';
import { asId, type ProjectId } from '../../../domain/ids.ts';
import { checked } from '../checked.ts';
import { change, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { TaskRow } from '../tasks/task-codec.ts';
import { writeProgress } from '../tasks/task-progress.ts';
import { cleared, type NextRow } from './outcome.ts';
import { readKeptRows } from './row-fields.ts';
import { factsOf, type RunRow, runsOf } from './run-reader.ts';
import { nothingSettled, releaseTargets, tally } from './settle.ts';
import { writeRows } from './write-rows.ts';

/** A caller's command, or the end of the task's time. */
export type MoveKind = TaskCommand['kind'] | 'end';

export interface MoveOptions {
  readonly kind: MoveKind;
  readonly longRunning: boolean;
  readonly options: ChunkOptions;
  readonly decider: Decider;
}

/** S9, S10, S11 or a confirmation, on rows that may take it; undoes what running ones have under way. */
export function* applyMove(
  ctx: SqlContext,
  task: TaskRow,
  work: { readonly move: MoveOptions; readonly rows: readonly RunRow[] },
): Program<Settled> {
  const { move, rows } = work;
  if (rows.length === 0) return nothingSettled;
  if (move.kind === 'confirm') yield* confirmRows(ctx, task, rows);
  const next = move.kind === 'confirm' ? [] : rows.map((row) => movedRow(row, targetOf(move.kind, task)));
  const abandoned = yield* abandon(ctx, task, work);
  yield* writeRows(ctx, { taskNo: task.task_no, now: move.options.now }, next);
  const freed = rows.filter((row) => row.lane !== null && move.kind === 'stop').map((row) => row.target);
  const released = freed.length > 0 && (yield* releaseTargets(ctx, freed, move.options.now));
  const moved = tally(
    rows.map((row) => ({ row })),
    next,
  );
  const progress = { ...moved, dispatched: false, now: move.options.now, seen: task };
  return {
    ...nothingSettled,
    ...abandoned,
    posted: ctx.node !== undefined && abandoned.closed.length > 0,
    runs: rows.length,
    delta: progress.delta,
    task: yield* writeProgress(ctx, task.task_no, progress),
    released,
  };
}

type MovedTo = Pick<NextRow, 'state'> & Partial<Pick<NextRow, 'cause'>>;

function targetOf(kind: MoveKind, task: TaskRow): MovedTo {
  if (kind !== 'end') return { state: kind === 'stop' ? 'Stopped' : 'Waitting' };
  if (task.at_end === 'stop') return { state: 'Stopped', cause: causeOf('taskWindowOver') };
  return { state: 'Fail', cause: causeOf('taskTimeOver') };
}

/** A moved row starts over: nothing held, nothing due, output and error cleared, retry allowance anew (S9). */
function movedRow(row: RunRow, to: MovedTo): NextRow {
  return {
    seq: row.seq,
    from: row.state,
    wasHeld: row.hold !== null,
    attempt: row.attempt,
    retries: 0,
    starts: false,
    ...cleared,
    ...to,
  };
}

function* confirmRows({ dialect }: SqlContext, task: TaskRow, rows: readonly RunRow[]): Program<void> {
  const set = dialect.rows(
    { task_no: 'int', seq: 'int' },
    rows.map((row) => [task.task_no, row.seq]),
  );
  yield* change({
    sql: `UPDATE subtasks SET hold = NULL FROM ${set.from} WHERE subtasks.task_no = r.task_no AND subtasks.seq = r.seq
      AND ${checked('state')} = 'Waitting' AND ${checked('hold')} = 'confirm'`,
    parameters: set.parameters,
  });
}

/** What types leave behind when a running subtask is ended from outside, e.g. a cached message. */
export function* abandon(
  ctx: SqlContext,
  task: TaskRow,
  work: { readonly move: Pick<MoveOptions, 'options' | 'decider'>; readonly rows: readonly RunRow[] },
): Program<Pick<Settled, 'closed' | 'displaced'>> {
  const running = work.rows.filter((row) => row.state === 'Processing');
  if (running.length === 0) return { closed: [], displaced: [] };
  const { decider, options } = work.move;
  const kept = yield* readKeptRows(ctx, task, { rows: running, readRow: options.readRow });
  const runs = yield* runsOf(ctx, { task, rows: running, kept, starts: () => false });
  const facts = yield* factsOf(ctx, { task, rows: running, usesModels: false });
  const { closed, displaced } = yield* applyEffects(
    ctx,
    asId<ProjectId>(task.project_id),
    decider.abandon(runs, facts).flat(),
  );
  return { closed, displaced };
}
