/** v5 13.2. The names are the wire's, misspelling included. */
export const subtaskStates = [
  'Waitting',
  'Processing',
  'FailWaitRetry',
  'Success',
  'Fail',
  'Stopped',
  'Removed',
] as const;
export type SubtaskState = (typeof subtaskStates)[number];

/** What moves a subtask. `dispatch` S3, `start-retry` S8, `retry` S9, `stop` S10 and S11, the others as in S4 to S7. */
export type SubtaskMove =
  | 'dispatch'
  | 'remove'
  | 'succeed'
  | 'fail-and-wait'
  | 'fail'
  | 'start-retry'
  | 'retry'
  | 'stop';

/** The only place that says what may follow what; the store refuses anything else. */
export const subtaskTransitions = {
  Waitting: { dispatch: 'Processing', remove: 'Removed', stop: 'Stopped' },
  Processing: { succeed: 'Success', 'fail-and-wait': 'FailWaitRetry', fail: 'Fail', stop: 'Stopped' },
  FailWaitRetry: { 'start-retry': 'Processing', retry: 'Waitting', stop: 'Stopped' },
  Success: {},
  Fail: { retry: 'Waitting' },
  Stopped: { retry: 'Waitting' },
  Removed: {},
} as const satisfies Record<SubtaskState, Partial<Record<SubtaskMove, SubtaskState>>>;

export function nextSubtaskState(state: SubtaskState, move: SubtaskMove): SubtaskState | undefined {
  const moves: Partial<Record<SubtaskMove, SubtaskState>> = subtaskTransitions[state];
  return moves[move];
}

/** True where a direct move or a move through Processing within one transaction leads from `from` to `to`. */
export function maySettle(from: SubtaskState, to: SubtaskState): boolean {
  return settleable[from].has(to);
}

// Drawn from the table once: every settled row asks.
const settleable = Object.fromEntries(
  subtaskStates.map((from) => [from, new Set([...statesAfter(from), ...statesThroughProcessing(from)])]),
) as unknown as Readonly<Record<SubtaskState, ReadonlySet<SubtaskState>>>;

/** A database-only type goes Waitting -> Processing -> Success in one transaction (S3 and S5 at once). */
function statesThroughProcessing(from: SubtaskState): readonly SubtaskState[] {
  const dispatched = nextSubtaskState(from, 'dispatch') ?? nextSubtaskState(from, 'start-retry');
  return dispatched === undefined ? [] : statesAfter(dispatched);
}

function statesAfter(from: SubtaskState): readonly SubtaskState[] {
  return Object.values(subtaskTransitions[from]);
}

const finals: readonly SubtaskState[] = ['Success', 'Fail', 'Stopped', 'Removed'];
export const isFinalSubtask = (state: SubtaskState): boolean => finals.includes(state);

/** What a caller may retry (v5 13.5). */
export const retryableSubtaskStates = ['Fail', 'FailWaitRetry', 'Stopped'] as const satisfies SubtaskState[];
