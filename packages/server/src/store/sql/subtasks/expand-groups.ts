import type { GroupId } from '../../../domain/ids.ts';
import { checkedNumber } from '../checked.ts';
import { resolveGroups } from '../groups/resolve-groups.ts';
import { change, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { TaskRow } from '../tasks/task-codec.ts';
import type { ExpandOptions } from '../../../ports/store/subtask-store.ts';
import { type ExpandStep, holdOf } from './expand-step.ts';

/** Where the walk through the resolved groups stands. */
interface Cursor {
  /** All groups, subgroups included, each once. */
  readonly groups: readonly string[];
  /** Position in `groups`. */
  readonly at: number;
  /** Members up to this device id are through. */
  readonly after: string;
  /** The next subtask. */
  readonly seq: number;
}

/**
 * v5 13.3: the members of each group and all its subgroups, each device once. The groups are resolved by the first step; the walk then
 * takes them one after the other, members in order of id, so that every step costs the same however many there are.
 */
export function* expandGroups(ctx: SqlContext, task: TaskRow, options: ExpandOptions): Program<ExpandStep> {
  if (task.expand_cursor === '') return yield* resolve(ctx, task);
  const cursor = JSON.parse(task.expand_cursor) as Cursor;
  const group = cursor.groups[cursor.at];
  if (group === undefined) return { written: 0, cursor: undefined };

  const last = yield* lastOfWindow(group, cursor.after, options.limit);
  const written = last === undefined ? 0 : yield* insertWindow(task, { cursor, group, last });
  const next: Cursor =
    last === undefined
      ? { ...cursor, at: cursor.at + 1, after: '' }
      : { ...cursor, after: last, seq: cursor.seq + written };
  if (next.at < next.groups.length) return { written, cursor: JSON.stringify(next) };
  return next.seq === 0 ? { written, cursor: undefined, failure: 'no device matches' } : { written, cursor: undefined };
}

function* resolve(ctx: SqlContext, task: TaskRow): Program<ExpandStep> {
  const asked = JSON.parse(task.source) as readonly GroupId[];
  const resolved = yield* resolveGroups(ctx, task.project_id, asked);
  if ('unknown' in resolved) {
    return { written: 0, cursor: undefined, failure: `The device group ${resolved.unknown} does not exist.` };
  }
  const cursor: Cursor = { groups: resolved.groups, at: 0, after: '', seq: 0 };
  return { written: 0, cursor: JSON.stringify(cursor) };
}

/** The last member of the next window of a group; undefined: the group is through. */
function* lastOfWindow(group: string, after: string, limit: number): Program<string | undefined> {
  const row = yield* first<{ last: string | null }>({
    sql: `SELECT max(device_id) AS last FROM (
      SELECT device_id FROM group_members WHERE group_id = ? AND device_id > ? ORDER BY device_id LIMIT ?) members`,
    parameters: [group, after, limit],
  });
  return row?.last ?? undefined;
}

function* insertWindow(
  task: TaskRow,
  window: { readonly cursor: Cursor; readonly group: string; readonly last: string },
): Program<number> {
  const { cursor, group, last } = window;
  // A device of several groups is taken with the first; a single group needs no look.
  const isFirst = cursor.at === 0;
  const ofTask = checkedNumber('s.task_no');
  const repeats = `AND NOT EXISTS (SELECT 1 FROM subtasks s WHERE s.target = m.device_id AND ${ofTask} = ?)`;
  return yield* change({
    sql: `INSERT INTO subtasks (task_no, seq, target, state, hold)
      SELECT CAST(? AS BIGINT), CAST(? AS BIGINT) + row_number() OVER (ORDER BY m.device_id) - 1, m.device_id, 'Waitting', CAST(? AS TEXT)
      FROM group_members m WHERE m.group_id = ? AND m.device_id > ? AND m.device_id <= ? ${isFirst ? '' : repeats}`,
    parameters: [
      ...[task.task_no, cursor.seq, holdOf(task), group, cursor.after, last],
      ...(isFirst ? [] : [task.task_no]),
    ],
  });
}
