import { type Condition, isTagCondition, type Where } from '../../../domain/search/where.ts';
import { parseMillisTime, toMillisTime } from '../../../domain/time.ts';
import { isTallied } from './tally.ts';

/** One of several counts that the whole is the sum of: of the devices that meet every one of the lists, each all of its conditions. */
export interface CountTerm {
  readonly sign: 1 | -1;
  /** The first has all conditions but those on tags of other lists: tags of one list are one tag. */
  readonly lists: readonly [readonly Condition[], ...(readonly (readonly Condition[])[])];
}

/** Beyond that a walk is as good. */
const termsMax = 64;

/**
 * What adds up to the same number: of several lists what is in each, less what is in two of them, and so on; of what is negated what meets
 * the rest, less what meets the opposite as well. That is exact, because a negated condition is true of every device of which its
 * opposite is not (where.ts). Undefined: there would be too many.
 */
export function countTermsOf(where: Where): readonly CountTerm[] | undefined {
  const terms = subsetsOf(where)
    .filter((lists) => lists.length > 0)
    .flatMap((lists) => withoutNegations(lists.length % 2 === 1 ? 1 : -1, lists));
  return terms.length > termsMax ? undefined : terms;
}

function withoutNegations(sign: 1 | -1, lists: Where): readonly CountTerm[] {
  const [tags = [], ...others] = lists
    .map((list) => list.filter(isTagCondition))
    .filter((conditions) => conditions.length > 0);
  const rest = lists.flat().filter((one) => !isTagCondition(one));
  const negated = rest.flatMap((one) => oppositeOf(one) ?? []);
  const positive = rest.filter((one) => oppositeOf(one) === undefined);
  return subsetsOf(negated).map((some) => ({
    sign: some.length % 2 === 0 ? sign : sign === 1 ? -1 : 1,
    lists: [[...positive, ...some, ...tags], ...others],
  }));
}

/** Of what is negated and finds few devices otherwise. */
function oppositeOf(condition: Condition): Condition | undefined {
  if (condition.kind !== 'equal' || !condition.negated) return undefined;
  return isTagCondition(condition) || isTallied(condition) ? undefined : { ...condition, negated: false };
}

/**
 * The same for devices registered since or until a moment: all that meet the rest, less those registered on the other side of it. For a
 * list with one such condition alone.
 */
export function termsBesideRange(
  where: Where,
): { readonly terms: readonly CountTerm[]; readonly beside: Condition } | undefined {
  const [list, ...more] = where;
  const [range, ...ranges] = list?.filter(({ field }) => field === 'create_time') ?? [];
  const beside = range === undefined ? undefined : besideRange(range);
  if (list === undefined || beside === undefined || more.length > 0 || ranges.length > 0) return undefined;
  const rest = list.filter((one) => one !== range);
  const terms: readonly CountTerm[] = [
    { sign: 1, lists: [rest] },
    { sign: -1, lists: [[...rest, beside]] },
  ];
  return { terms, beside };
}

/** Times are whole milliseconds. */
function besideRange(condition: Condition): Condition | undefined {
  if (condition.kind !== 'range') return undefined;
  const at = (parseMillisTime(condition.value) ?? Number.NaN) + (condition.side === '>' ? 1 : -1);
  const value = at >= 0 && at <= latestMs ? toMillisTime(at) : undefined;
  return value === undefined ? undefined : { ...condition, side: condition.side === '>' ? '<' : '>', value };
}

const latestMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

function subsetsOf<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const [first, ...rest] = items;
  if (first === undefined) return [[]];
  return subsetsOf(rest).flatMap((subset) => [subset, [first, ...subset]]);
}
