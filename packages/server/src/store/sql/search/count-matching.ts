import { type RawBuilder, sql } from 'kysely';
import type { Where } from '../../../domain/search/where.ts';
import { first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { type CountTerm, countTermsOf, termsBesideRange } from './count-terms.ts';
import { hasFewer, leftOf, planSearch, type SearchPlan } from './plan-search.ts';
import { countBy, type Matching } from './select-matching.ts';
import { isTallied, tally } from './tally.ts';
import { varying } from './varying.ts';

/** How many devices match. One statement, so that all it adds up is of one moment. */
export function* countMatching(ctx: SqlContext, matching: Matching): Program<number> {
  const count = yield* cheapestCount(ctx, matching);
  const row = yield* first<{ count: number }>(varying(sql`select ${count} as count`));
  return row?.count ?? 0;
}

interface Counted {
  readonly count: RawBuilder<unknown>;
  readonly cost: number;
}

/** Some dozens of kinds of devices, or a few thousand rows of an index, each with its device. */
const small = 1;
/** An index from end to end, and no device. */
const indexAlone = 100;
/** A million devices. */
const everyDevice = 1000;

/** Devices that are looked at for a difference rather than all the others. */
const besideMax = 200_000;

function* cheapestCount(ctx: SqlContext, matching: Matching): Program<RawBuilder<unknown>> {
  const { where = [] } = matching;
  const direct = yield* countedAsItIs(ctx, matching);
  if (direct.cost < everyDevice) return direct.count;
  const sum = yield* sumOf(ctx, matching, countTermsOf(where) ?? []);
  if (sum !== undefined && sum.cost < direct.cost) return sum.count;
  const range = termsBesideRange(where);
  if (range === undefined) return direct.count;
  if (!(yield* hasFewer(ctx, matching.scope, { condition: range.beside, rows: besideMax }))) return direct.count;
  const rest = yield* sumOf(ctx, matching, range.terms);
  return (rest ?? direct).count;
}

/** Undefined: too expensive to go on with. */
function* sumOf(ctx: SqlContext, matching: Matching, terms: readonly CountTerm[]): Program<Counted | undefined> {
  if (terms.length === 0) return undefined;
  let cost = 0;
  const sum: RawBuilder<unknown>[] = [];
  for (const { sign, lists } of terms) {
    const [conditions, ...also] = lists;
    const term = yield* countedAsItIs(ctx, { ...matching, where: [conditions], also });
    cost += term.cost;
    sum.push(sql`${sql.raw(sign === 1 ? '+' : '-')} ${term.count}`);
  }
  return { count: sql`(0 ${sql.join(sum, sql` `)})`, cost };
}

function* countedAsItIs(ctx: SqlContext, matching: Matching): Program<Counted> {
  const { where, scope, also = [] } = matching;
  if (where === undefined || (where.flat().every(isTallied) && also.length === 0))
    return { count: tally(where, scope), cost: small };
  const plan = yield* planSearch(ctx, matching, 'count');
  return { count: countBy(ctx, plan, matching), cost: costOf(plan, also) };
}

function costOf(plan: SearchPlan, also: Where): number {
  if (plan.kind === 'walk') return everyDevice;
  if (plan.few) return small;
  return also.length === 0 && plan.parts.every((part) => leftOf(part).length === 0) ? indexAlone : everyDevice;
}
