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
  /** Every branch has its rows in order of the page, so that the first few of each are enough. */
  readonly ordered: boolean;
  /** It brings so few rows that no other way need be looked for. */
  readonly few: boolean;
}

export interface Driven {
  readonly driver: Driver;
  /** All of the list. */
  readonly conditions: readonly Condition[];
}

/** What a driver's rows must still be checked for. */
export const leftOf = ({ driver, conditions }: Driven): readonly Condition[] =>
  conditions.filter((one) => !driver.meets.has(one));

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
  return yield* planAll(lists, purpose);
}

function* planAll(lists: readonly List[], purpose: 'page' | 'count'): Program<SearchPlan> {
  const candidates: Candidate[] = [];
  for (const list of lists) candidates.push(leastOf(yield* countEach(list)));
  const few = candidates.every(isFew);
  const plan: DrivePlan = { kind: 'drive', parts: candidates, ordered: false, few };
  if (few) return plan;
  if (purpose === 'count') return { kind: 'walk' };
  const inOrder = lists.flatMap(({ conditions, drivers }) => {
    const driver = drivers.find(isOrdered);
    return driver === undefined ? [] : [{ driver, conditions }];
  });
  const isAll = inOrder.length === lists.length && inOrder.every((part) => leftOf(part).length === 0);
  return isAll ? { kind: 'drive', parts: inOrder, ordered: true, few: false } : { kind: 'walk', otherwise: plan };
}

interface List {
  readonly conditions: readonly Condition[];
  readonly drivers: readonly Driver[];
}

function* planOne(list: List, purpose: 'page' | 'count'): Program<SearchPlan> {
  const { conditions, drivers } = list;
  const drive = (driver: Driver, few = false): DrivePlan => ({
    kind: 'drive',
    parts: [{ driver, conditions }],
    ordered: isOrdered(driver),
    few,
  });
  const alone = drivers.length === 1 ? drivers[0] : undefined;
  const sure = drivers.find(({ few }) => few === true);
  // Nothing to choose from.
  if (sure !== undefined) return drive(sure, true);
  if (alone !== undefined && purpose === 'page' && isOrdered(alone)) return drive(alone);
  const candidates = yield* countEach(list);
  const least = leastOf(candidates);
  if (isFew(least) || (alone !== undefined && purpose === 'count')) return drive(least.driver, isFew(least));
  if (purpose === 'count') return drive((yield* leastOfMany(list)).driver);
  const inOrder = tagsFirst(drivers).find(isOrdered);
  return inOrder === undefined ? { kind: 'walk', otherwise: drive(least.driver) } : drive(inOrder);
}

const isFew = ({ driver, rows }: Candidate): boolean => driver.few === true || rows <= drivenRowsMax;

const isOrdered = ({ branches }: Driver): boolean => branches.every(({ ordered }) => ordered);

function* countEach({ conditions, drivers }: List, rowsMax?: number): Program<readonly Candidate[]> {
  const candidates: Candidate[] = [];
  for (const driver of drivers) candidates.push({ driver, conditions, rows: yield* rowsOf(driver, rowsMax) });
  return candidates;
}

/** Of which so many rows are told apart, some 10 ms each, before all of one of them are looked at. */
const comparedRowsMax = 200_000;

function* leastOfMany(list: List): Program<Candidate> {
  return leastOf(yield* countEach({ ...list, drivers: tagsFirst(list.drivers) }, comparedRowsMax));
}

/** Where there is nothing else to choose by: what the devices of tags are is looked up in indexes (`probeOf`). */
const tagsFirst = (drivers: readonly Driver[]): readonly Driver[] =>
  drivers.toSorted((one, other) => Number(isOfTags(other)) - Number(isOfTags(one)));

const isOfTags = ({ branches }: Driver): boolean => branches.every(({ key }) => key === 't.record_id');

function leastOf(candidates: readonly Candidate[]): Candidate {
  const [least] = candidates.toSorted((one, other) => one.rows - other.rows);
  if (least === undefined) throw new Error('A list without a driver is walked.');
  return least;
}

/** Has an index no more than so many devices that meet the condition? */
export function* hasFewer(
  { dialect }: SqlContext,
  scope: SearchScope,
  { condition, rows }: { readonly condition: Condition; readonly rows: number },
): Program<boolean> {
  const [driver] = driversOf([condition], { dialect, scope });
  return driver !== undefined && (yield* rowsOf(driver, rows)) <= rows;
}

function* rowsOf({ branches }: Driver, rowsMax = drivenRowsMax): Program<number> {
  const counts = branches.map((branch) => countUpTo(branch, rowsMax));
  const row = yield* first<{ count: number }>(varying(sql`select ${sql.join(counts, sql` + `)} as count`));
  return row?.count ?? 0;
}

const countUpTo = ({ from, where, order }: Branch, rowsMax: number) =>
  sql`(select count(*) from (select 1 from ${from} where ${where} order by ${sql.raw(order)} limit ${rowsMax + 1}) c)`;
