import { parseWhere } from '../../../domain/search/parse-search.ts';
import type { Where } from '../../../domain/search/where.ts';
import { kept } from '../kept.ts';
import type { SqlContext } from '../sql-context.ts';

export const parsedRule = ({ rules }: SqlContext, rule: string): Where => kept(rules, rule, parseWhere);
