import { parseWhere } from '../../../domain/search/parse-search.ts';
import type { Where } from '../../../domain/search/where.ts';
import type { SqlContext } from '../sql-context.ts';

/** A few projects' worth of them. */
const rulesMax = 5000;

/** A rule that was stored was parsed before, and parses again. */
export function parsedRule({ rules }: SqlContext, rule: string): Where {
  const known = rules.get(rule);
  if (known !== undefined) return known;
  const where = parseWhere(rule);
  if (rules.size >= rulesMax) rules.clear();
  rules.set(rule, where);
  return where;
}
