import { asId, type DeviceId, type GroupId } from '../../../domain/ids.ts';
import { all, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';

export type ResolvedGroups = { readonly groups: readonly GroupId[] } | { readonly unknown: GroupId };

/** v5 13.3: the groups and all their subgroups, each once, in order of id; or the first asked for that does not exist. */
export function* resolveGroups(
  { dialect }: SqlContext,
  projectId: string,
  groupIds: readonly GroupId[],
): Program<ResolvedGroups> {
  const asked = dialect.rows(
    { id: 'text' },
    groupIds.map((groupId) => [groupId]),
  );
  const known = yield* all<{ group_id: string }>({
    sql: `SELECT g.group_id FROM ${asked.from} ${dialect.orderedJoin} device_groups g ON g.group_id = r.id AND g.project_id = ?`,
    parameters: [...asked.parameters, projectId],
  });
  const present = new Set(known.map((row) => row.group_id));
  const unknown = groupIds.find((groupId) => !present.has(groupId));
  if (unknown !== undefined) return { unknown };
  const tree = yield* all<{ group_id: string }>({
    sql: `WITH RECURSIVE tree (group_id) AS (
        SELECT g.group_id FROM ${asked.from} ${dialect.orderedJoin} device_groups g ON g.group_id = r.id
        UNION SELECT g.group_id FROM tree t JOIN device_groups g ON g.super_group_id = t.group_id)
      SELECT group_id FROM tree ORDER BY group_id`,
    parameters: asked.parameters,
  });
  return { groups: tree.map((row) => asId<GroupId>(row.group_id)) };
}

export interface MembersQuery {
  readonly groups: readonly GroupId[];
  readonly at: number;
  readonly after: string;
  readonly limit: number;
}

/** A device of several groups counts with the first. Nothing is remembered: a device is in few groups, so each is asked for. */
export function* listMembers(
  { dialect }: SqlContext,
  { groups, at, after, limit }: MembersQuery,
): Program<{ readonly deviceIds: readonly DeviceId[]; readonly last: string | undefined }> {
  const earlier = dialect.rows(
    { id: 'text' },
    groups.slice(0, at).map((groupId) => [groupId]),
  );
  const rows = yield* all<{ device_id: string; counted: 0 | 1 }>({
    sql: `SELECT m.device_id, CASE WHEN EXISTS (SELECT 1 FROM group_members o WHERE o.device_id = m.device_id
        AND o.group_id IN (SELECT r.id FROM ${earlier.from})) THEN 1 ELSE 0 END AS counted
      FROM group_members m WHERE m.group_id = ? AND m.device_id > ? ORDER BY m.device_id LIMIT ?`,
    parameters: [...earlier.parameters, groups[at] ?? '', after, limit],
  });
  const fresh = rows.filter((row) => row.counted === 0).map((row) => asId<DeviceId>(row.device_id));
  return { deviceIds: fresh, last: rows.at(-1)?.device_id };
}
