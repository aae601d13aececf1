import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Condition, Where } from '../../../domain/search/where.ts';
import { checked } from '../checked.ts';
import { all, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { allOf, checkAll, checkWhere, compare, type Fragment, type SearchScope } from './conditions.ts';
import { type Branch, probeOf } from './drivers.ts';
import { type Driven, leftOf, planSearch, type SearchPlan } from './plan-search.ts';
import { isTalliedNone } from './tally.ts';
import { varying } from './varying.ts';

/** What is searched for. */
export interface Matching {
  /** Undefined: every device of the project. */
  readonly where: Where | undefined;
  readonly scope: SearchScope;
  /** For counts: lists of which each must be met as well, and that find nothing. */
  readonly also?: Where;
}

/** Which of all matches. */
interface Slice {
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  readonly offset: number;
  /** Record ids, both without the end itself. */
  readonly above?: string;
  readonly below?: string;
}

/** Record ids of a page of matches. */
export function* selectMatching(ctx: SqlContext, matching: Matching, slice: Slice): Program<readonly string[]> {
  const plan = yield* planSearch(ctx, matching, 'page');
  if (plan.kind === 'drive' && plan.few) return yield* selectBy(ctx, plan, { matching, slice });
  // What no device can be must not be looked for in a million of them.
  if (yield* isTalliedNone(matching)) return [];
  if (plan.kind === 'drive' || plan.otherwise === undefined) return yield* selectBy(ctx, plan, { matching, slice });
  const end = yield* endOfWalk(ctx, matching, { ...slice, rows: soonRows });
  if (end === undefined) return yield* selectBy(ctx, plan, { matching, slice });
  const soon = slice.order === 'asc' ? { ...slice, below: end } : { ...slice, above: end };
  const found = yield* selectBy(ctx, plan, { matching, slice: soon });
  // They may all be far away, as devices that were all registered long ago.
  return found.length === slice.limit ? found : yield* selectBy(ctx, plan.otherwise, { matching, slice });
}

/** How many devices are looked at, some 10 ms, before the matches are rather all found by an index and sorted. */
const soonRows = 20_000;
/** How many devices are looked at for one window at most. */
const walkedRowsMax = 5000;

interface Window {
  /** Record ids; the window begins behind `above` and ends at `until`, which is in it. */
  readonly above: string;
  readonly until: string;
  readonly limit: number;
}

/**
 * The next matches behind a record id, at most `limit`, oldest first. A window costs the same however few matches there are: `last` is how
 * far it has looked; undefined: to the end.
 */
export function* nextMatching(
  ctx: SqlContext,
  matching: Matching,
  { above, until, limit }: Window,
): Program<{ readonly recordIds: readonly string[]; readonly last: string | undefined }> {
  const plan = yield* planSearch(ctx, matching, 'page');
  const end = isSelective(plan)
    ? undefined
    : yield* endOfWalk(ctx, matching, { order: 'asc', above, rows: walkedRowsMax });
  const closed = end === undefined || end >= until;
  const slice = { order: 'asc', limit, offset: 0, above, below: behind(closed ? until : end) } as const;
  const recordIds = yield* selectBy(ctx, plan, { matching, slice });
  const last = recordIds.length < limit ? (closed ? undefined : end) : recordIds.at(-1);
  return { recordIds, last };
}

/** Whatever is read is a match, or there are few to check; to look for others by windows would only take longer. */
const isSelective = (plan: SearchPlan): boolean =>
  plan.kind === 'drive' && !(plan.ordered && plan.parts.some((part) => leftOf(part).length > 0));

/** All record ids have the same length: what is less than this is at most `recordId`. */
const behind = (recordId: string): string => `${recordId}0`;

/** The last of the next `rows` devices of the project in the order of the slice; undefined: there are not so many. */
function* endOfWalk(
  ctx: SqlContext,
  matching: Matching,
  { rows, ...slice }: Pick<Slice, 'order' | 'above' | 'below'> & { readonly rows: number },
): Program<string | undefined> {
  const walked = walk(ctx, matching.scope, boundsOf('d.record_id', matching, slice));
  const row = yield* first<{ record_id: string }>(
    varying(sql`select d.record_id ${walked} order by d.record_id ${sql.raw(slice.order)} limit 1 offset ${rows - 1}`),
  );
  return row?.record_id;
}

interface Selection {
  readonly matching: Matching;
  readonly slice: Slice;
}

function* selectBy(ctx: SqlContext, plan: SearchPlan, selection: Selection): Program<readonly string[]> {
  const rows = yield* all<{ record_id: string }>(varying(pageOf(ctx, plan, selection)));
  return rows.map((row) => row.record_id);
}

function pageOf(ctx: SqlContext, plan: SearchPlan, { matching, slice }: Selection): RawBuilder<unknown> {
  const { order, limit, offset } = slice;
  const end = sql`${sql.raw(order)} limit ${limit} offset ${offset}`;
  if (plan.kind === 'walk') {
    const { where, scope } = matching;
    const checks = where === undefined ? [] : [checkWhere(where, scope)];
    const rows = walk(ctx, scope, [...boundsOf('d.record_id', matching, slice), ...checks]);
    return sql`select d.record_id ${rows} order by d.record_id ${end}`;
  }
  if (!plan.ordered) {
    return sql`select record_id from (${allBranches(ctx, plan.parts, { matching, slice })}) m order by ${sql.raw(checked('record_id'))} ${end}`;
  }
  const [alone, ...more] = plan.parts.flatMap((part) => part.driver.branches.map((branch) => ({ part, branch })));
  if (alone === undefined || more.length > 0)
    return sql`select record_id from (${firstOfEach(ctx, plan.parts, { matching, slice })}) m order by record_id ${end}`;
  return sql`${branchInOrder(ctx, alone, { matching, slice })} ${end}`;
}

interface BranchOfPart {
  readonly part: Driven;
  readonly branch: Branch;
}

/** Up to the word of the direction. */
function branchInOrder(
  ctx: SqlContext,
  { part, branch }: BranchOfPart,
  { matching, slice }: Selection,
): RawBuilder<unknown> {
  const more = boundsOf(branch.key, matching, slice);
  return sql`${branchOf(ctx, { part, branch }, { ...matching, more })} order by ${sql.raw(branch.key)}`;
}

/** Of each branch no more than the page could have of it. */
function firstOfEach(ctx: SqlContext, parts: readonly Driven[], selection: Selection): RawBuilder<unknown> {
  const { order, limit, offset } = selection.slice;
  const firsts = parts.flatMap((part) =>
    part.driver.branches.map((branch) => {
      const rows = branchInOrder(ctx, { part, branch }, selection);
      return sql`select record_id from (${rows} ${sql.raw(order)} limit ${limit + offset}) b`;
    }),
  );
  return united(parts, firsts);
}

/** The count as an expression. */
export function countBy(ctx: SqlContext, plan: SearchPlan, matching: Matching): RawBuilder<unknown> {
  const { where, scope, also = [] } = matching;
  if (plan.kind === 'drive') return sql`(select count(*) from (${allBranches(ctx, plan.parts, { matching })}) m)`;
  const checks = [...(where === undefined ? [] : [where]), ...also.map((list) => [list])].map((one) =>
    checkWhere(one, scope),
  );
  return sql`(select count(*) ${walk(ctx, scope, [...boundsOf('d.record_id', matching), ...checks])})`;
}

const walk = ({ dialect }: SqlContext, { projectId }: SearchScope, where: readonly Fragment[]) =>
  sql`from devices d ${sql.raw(dialect.indexedBy('devices_page'))} where ${allOf([sql<SqlBool>`d.project_id = ${projectId}`, ...where])}`;

/** What several branches have in common comes once. */
function allBranches(
  ctx: SqlContext,
  parts: readonly Driven[],
  { matching, slice }: { readonly matching: Matching; readonly slice?: Slice },
): RawBuilder<unknown> {
  const branches = parts.flatMap((part) =>
    part.driver.branches.map((branch) => {
      // Checked alone, so that nobody takes them for the way to the rows.
      const more = boundsOf(checked(branch.key), matching, slice);
      return branchOf(ctx, { part, branch }, { ...matching, more });
    }),
  );
  return united(parts, branches);
}

function united(parts: readonly Driven[], branches: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  const [part, ...more] = parts;
  const disjoint = more.length === 0 && part?.driver.disjoint === true;
  return sql.join(branches, disjoint ? sql` union all ` : sql` union `);
}

/** A tag knows its device's record id alone. Undefined: some condition needs the device. */
function probesOf(
  { dialect }: SqlContext,
  lists: Where,
  { scope, key }: { readonly scope: SearchScope; readonly key: string },
): readonly Fragment[] | undefined {
  const conditions = lists.flat();
  const probes = conditions.flatMap((one) => probeOf(one, key, { dialect, scope }) ?? []);
  return probes.length === conditions.length ? probes : undefined;
}

function branchOf(
  ctx: SqlContext,
  { part, branch }: BranchOfPart,
  { scope, also = [], more }: Matching & { readonly more: readonly Fragment[] },
): RawBuilder<unknown> {
  const left = [leftOf(part), ...also].filter((list) => list.length > 0);
  const probes = branch.key === 't.record_id' ? probesOf(ctx, left, { scope, key: branch.key }) : undefined;
  const checks = probes ?? left.map((list) => checkAll(list, scope));
  const from = checks.length === 0 || probes !== undefined ? branch.from : branch.withDevices;
  const word = sql.raw(branch.repeats ? 'select distinct' : 'select');
  return sql`${word} ${sql.raw(branch.key)} as record_id from ${from} where ${allOf([branch.where, ...more, ...checks])}`;
}

/** The slice's own ends, and those that every match has: a page behind a marker begins where it says. */
function boundsOf(key: string, { where }: Matching, slice?: Pick<Slice, 'above' | 'below'>): readonly Fragment[] {
  const [list = [], ...more] = where ?? [];
  const ofMarker = more.length > 0 ? [] : list.filter((one) => one.field === 'marker' && !isNegated(one));
  const column = sql.raw(key);
  return [
    ...ofMarker.map((one) => compare(one, { text: key, nullable: false })),
    ...(slice?.above === undefined ? [] : [sql<SqlBool>`${column} > ${slice.above}`]),
    ...(slice?.below === undefined ? [] : [sql<SqlBool>`${column} < ${slice.below}`]),
  ];
}

const isNegated = (condition: Condition): boolean => condition.kind === 'equal' && condition.negated;
