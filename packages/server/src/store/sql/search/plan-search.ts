import { sql } from 'kysely';
import type { Condition, Where } from '../../../domain/search/where.ts';
import { first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { SearchScope } from './conditions.ts';
import { type Branch, type Driver, driversOf } from './drivers.ts';
import { varying } from './varying.ts';

/** How the devices of a search are found. */
export type SearchPlan =
  /** One after the other in the order of their record ids, each checked. */
  | { readonly kind: 'walk' }
  /** By what each list of conditions has an index for. */
  | { readonly kind: 'drive'; readonly parts: readonly Driven[]; readonly ordered: boolean };

export interface Driven {
  readonly driver: Driver;
  /** All of the list. */
  readonly conditions: readonly Condition[];
}

interface Candidate extends Driven {
  /** Rows that the driver has, as far as they were counted. */
  readonly rows: number;
}

/**
 * What a driver may bring to be sorted for one page, some 5 ms. Of what is more frequent a walk in the order of the page finds the rows of
 * one page soon.
 */
export const drivenRowsMax = 5000;

/**
 * Databases cannot be left alone with this: SQLite keeps no statistics, and those of PostgreSQL know nothing of a project that was just
 * filled, nor how far in the order of a page the first match is. So the indexes are asked how much they have, up to a limit.
 */
export function* planSearch(
  ctx: SqlContext,
  { where, scope }: { readonly where: Where | undefined; readonly scope: SearchScope },
  purpose: 'page' | 'count',
): Program<SearchPlan> {
  if (where === undefined) return { kind: 'walk' };
  const lists = where.map((conditions) => ({
    conditions,
    drivers: driversOf(conditions, { dialect: ctx.dialect, scope }),
  }));
  if (lists.some(({ drivers }) => drivers.length === 0)) return { kind: 'walk' };
  const [only] = lists;
  if (only !== undefined && lists.length === 1) return yield* planOne(only, purpose);
  const parts: Driven[] = [];
  for (const list of lists) {
    const best = bestOf(yield* countEach(list));
    if (best === undefined) return { kind: 'walk' };
    parts.push(best);
  }
  return { kind: 'drive', parts, ordered: false };
}

interface List {
  readonly conditions: readonly Condition[];
  readonly drivers: readonly Driver[];
}

function* planOne(list: List, purpose: 'page' | 'count'): Program<SearchPlan> {
  const { conditions, drivers } = list;
  const drive = (driver: Driver, ordered = false): SearchPlan => ({
    kind: 'drive',
    parts: [{ driver, conditions }],
    ordered,
  });
  const alone = drivers.length === 1 ? drivers[0] : undefined;
  // Nothing to choose from.
  if (alone !== undefined && (alone.bounded || purpose === 'count' || isOrdered(alone))) {
    return drive(alone, isOrdered(alone));
  }
  const candidates = yield* countEach(list);
  const best = bestOf(candidates);
  if (best !== undefined) return drive(best.driver, isOrdered(best.driver));
  const inOrder = drivers.find(isOrdered);
  if (inOrder !== undefined) return drive(inOrder, true);
  const [any] = drivers;
  return purpose === 'count' && any !== undefined ? drive(any) : { kind: 'walk' };
}

const isOrdered = ({ branches: [branch, ...more] }: Driver): boolean => branch?.ordered === true && more.length === 0;

function* countEach({ conditions, drivers }: List): Program<readonly Candidate[]> {
  const candidates: Candidate[] = [];
  for (const driver of drivers) candidates.push({ driver, conditions, rows: yield* rowsOf(driver) });
  return candidates;
}

function bestOf(candidates: readonly Candidate[]): Candidate | undefined {
  const [best] = candidates
    .filter(({ driver, rows }) => driver.bounded || rows <= drivenRowsMax)
    .toSorted((one, other) => one.rows - other.rows);
  return best;
}

function* rowsOf({ branches }: Driver): Program<number> {
  const counts = branches.map(countUpTo);
  const row = yield* first<{ count: number }>(varying(sql`select ${sql.join(counts, sql` + `)} as count`));
  return row?.count ?? 0;
}

const countUpTo = ({ from, where }: Branch) =>
  sql`(select count(*) from (select 1 from ${from} where ${where} limit ${drivenRowsMax + 1}) c)`;
