import { groupsNamedIn, type Where } from '../../../domain/search/where.ts';
import { parsedRule } from '../groups/parsed-rule.ts';
import { all, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { SearchScope } from './conditions.ts';

/** The project, and the rules of the dynamic groups that the conditions name. */
export function* scopeOf(ctx: SqlContext, projectId: string, where: Where | undefined): Program<SearchScope> {
  const named = where === undefined ? [] : groupsNamedIn(where);
  if (named.length === 0) return { projectId, rules: new Map() };
  const asked = ctx.dialect.rows(
    { id: 'text' },
    named.map((groupId) => [groupId]),
  );
  const rows = yield* all<{ group_id: string; rule: string }>({
    sql: `SELECT g.group_id, g.rule FROM ${asked.from} ${ctx.dialect.orderedJoin} device_groups g ON g.group_id = r.id AND g.project_id = ?
      WHERE g.rule IS NOT NULL`,
    parameters: [...asked.parameters, projectId],
  });
  return { projectId, rules: new Map(rows.map(({ group_id, rule }) => [group_id, parsedRule(ctx, rule)])) };
}
