import { asId, type DeviceId, type GroupId, type ProjectId } from '../../../domain/ids.ts';
import { all, type Program } from '../program.ts';

/** As the expansion resolves them (v5 13.3), but nothing is kept. */
export function* resolveGroups(
  projectId: ProjectId,
  groupIds: readonly GroupId[],
): Program<{ readonly groups: readonly GroupId[] } | { readonly unknown: GroupId }> {
  const asked = JSON.stringify(groupIds);
  const known = yield* all<{ group_id: string }>({
    sql: 'SELECT g.group_id FROM json_each(?) j CROSS JOIN device_groups g ON g.group_id = j.value AND g.project_id = ?',
    parameters: [asked, projectId],
  });
  const present = new Set(known.map((row) => row.group_id));
  const unknown = groupIds.find((groupId) => !present.has(groupId));
  if (unknown !== undefined) return { unknown };
  const tree = yield* all<{ group_id: string }>({
    sql: `WITH RECURSIVE tree (group_id) AS (
        SELECT value FROM json_each(?)
        UNION SELECT g.group_id FROM tree t JOIN device_groups g ON g.super_group_id = t.group_id)
      SELECT group_id FROM tree ORDER BY group_id`,
    parameters: [asked],
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
export function* listMembers({
  groups,
  at,
  after,
  limit,
}: MembersQuery): Program<{ readonly deviceIds: readonly DeviceId[]; readonly last: string | undefined }> {
  const rows = yield* all<{ device_id: string; counted: 0 | 1 }>({
    sql: `SELECT m.device_id, EXISTS (SELECT 1 FROM group_members o WHERE o.device_id = m.device_id
        AND o.group_id IN (SELECT value FROM json_each(?))) AS counted
      FROM group_members m WHERE m.group_id = ? AND m.device_id > ? ORDER BY m.device_id LIMIT ?`,
    parameters: [JSON.stringify(groups.slice(0, at)), groups[at] ?? '', after, limit],
  });
  const fresh = rows.filter((row) => row.counted === 0).map((row) => asId<DeviceId>(row.device_id));
  return { deviceIds: fresh, last: rows.at(-1)?.device_id };
}
