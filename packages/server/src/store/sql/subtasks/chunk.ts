import type { RunEvent } from '../../../domain/device-event.ts';
import type { Verdict } from '../../../domain/verdict.ts';
import type { ChunkOptions, Decider, Settled } from '../../../ports/store/subtask-store.ts';
import type { Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { TaskRow } from '../tasks/task-codec.ts';
import { type KeptRow, readKeptRows } from './row-fields.ts';
import { notYet, orderRecheckMs } from './run-order.ts';
import { factsOf, type RunRow, runsOf } from './run-reader.ts';
import { type Decided, settle } from './settle.ts';

/** Everything that a chunk of one task is settled with. */
export interface Chunk {
  readonly task: TaskRow;
  readonly options: ChunkOptions;
  readonly decider: Decider;
}

/** Starts a new attempt of each row, then settles. */
export function* startRows(ctx: SqlContext, chunk: Chunk, rows: readonly RunRow[]): Program<Settled> {
  return yield* settle(ctx, chunk.task, { decided: yield* decideStarts(ctx, chunk, rows), options: chunk.options });
}

export function* decideStarts(ctx: SqlContext, chunk: Chunk, rows: readonly RunRow[]): Program<readonly Decided[]> {
  const { task, options, decider } = chunk;
  if (rows.length === 0) return [];
  const kept = yield* readKeptRows(ctx, task, { rows, readRow: options.readRow });
  const early = yield* notYet(ctx, task, { order: options.order, rows, kept });
  const settled: Decided[] = [];
  const startable: RunRow[] = [];
  for (const row of rows) {
    const verdict = withoutType(chunk, row, { kept: kept.get(row.seq), isEarly: early.has(row.seq) });
    if (verdict === undefined) startable.push(row);
    else settled.push({ row, verdict, starts: verdict.kind === 'failed' });
  }
  const runs = yield* runsOf(ctx, { task, rows: startable, kept, starts: () => true });
  const facts = yield* factsOf(ctx, { task, rows: startable, usesModels: options.usesModels });
  return [...paired(startable, decider.start(runs, facts), true), ...settled];
}

/** What is decided about a start before its type is asked. */
function withoutType(
  { task, options }: Chunk,
  row: RunRow,
  { kept, isEarly }: { readonly kept: KeptRow | undefined; readonly isEarly: boolean },
): Verdict | undefined {
  if (options.createsTargets !== true && isRemoved(task, row)) return { kind: 'removed' };
  // A bad row is as bad when it is retried (v5 13.5).
  if (kept?.cause !== undefined) return { kind: 'failed', cause: kept.cause, final: true };
  return isEarly ? { kind: 'later', at: options.now + orderRecheckMs } : undefined;
}

/** S4: known at set-up, deleted before its turn. One that was never known fails when its turn comes (v5 13.3). */
function isRemoved(task: TaskRow, row: RunRow): boolean {
  const { deleted_device_created_at: created, device_deleted_at: deleted } = row;
  // A retried one had its turn. A task that was made after the deletion means a later device of the same id.
  if (row.state !== 'Waitting' || row.attempt > 0 || created === null || deleted === null) return false;
  // Members of groups were known when their subtask was written, however late that was (v5 13.3).
  const known = task.source_kind === 'groups' || created <= task.created_at;
  return known && task.created_at <= deleted;
}

/** Hands each row its event; rows and events have the same order. */
export function* decideEvents(
  ctx: SqlContext,
  chunk: Chunk,
  matched: readonly { readonly row: RunRow; readonly event: RunEvent }[],
): Program<readonly Decided[]> {
  const { task, options, decider } = chunk;
  if (matched.length === 0) return [];
  const rows = matched.map((item) => item.row);
  const kept = yield* readKeptRows(ctx, task, { rows, readRow: options.readRow });
  const runs = yield* runsOf(ctx, { task, rows, kept, starts: () => false });
  // Models decide what leaves; what has left is judged without.
  const facts = yield* factsOf(ctx, { task, rows, usesModels: false });
  const verdicts = decider.onEvent(
    runs,
    matched.map((item) => item.event),
    facts,
  );
  return paired(rows, verdicts, false);
}

function paired(rows: readonly RunRow[], verdicts: readonly Verdict[], starts: boolean): readonly Decided[] {
  if (verdicts.length !== rows.length) throw new Error(`${verdicts.length} verdicts for ${rows.length} runs.`);
  return rows.map((row, index) => ({ row, verdict: verdicts[index] as Verdict, starts }));
}
