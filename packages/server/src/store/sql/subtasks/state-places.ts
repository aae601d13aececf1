import type { SubtaskState } from '../../../domain/subtask-state.ts';
import type { Dialect } from '../dialect.ts';

/** Where the subtasks of a state are found: `of` stands for FROM, `condition` in WHERE beside the task. Ordered by seq each. */
export interface StatePlace {
  readonly from: string;
  readonly condition: string;
}

const holds = ['confirm', 'lane', 'capacity'] as const;

/**
 * Three partial indexes share the states: what is ready, what is Waitting and held, and the rest. The state stands in the text, not as a
 * parameter: only so can a database prove that an index has every row. SQLite proves by words: what the index says stands in the text.
 */
export function placesOf(dialect: Dialect, state: SubtaskState): readonly StatePlace[] {
  if (state === 'Waitting') return [readyPlace(dialect), ...holds.map((hold) => heldPlace(dialect, hold))];
  return [
    {
      from: `subtasks ${dialect.indexedBy('subtasks_left')}`,
      condition: `state = '${state}' AND state <> 'Waitting'`,
    },
  ];
}

const readyPlace = ({ indexedBy }: Dialect): StatePlace => ({
  from: `subtasks ${indexedBy('subtasks_ready')}`,
  condition: `state = 'Waitting' AND hold IS NULL`,
});

export const heldPlace = ({ indexedBy }: Dialect, hold: (typeof holds)[number]): StatePlace => ({
  from: `subtasks ${indexedBy('subtasks_held')}`,
  condition: `state = 'Waitting' AND hold = '${hold}' AND hold IS NOT NULL`,
});
