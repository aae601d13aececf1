import { asId, type ProjectId } from '../../../domain/ids.ts';
import type { GroupWalk } from '../../../ports/store/dry-run-store.ts';
import { checkedNumber } from '../checked.ts';
import { resolveGroups } from '../groups/resolve-groups.ts';
import { matchingRule } from '../groups/walk-members.ts';
import { change, first, type Program } from '../program.ts';
import { nextMatching } from '../search/select-matching.ts';
import type { SqlContext } from '../sql-context.ts';
import { groupSourceOf } from '../tasks/insert-task.ts';
import type { TaskRow } from '../tasks/task-codec.ts';
import type { ExpandOptions } from '../../../ports/store/subtask-store.ts';
import { type ExpandStep, holdOf } from './expand-step.ts';

/** Where the walk through the resolved groups stands: all of them, subgroups included, each once. */
interface Cursor extends Pick<GroupWalk, 'groups'> {
  /** Those of the dynamic groups, as they were when the task started. A cursor of an earlier version has none. */
  readonly rules?: GroupWalk['rules'];
  readonly until?: string;
  /** Position in `groups`. */
  readonly at: number;
  /** Members up to this device id are through; of a dynamic group devices up to this record id. */
  readonly after: string;
  /** The next subtask. */
  readonly seq: number;
}

/** What one step of the walk does; `last` undefined: the group is through. */
interface Walked {
  readonly written: number;
  readonly last: string | undefined;
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

  const rule = cursor.rules?.[group];
  const { written, last } =
    rule === undefined
      ? yield* walkMembers(task, { cursor, group, limit: options.limit })
      : yield* walkMatches(ctx, task, { cursor, rule, limit: options.limit });
  const next: Cursor =
    last === undefined
      ? { ...cursor, at: cursor.at + 1, after: '', seq: cursor.seq + written }
      : { ...cursor, after: last, seq: cursor.seq + written };
  if (next.at < next.groups.length) return { written, cursor: JSON.stringify(next) };
  return next.seq === 0 ? { written, cursor: undefined, failure: noMatch } : { written, cursor: undefined };
}

const noMatch = 'no device matches';

function* resolve(ctx: SqlContext, task: TaskRow): Program<ExpandStep> {
  const resolved = yield* resolveGroups(ctx, asId<ProjectId>(task.project_id), groupSourceOf(task.source));
  if ('unknown' in resolved) {
    return { written: 0, cursor: undefined, failure: `The device group ${resolved.unknown} does not exist.` };
  }
  const { groups, rules, until } = resolved;
  if (groups.length === 0) return { written: 0, cursor: undefined, failure: noMatch };
  const cursor: Cursor = { groups, rules, until, at: 0, after: '', seq: 0 };
  return { written: 0, cursor: JSON.stringify(cursor) };
}

function* walkMembers(
  task: TaskRow,
  { cursor, group, limit }: { readonly cursor: Cursor; readonly group: string; readonly limit: number },
): Program<Walked> {
  const last = yield* lastOfWindow(group, cursor.after, limit);
  return { last, written: last === undefined ? 0 : yield* insertWindow(task, { cursor, group, last }) };
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

const insertedColumns = (device: string, order: string): string =>
  `INSERT INTO subtasks (task_no, seq, target, state, hold)
    SELECT CAST(? AS BIGINT), CAST(? AS BIGINT) + row_number() OVER (ORDER BY ${order}) - 1, ${device}, 'Waitting', CAST(? AS TEXT)`;

/** A device of several groups is taken with the first; a single group needs no look. */
const noRepeats = (cursor: Cursor, device: string): string =>
  cursor.at === 0
    ? ''
    : `AND NOT EXISTS (SELECT 1 FROM subtasks s WHERE s.target = ${device} AND ${checkedNumber('s.task_no')} = ?)`;

function* insertWindow(
  task: TaskRow,
  window: { readonly cursor: Cursor; readonly group: string; readonly last: string },
): Program<number> {
  const { cursor, group, last } = window;
  return yield* change({
    sql: `${insertedColumns('m.device_id', 'm.device_id')}
      FROM group_members m WHERE m.group_id = ? AND m.device_id > ? AND m.device_id <= ? ${noRepeats(cursor, 'm.device_id')}`,
    parameters: [
      ...[task.task_no, cursor.seq, holdOf(task), group, cursor.after, last],
      ...(cursor.at === 0 ? [] : [task.task_no]),
    ],
  });
}

/** The next devices that the rule matches, by windows of record ids. */
function* walkMatches(
  ctx: SqlContext,
  task: TaskRow,
  { cursor, rule, limit }: { readonly cursor: Cursor; readonly rule: string; readonly limit: number },
): Program<Walked> {
  const { after: above, until = '' } = cursor;
  const matching = yield* matchingRule(ctx, { projectId: asId<ProjectId>(task.project_id) }, rule);
  const { recordIds, last } = yield* nextMatching(ctx, matching, { above, until, limit });
  if (recordIds.length === 0) return { written: 0, last };
  const found = ctx.dialect.rows(
    { record_id: 'text' },
    recordIds.map((recordId) => [recordId]),
  );
  const written = yield* change({
    sql: `${insertedColumns('d.device_id', 'd.record_id')}
      FROM ${found.from} ${ctx.dialect.orderedJoin} devices d ON d.project_id = ? AND d.record_id = r.record_id
      WHERE true ${noRepeats(cursor, 'd.device_id')}`,
    parameters: [
      ...[task.task_no, cursor.seq, holdOf(task), ...found.parameters, task.project_id],
      ...(cursor.at === 0 ? [] : [task.task_no]),
    ],
  });
  return { written, last };
}
