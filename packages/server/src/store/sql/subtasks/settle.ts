import { type CountedField, type CounterDelta, countMove } from '../../../domain/counters.ts';
import type { Downlink } from '../../../domain/downlink.ts';
import { type Effect, problemOfConflict } from '../../../domain/effect.ts';
import { asId, type ProjectId } from '../../../domain/ids.ts';
import { type Cause, causeOf, causeOfProblem } from '../../../domain/problem.ts';
import type { Verdict } from '../../../domain/verdict.ts';
import type { AppliedEffects } from '../../../ports/store/message-store.ts';
import type { ChunkOptions, Settled } from '../../../ports/store/subtask-store.ts';
import { applyEffects } from '../effects/apply-effects.ts';
import { checked } from '../checked.ts';
import { publishUpgrades, type ToldRun } from '../events/upgrade-events.ts';
import { type Addressed, postLetters } from '../nodes/letters.ts';
import { change, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { TaskRow } from '../tasks/task-codec.ts';
import { writeProgress } from '../tasks/task-progress.ts';
import { sealSecrets } from './sealed-output.ts';
import { causeOfRow, type NextRow, nextRow, queuedStep } from './outcome.ts';
import type { RunRow } from './run-reader.ts';
import { writeRows } from './write-rows.ts';

/** One run and what was decided about it. */
export interface Decided {
  readonly row: RunRow;
  readonly verdict: Verdict;
  readonly starts: boolean;
}

export const nothingSettled: Settled = {
  runs: 0,
  delta: {},
  downlinks: [],
  posted: false,
  closed: [],
  deleted: [],
  displaced: [],
  task: undefined,
  released: false,
};

/**
 * Effects, subtask states, counters, task status and outbox rows of one chunk of one task, in one transaction (design 2). Rows are
 * written subtasks first, the task row last.
 */
export function* settle(
  ctx: SqlContext,
  task: TaskRow,
  chunk: { readonly decided: readonly Decided[]; readonly options: ChunkOptions },
): Program<Settled> {
  const { decided, options } = chunk;
  if (decided.length === 0) return nothingSettled;
  const applied = yield* applyVerdictEffects(ctx, task, decided);
  const next = nextRows(ctx, task, { decided: applied.decided, options });
  yield* writeRows(ctx, { taskNo: task.task_no, now: options.now }, next);
  if (task.package_id !== null) yield* tellOfUpgrades(ctx, task, { decided: applied.decided, next, now: options.now });
  const released = options.usesLanes
    ? yield* releaseLanes(ctx, { decided: applied.decided, next, now: options.now })
    : false;
  const leaving = sortDownlinks(ctx.node, applied.decided, applied.sent);
  yield* postLetters(ctx, leaving.letters);
  const progress = { ...tally(applied.decided, next), now: options.now, seen: task };
  return {
    runs: decided.length,
    delta: progress.delta,
    downlinks: leaving.own,
    posted:
      applied.posted ||
      leaving.letters.length > 0 ||
      (ctx.node !== undefined && applied.closed.length + applied.deleted.length > 0),
    closed: applied.closed,
    deleted: applied.deleted,
    displaced: applied.displaced,
    task: yield* writeProgress(ctx, task.task_no, progress),
    released,
  };
}

/**
 * What goes to devices of this node leaves after the commit. What goes to others is stored for their nodes with the verdict that says so:
 * should this node die now, the runs do not wait for an answer to what was never sent.
 */
function sortDownlinks(
  node: string | undefined,
  decided: readonly Decided[],
  sent: AppliedEffects['sent'],
): { readonly own: readonly Downlink[]; readonly letters: readonly Addressed[] } {
  const own: Downlink[] = [];
  const letters: Addressed[] = [];
  const leave = (holder: string | null, downlink: Downlink): void => {
    if (node === undefined || holder === null || holder === node) own.push(downlink);
    else letters.push({ node: holder, letter: { kind: 'downlink', downlink } });
  };
  for (const { row, verdict } of decided) {
    for (const downlink of verdict.downlinks ?? []) leave(row.node, downlink);
  }
  for (const { node: holder, downlink } of sent) leave(holder, downlink);
  return { own, letters };
}

/**
 * Applies all effects of the chunk as sets. What they come to joins the outputs of their runs; a conflict fails its own run and takes back
 * what it wanted to send.
 */
function* applyVerdictEffects(ctx: SqlContext, task: TaskRow, decided: readonly Decided[]) {
  const owners: number[] = [];
  const effects: Effect[] = [];
  decided.forEach((item, index) => {
    for (const effect of item.verdict.effects ?? []) {
      owners.push(index);
      effects.push(effect);
    }
  });
  const outcome = yield* applyEffects(ctx, asId<ProjectId>(task.project_id), effects);
  if (outcome.conflicts.length === 0 && outcome.outputs.size === 0) return { ...outcome, decided };

  const changed = new Map<number, Verdict>();
  for (const [index, output] of outcome.outputs) {
    const owner = owners[index] ?? -1;
    const verdict = changed.get(owner) ?? decided[owner]?.verdict;
    if (verdict?.kind === 'done') changed.set(owner, { ...verdict, output: { ...verdict.output, ...output } });
  }
  for (const index of outcome.conflicts) {
    const effect = effects[index];
    const owner = owners[index];
    if (effect === undefined || owner === undefined) continue;
    const problem = outcome.problems.get(index);
    const cause = problem === undefined ? causeOf(problemOfConflict[effect.kind]) : causeOfProblem(problem);
    changed.set(owner, { kind: 'failed', cause });
  }
  const corrected = decided.map((item, index) => ({ ...item, verdict: changed.get(index) ?? item.verdict }));
  return { ...outcome, decided: corrected };
}

/** By position of the decided runs; undefined: the row stays as it is. */
function nextRows(
  { box }: SqlContext,
  task: TaskRow,
  { decided, options }: { readonly decided: readonly Decided[]; readonly options: ChunkOptions },
): readonly (NextRow | undefined)[] {
  const { now, retryMinuteMs } = options;
  return decided.map(({ row, verdict, starts }) =>
    nextRow(row, sealSecrets(verdict, box), { task, starts, now, retryMinuteMs }),
  );
}

function* tellOfUpgrades(
  ctx: SqlContext,
  task: TaskRow,
  { decided, next, now }: { decided: readonly Decided[]; next: readonly (NextRow | undefined)[]; now: number },
): Program<void> {
  const runs = decided.map(
    ({ row, verdict }, index): ToldRun => ({
      ...{ seq: row.seq, target: row.target, facts: verdict.upgrade, end: endOf(next[index]) },
      currentVersion: (task.type === 'softwareUpgrade' ? row.sw_version : row.fw_version) ?? undefined,
    }),
  );
  yield* publishUpgrades(ctx, task, { runs, now });
}

/** Legacy 9.2: a run that is stopped or removed has no result. */
function endOf(next: NextRow | undefined): ToldRun['end'] {
  if (next?.state === 'Success') return { isSuccess: true, message: '' };
  return next?.state === 'Fail' ? { isSuccess: false, message: next.cause?.message ?? '' } : undefined;
}

/** Whoever queued behind a lane that is free now gets a turn; the first to come takes it, the others queue again. */
function* releaseLanes(
  ctx: SqlContext,
  { decided, next, now }: { decided: readonly Decided[]; next: readonly (NextRow | undefined)[]; now: number },
): Program<boolean> {
  const freed = decided.filter((item, index) => item.row.lane !== null && next[index]?.lane === null);
  return yield* releaseTargets(
    ctx,
    freed.map((item) => item.row.target),
    now,
  );
}

export function* releaseTargets({ dialect }: SqlContext, targets: readonly string[], now: number): Program<boolean> {
  if (targets.length === 0) return false;
  const set = dialect.rows(
    { target: 'text' },
    targets.map((target) => [target]),
  );
  const released = yield* change({
    sql: `UPDATE subtasks SET hold = NULL FROM ${set.from}
      WHERE subtasks.target = r.target AND ${checked('state')} = 'Waitting' AND ${checked('hold')} = 'lane'`,
    parameters: set.parameters,
  });
  const retries = yield* change({
    sql: `UPDATE subtasks SET due_at = ?, step = NULL FROM ${set.from}
      WHERE subtasks.target = r.target AND ${checked('state')} = 'FailWaitRetry' AND step = '${queuedStep}'`,
    parameters: [now, ...set.parameters],
  });
  return released + retries > 0;
}

/** What the task's counters and causes gain and lose. */
export function tally(decided: readonly Pick<Decided, 'row'>[], next: readonly (NextRow | undefined)[]) {
  const delta: CounterDelta = {};
  const causes = new Map<string, { cause: Cause; by: number }>();
  let dispatched = false;
  decided.forEach(({ row }, index) => {
    const after = next[index];
    if (after === undefined || after.state === row.state) return;
    countMove(delta, row.state, after.state);
    if (row.state === 'Waitting' && after.state !== 'Stopped' && after.state !== 'Removed') dispatched = true;
    if (after.state === 'Fail') countCause(causes, after.cause, 1);
    if (row.state === 'Fail') countCause(causes, causeOfRow(row), -1);
  });
  return { delta, causes, dispatched };
}

function countCause(causes: Map<string, { cause: Cause; by: number }>, cause: Cause | undefined, by: number): void {
  if (cause === undefined) return;
  const known = causes.get(cause.code);
  causes.set(cause.code, { cause: known?.cause ?? cause, by: (known?.by ?? 0) + by });
}

function sumOf(a: CounterDelta, b: CounterDelta): CounterDelta {
  const sum: CounterDelta = { ...a };
  for (const [field, by] of Object.entries(b) as [CountedField, number][]) sum[field] = (sum[field] ?? 0) + by;
  return sum;
}

/** What two settles of one task leave to do, in order. */
export function merged(a: Settled, b: Settled): Settled {
  return {
    runs: a.runs + b.runs,
    delta: sumOf(a.delta, b.delta),
    downlinks: [...a.downlinks, ...b.downlinks],
    posted: a.posted || b.posted,
    closed: [...a.closed, ...b.closed],
    deleted: [...a.deleted, ...b.deleted],
    displaced: [...a.displaced, ...b.displaced],
    task: b.task ?? a.task,
    released: a.released || b.released,
  };
}
