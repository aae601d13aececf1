import type { RunEvent } from '../../../domain/device-event.ts';
import type {
  ChunkOptions,
  Decider,
  DueRuns,
  RunEventBatch,
  RunEventItem,
  Settled,
} from '../../../ports/store/subtask-store.ts';
import { all, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { isTimeOver, type TaskRow } from '../tasks/task-codec.ts';
import { getTaskRow } from '../tasks/task-queries.ts';
import { type Chunk, decideEvents, decideStarts, startRows } from './chunk.ts';
import { type RunRow, readBySeq, readReady } from './run-reader.ts';
import { type Decided, merged, nothingSettled, settle } from './settle.ts';

/** S3: the next Waitting runs of a task whose turn it is. */
export function* dispatch(
  ctx: SqlContext,
  taskNo: number,
  work: { readonly options: ChunkOptions; readonly decider: Decider },
): Program<Settled> {
  const task = yield* getTaskRow(ctx, taskNo);
  if (task === undefined || !mayDispatch(task, work.options.now)) return nothingSettled;
  return yield* startRows(ctx, { task, ...work }, yield* readReady(ctx, task, work.options));
}

function mayDispatch(task: TaskRow, now: number): boolean {
  if (task.expanded === 0 || task.stop_accepted === 1 || isTimeOver(task, now)) return false;
  return (task.status === 'Waitting' || task.status === 'Processing') && (task.start_at ?? 0) <= now;
}

/** Named text: its plan is under test (design 5). */
export const dueSql = 'SELECT task_no, seq FROM subtasks WHERE due_at <= ? ORDER BY due_at, task_no, seq LIMIT ?';

/** Deadlines, automatic retries (S8) and postponed starts whose time has come, oldest first, by task. */
export function* listDue(now: number, limit: number): Program<readonly DueRuns[]> {
  const rows = yield* all<{ task_no: number; seq: number }>({
    sql: dueSql,
    parameters: [now, limit],
  });
  const byTask = new Map<number, number[]>();
  for (const row of rows) {
    const known = byTask.get(row.task_no);
    if (known === undefined) byTask.set(row.task_no, [row.seq]);
    else known.push(row.seq);
  }
  return [...byTask].map(([taskNo, seqs]) => ({ taskNo, seqs }));
}

export function* settleDue(
  ctx: SqlContext,
  due: DueRuns,
  work: { readonly options: ChunkOptions; readonly decider: Decider },
): Program<Settled> {
  const task = yield* getTaskRow(ctx, due.taskNo);
  if (task === undefined) return nothingSettled;
  const chunk: Chunk = { task, ...work };
  const rows = (yield* readBySeq(ctx, task, { seqs: due.seqs, options: work.options, skip: true })).filter((row) =>
    isDue(row, work.options.now),
  );
  const waiting = rows.filter((row) => row.state === 'Processing');
  // v5 13.2: after a stop, or the end of the task's time, nothing starts; the sweep is on its way to these.
  const isOver = task.stop_accepted === 1 || isTimeOver(task, work.options.now);
  const starting = isOver ? [] : rows.filter((row) => row.state !== 'Processing');
  const decided = [
    ...(yield* decideEvents(
      ctx,
      chunk,
      waiting.map((row) => ({ row, event: { kind: 'deadline' } })),
    )),
    ...(yield* decideStarts(ctx, chunk, starting)),
  ];
  return yield* settle(ctx, task, { decided, options: work.options });
}

/** Between the listing and now the run may have moved on. */
const isDue = (row: RunRow, now: number): boolean => row.due_at !== null && row.due_at <= now;

/** Events of devices. Two for one run are two waves: the second sees what the first has done. */
export function* react(
  ctx: SqlContext,
  batch: RunEventBatch,
  work: { readonly options: ChunkOptions; readonly decider: Decider },
): Program<Settled> {
  let sum: Settled = nothingSettled;
  let rest = batch.items;
  while (rest.length > 0) {
    // Read again for every wave: the task's counters and the runs have moved.
    const task = yield* getTaskRow(ctx, batch.taskNo);
    if (task === undefined) return sum;
    const wave = firstOfEachRun(rest);
    rest = wave.later;
    sum = merged(sum, yield* reactWave(ctx, { task, ...work }, wave.now));
  }
  return sum;
}

function* reactWave(ctx: SqlContext, chunk: Chunk, items: readonly RunEventItem[]): Program<Settled> {
  const bySeq = new Map(items.map((item) => [item.seq, item]));
  const rows = yield* readBySeq(ctx, chunk.task, { seqs: [...bySeq.keys()], options: chunk.options });
  const matched = rows.flatMap((row): readonly { row: RunRow; event: RunEvent }[] => {
    const item = bySeq.get(row.seq);
    return item !== undefined && concerns(item, row) ? [{ row, event: item.event }] : [];
  });
  const decided: readonly Decided[] = yield* decideEvents(ctx, chunk, matched);
  return yield* settle(ctx, chunk.task, { decided, options: chunk.options });
}

/** Invariant 2, and device 6.1: matched by run, attempt and device; a foreign or late event changes nothing. */
function concerns(item: RunEventItem, row: RunRow): boolean {
  if (row.state !== 'Processing') return false;
  if (item.attempt !== undefined && item.attempt !== row.attempt) return false;
  return item.from === undefined || item.from === row.device_id || item.from === row.root_id;
}

function firstOfEachRun(items: readonly RunEventItem[]): {
  now: readonly RunEventItem[];
  later: readonly RunEventItem[];
} {
  const seen = new Set<number>();
  const now: RunEventItem[] = [];
  const later: RunEventItem[] = [];
  for (const item of items) {
    if (seen.has(item.seq)) later.push(item);
    else now.push(item);
    seen.add(item.seq);
  }
  return { now, later };
}
