import type { SubtaskState } from '../../../domain/subtask-state.ts';
import type { Dialect } from '../dialect.ts';

/** Where the subtasks of a state are found: `of` stands for FROM, `condition` in WHERE beside the task. Ordered by seq each. */
export interface StatePlace {
  readonly from: string;
  readonly condition: string;
}

const holds = ['hold IS NULL', `hold = 'confirm'`, `hold = 'lane'`, `hold = 'capacity'`] as const;

/**
 * Two partial indexes share the states: one has what is Waitting, by what it is held for, the other the rest. The state stands in the
 * text, not as a parameter: only so can a database prove that the index has every row.
 */
export function placesOf({ indexedBy }: Dialect, state: SubtaskState): readonly StatePlace[] {
  if (state !== 'Waitting') {
    // SQLite proves by words: the index's own condition must stand there, too.
    const condition = `state = '${state}' AND state <> 'Waitting'`;
    return [{ from: `subtasks ${indexedBy('subtasks_left')}`, condition }];
  }
  const from = `subtasks ${indexedBy('subtasks_waiting')}`;
  return holds.map((hold) => ({ from, condition: `state = 'Waitting' AND ${hold}` }));
}

/** Those alone that wait for a confirmation. */
export const unconfirmedPlace = ({ indexedBy }: Dialect): StatePlace => ({
  from: `subtasks ${indexedBy('subtasks_waiting')}`,
  condition: `state = 'Waitting' AND hold = 'confirm'`,
});
