import type { RunOrder } from '../../../domain/run.ts';
import { checked, checkedNumber, forEach } from '../checked.ts';
import type { Dialect } from '../dialect.ts';
import { all, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { TaskRow } from '../tasks/task-codec.ts';
import type { KeptRow } from './row-fields.ts';
import type { RunRow } from './run-reader.ts';

/** When a run that waits for others of its task looks again. */
export const orderRecheckMs = 200;

const unfinished = "('Waitting', 'Processing', 'FailWaitRetry')";

export interface OrderQuery {
  readonly order: RunOrder | undefined;
  readonly rows: readonly RunRow[];
  readonly kept: ReadonlyMap<number, KeptRow>;
}

/** The seqs whose turn is not yet, because a run of the same task has to come before (v5 13.3). */
export function* notYet(ctx: SqlContext, task: TaskRow, query: OrderQuery): Program<ReadonlySet<number>> {
  switch (query.order) {
    case 'parents-first':
      return yield* behindParents(ctx, task, query);
    case 'children-first':
      return yield* behindChildren(ctx, task, query.rows);
    case undefined:
      return new Set();
  }
}

/** Named text: its plan is under test (design 5). */
export const parentsSql = ({
  rows,
}: Dialect): string => `SELECT r.seq FROM ${rows({ seq: 'int', parent: 'text' }, []).from}
  WHERE EXISTS (SELECT 1 FROM subtasks s
    WHERE s.target = r.parent AND ${checkedNumber('s.task_no')} = ? AND ${checked('s.state')} IN ${unfinished}
      AND NOT EXISTS (SELECT 1 FROM subtasks g
        WHERE g.target = (SELECT t.parent FROM task_rows t WHERE t.task_no = s.task_no AND t.seq = s.seq)
          AND ${checkedNumber('g.task_no')} = s.task_no
          AND (SELECT h.parent FROM task_rows h WHERE h.task_no = g.task_no AND h.seq = g.seq) IS NOT NULL ${forEach}) ${forEach})`;

/**
 * A device has at most two above it. A row whose parent's parent has a row with a parent is too deep, or goes in a circle: it does not
 * wait, and fails.
 */
function* behindParents(
  { dialect }: SqlContext,
  task: TaskRow,
  { rows, kept }: OrderQuery,
): Program<ReadonlySet<number>> {
  const children = rows.flatMap(({ seq }) => {
    const parent = kept.get(seq)?.parent;
    return parent === undefined ? [] : [[seq, parent] as const];
  });
  if (children.length === 0) return new Set();
  const asked = dialect.rows({ seq: 'int', parent: 'text' }, children);
  const held = yield* all<{ seq: number }>({
    sql: parentsSql(dialect),
    parameters: [...asked.parameters, task.task_no],
  });
  return new Set(held.map(({ seq }) => seq));
}

function* behindChildren(
  { dialect }: SqlContext,
  task: TaskRow,
  rows: readonly RunRow[],
): Program<ReadonlySet<number>> {
  const parents = rows.flatMap(({ seq, device_id }) => (device_id === null ? [] : [[seq, device_id] as const]));
  if (parents.length === 0) return new Set();
  const asked = dialect.rows({ seq: 'int', device_id: 'text' }, parents);
  const held = yield* all<{ seq: number }>({
    sql: `SELECT r.seq FROM ${asked.from} WHERE EXISTS (SELECT 1 FROM devices c
      ${dialect.orderedJoin} subtasks s ON s.target = c.device_id AND s.task_no = ? AND s.state IN ${unfinished}
      WHERE c.project_id = ? AND c.parent_id = r.device_id)`,
    parameters: [...asked.parameters, task.task_no, task.project_id],
  });
  return new Set(held.map(({ seq }) => seq));
}
