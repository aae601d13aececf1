import { all, change, first, type Program } from '../program.ts';
import type { TaskRow } from '../tasks/task-codec.ts';
import { type ExpandOptions, type ExpandStep, holdOf } from './expand-step.ts';

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
export function* expandGroups(task: TaskRow, options: ExpandOptions): Program<ExpandStep> {
  if (task.expand_cursor === '') return yield* resolve(task);
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

function* resolve(task: TaskRow): Program<ExpandStep> {
  const asked = JSON.parse(task.source) as readonly string[];
  const known = yield* all<{ group_id: string }>({
    sql: `SELECT g.group_id FROM json_each(?) j CROSS JOIN device_groups g ON g.group_id = j.value AND g.project_id = ?`,
    parameters: [task.source, task.project_id],
  });
  const present = new Set(known.map((row) => row.group_id));
  const unknown = asked.find((groupId) => !present.has(groupId));
  if (unknown !== undefined) {
    return { written: 0, cursor: undefined, failure: `The device group ${unknown} does not exist.` };
  }
  const groups = yield* all<{ group_id: string }>({
    sql: `WITH RECURSIVE tree (group_id) AS (
        SELECT value FROM json_each(?)
        UNION SELECT g.group_id FROM tree t JOIN device_groups g ON g.super_group_id = t.group_id)
      SELECT group_id FROM tree ORDER BY group_id`,
    parameters: [task.source],
  });
  const cursor: Cursor = { groups: groups.map((row) => row.group_id), at: 0, after: '', seq: 0 };
  return { written: 0, cursor: JSON.stringify(cursor) };
}

/** The last member of the next window of a group; undefined: the group is through. */
function* lastOfWindow(group: string, after: string, limit: number): Program<string | undefined> {
  const row = yield* first<{ last: string | null }>({
    sql: `SELECT max(device_id) AS last FROM (
      SELECT device_id FROM group_members WHERE group_id = ? AND device_id > ? ORDER BY device_id LIMIT ?)`,
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
  const repeats =
    cursor.at === 0 ? '' : 'AND NOT EXISTS (SELECT 1 FROM subtasks s WHERE s.target = m.device_id AND s.task_no = ?1)';
  return yield* change({
    sql: `INSERT INTO subtasks (task_no, seq, target, state, hold)
      SELECT ?1, ?2 + row_number() OVER (ORDER BY m.device_id) - 1, m.device_id, 'Waitting', ?3
      FROM group_members m WHERE m.group_id = ?4 AND m.device_id > ?5 AND m.device_id <= ?6 ${repeats}`,
    parameters: [task.task_no, cursor.seq, holdOf(task), group, cursor.after, last],
  });
}
