import { isJsonObject, type JsonObject } from '../../../domain/json.ts';
import type { Cause } from '../../../domain/problem.ts';
import { maySettle, type SubtaskState } from '../../../domain/subtask-state.ts';
import type { Failed, Verdict } from '../../../domain/verdict.ts';
import { isTimeOver, type TaskRow } from '../tasks/task-codec.ts';
import type { RunRow } from './run-reader.ts';

/** A subtask row as it is after a verdict. */
export interface NextRow {
  readonly seq: number;
  readonly from: SubtaskState;
  readonly state: SubtaskState;
  readonly hold: 'lane' | 'capacity' | null;
  readonly dueAt: number | null;
  readonly lane: 1 | null;
  readonly attempt: number;
  readonly retries: number;
  readonly step: string | null;
  readonly work: string | null;
  readonly output: string | null;
  readonly cause: Cause | undefined;
  /** It was on hold until now. */
  readonly wasHeld: boolean;
  /** The verdict began an attempt; a row keeps the time of its first. */
  readonly starts: boolean;
}

export interface OutcomeOptions {
  readonly task: TaskRow;
  /** The verdict is about a new attempt. */
  readonly starts: boolean;
  readonly now: number;
  readonly retryMinuteMs: number;
}

/** A retry that queues behind another upgrade is woken by its end; a retry must have a due time all the same. */
const laneRecheckMs = 3_600_000;
/** The step of a retry that queues. */
export const queuedStep = 'queued';
/** The step of what has not begun because its device cannot be reached: its coming lets it go (`releaseOf`, lanes.ts). */
export const offlineStep = 'wait_online';

/** Row and verdict -> row. Undefined: nothing changes. Throws where the transition table says no: that is a bug of a type. */
export function nextRow(row: RunRow, verdict: Verdict, options: OutcomeOptions): NextRow | undefined {
  const next = draw(row, verdict, options);
  if (next === undefined) return undefined;
  if (next.state !== row.state && !maySettle(row.state, next.state)) {
    throw new Error(`Subtask ${options.task.task_no}/${row.seq}: ${row.state} -> ${next.state} by '${verdict.kind}'.`);
  }
  return next;
}

function draw(row: RunRow, verdict: Verdict, options: OutcomeOptions): NextRow | undefined {
  const attempt = options.starts ? row.attempt + 1 : row.attempt;
  const { seq, retries } = row;
  const wasHeld = row.hold !== null;
  const base = { ...cleared, seq, from: row.state, wasHeld, attempt, retries, starts: options.starts };
  switch (verdict.kind) {
    case 'done':
      return { ...base, state: 'Success', output: JSON.stringify(verdict.output) };
    case 'failed':
      return failed(base, verdict, options);
    case 'waiting':
      return {
        ...base,
        state: 'Processing',
        dueAt: verdict.until,
        // The lane, once taken, is the run's until it leaves Processing.
        lane: verdict.lane === true || row.lane !== null ? 1 : null,
        step: verdict.step,
        work: textOf(verdict.work),
        output: textOf(verdict.output),
      };
    case 'later':
      return { ...base, ...unstarted(row, verdict, verdict.at), attempt: row.attempt, starts: false };
    case 'queued':
      return { ...base, ...unstarted(row, verdict, options.now + laneRecheckMs), attempt: row.attempt, starts: false };
    case 'removed':
      return { ...base, state: 'Removed', attempt: row.attempt, starts: false };
    case 'unchanged':
      return undefined;
  }
}

/** A row that nothing is waited for. */
export const cleared = {
  hold: null,
  dueAt: null,
  lane: null,
  step: null,
  work: null,
  output: null,
  cause: undefined,
} as const;

/** S6 or S7: another try where the policy leaves one, no stop was accepted and the cause is not final by itself. */
function failed(
  base: Pick<NextRow, 'seq' | 'from' | 'wasHeld' | 'attempt' | 'retries' | 'starts'> & typeof cleared,
  verdict: Failed,
  options: OutcomeOptions,
): NextRow {
  const { task, now, retryMinuteMs } = options;
  const retries = task.retry_interval_minutes > 0 ? task.retry_count : 0;
  if (verdict.final === true || task.stop_accepted === 1 || base.retries >= retries) {
    return ended(base, verdict);
  }
  const dueAt = now + task.retry_interval_minutes * retryMinuteMs;
  // Whoever could only be tried again when the task's time is over has had its last try.
  if (isTimeOver(task, dueAt)) return ended(base, verdict);
  return { ...base, state: 'FailWaitRetry', cause: verdict.cause, dueAt, retries: base.retries + 1 };
}

const ended = (base: Omit<NextRow, 'state'>, { cause, output }: Failed): NextRow => ({
  ...base,
  ...{ state: 'Fail', cause, output: textOf(output) },
});

/** A run that could not begin keeps its state: Waitting on hold, or FailWaitRetry with another look later. */
function unstarted(
  row: RunRow,
  verdict: Extract<Verdict, { kind: 'later' | 'queued' }>,
  at: number,
): Pick<NextRow, 'state' | 'hold' | 'dueAt' | 'step' | 'cause'> {
  const isQueued = verdict.kind === 'queued';
  const step = !isQueued && verdict.orReachable === true ? offlineStep : null;
  if (row.state === 'FailWaitRetry') {
    return { state: row.state, hold: null, dueAt: at, step: isQueued ? queuedStep : step, cause: causeOfRow(row) };
  }
  const [hold, dueAt] = isQueued ? (['lane', null] as const) : (['capacity', at] as const);
  return { state: row.state, hold, dueAt, step, cause: undefined };
}

export function causeOfRow(row: Pick<RunRow, 'error_code' | 'error_message'>): Cause | undefined {
  return row.error_code === null ? undefined : { code: row.error_code, message: row.error_message ?? '' };
}

const textOf = (value: JsonObject | undefined): string | null => (isJsonObject(value) ? JSON.stringify(value) : null);
