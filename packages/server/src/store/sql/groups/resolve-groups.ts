import { asId, type GroupId, type ProjectId } from '../../../domain/ids.ts';
import type { GroupSource } from '../../../domain/task.ts';
import type { GroupWalk, ResolvedGroups } from '../../../ports/store/dry-run-store.ts';
import { all, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';

/** v5 13.3: the groups and all their subgroups, each once, static ones first, rules last; or the first asked for that does not exist. */
export function* resolveGroups(
  ctx: SqlContext,
  projectId: ProjectId,
  { groupIds, rules = [] }: GroupSource,
): Program<ResolvedGroups> {
  const { dialect } = ctx;
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
  const tree = yield* all<{ group_id: GroupId; rule: string | null }>({
    sql: `WITH RECURSIVE tree (group_id, rule) AS (
        SELECT g.group_id, g.rule FROM ${asked.from} ${dialect.orderedJoin} device_groups g ON g.group_id = r.id
        UNION SELECT g.group_id, g.rule FROM tree t JOIN device_groups g ON g.super_group_id = t.group_id)
      SELECT group_id, rule FROM tree ORDER BY CASE WHEN rule IS NULL THEN 0 ELSE 1 END, group_id`,
    parameters: asked.parameters,
  });
  return yield* walkOf(projectId, [...tree, ...rules.map((rule, at) => ({ group_id: standIn(at), rule }))]);
}

/** Stands for a rule of the task's own among its groups; no group has such an id. */
const standIn = (at: number): GroupId => asId<GroupId>(`*${at}`);

function* walkOf(
  projectId: ProjectId,
  tree: readonly { group_id: GroupId; rule: string | null }[],
): Program<GroupWalk> {
  const dynamic = tree.flatMap(({ group_id, rule }) => (rule === null ? [] : [[group_id, rule] as const]));
  const newest = yield* first<{ record_id: string }>({
    sql: 'SELECT record_id FROM devices WHERE project_id = ? ORDER BY record_id DESC LIMIT 1',
    parameters: [projectId],
  });
  return {
    projectId,
    groups: tree.map((row) => row.group_id),
    rules: Object.fromEntries(dynamic),
    until: newest?.record_id ?? '',
  };
}
