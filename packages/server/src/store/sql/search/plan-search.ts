import { sql } from 'kysely';
import type { Condition, Where } from '../../../domain/search/where.ts';
import { first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { SearchScope } from './conditions.ts';
import { type Branch, type Driver, driversOf } from './drivers.ts';
import { varying } from './varying.ts';

/** How the devices of a search are found. */
export type SearchPlan =
  /**
   * One after the other in the order of their record ids, each checked. `otherwise`: what finds them where they do not come soon, all to be
   * sorted.
   */
  | { readonly kind: 'walk'; readonly otherwise?: DrivePlan }
  /** By what each list of conditions has an index for. */
  | DrivePlan;

interface DrivePlan {
  readonly kind: 'drive';
  readonly parts: readonly Driven[];
  readonly ordered: boolean;
}

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
  const candidates: Candidate[] = [];
  for (const list of lists) candidates.push(leastOf(yield* countEach(list)));
  const plan: DrivePlan = { kind: 'drive', parts: candidates, ordered: false };
  if (candidates.every(isFew)) return plan;
  return purpose === 'page' ? { kind: 'walk', otherwise: plan } : { kind: 'walk' };
}

interface List {
  readonly conditions: readonly Condition[];
  readonly drivers: readonly Driver[];
}

function* planOne(list: List, purpose: 'page' | 'count'): Program<SearchPlan> {
  const { conditions, drivers } = list;
  const drive = (driver: Driver): DrivePlan => ({
    kind: 'drive',
    parts: [{ driver, conditions }],
    ordered: isOrdered(driver),
  });
  const alone = drivers.length === 1 ? drivers[0] : undefined;
  const sure = drivers.find(({ few }) => few === true);
  // Nothing to choose from.
  if (sure !== undefined) return drive(sure);
  if (alone !== undefined && (purpose === 'count' || isOrdered(alone))) return drive(alone);
  const candidates = yield* countEach(list);
  const least = leastOf(candidates);
  if (isFew(least) || purpose === 'count') return drive(least.driver);
  const inOrder = drivers.find(isOrdered);
  return inOrder === undefined ? { kind: 'walk', otherwise: drive(least.driver) } : drive(inOrder);
}

const isFew = ({ driver, rows }: Candidate): boolean => driver.few === true || rows <= drivenRowsMax;

const isOrdered = ({ branches: [branch, ...more] }: Driver): boolean => branch?.ordered === true && more.length === 0;

function* countEach({ conditions, drivers }: List): Program<readonly Candidate[]> {
  const candidates: Candidate[] = [];
  for (const driver of drivers) candidates.push({ driver, conditions, rows: yield* rowsOf(driver) });
  return candidates;
}

function leastOf(candidates: readonly Candidate[]): Candidate {
  const [least] = candidates.toSorted((one, other) => one.rows - other.rows);
  if (least === undefined) throw new Error('A list without a driver is walked.');
  return least;
}

function* rowsOf({ branches }: Driver): Program<number> {
  const counts = branches.map(countUpTo);
  const row = yield* first<{ count: number }>(varying(sql`select ${sql.join(counts, sql` + `)} as count`));
  return row?.count ?? 0;
}

const countUpTo = ({ from, where, order }: Branch) =>
  sql`(select count(*) from (select 1 from ${from} where ${where} order by ${sql.raw(order)} limit ${drivenRowsMax + 1}) c)`;
