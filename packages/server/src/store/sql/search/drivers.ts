import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type Condition, type EqualCondition, isTagCondition, type Where } from '../../../domain/search/where.ts';
import { checked } from '../checked.ts';
import type { Dialect } from '../dialect.ts';
import {
  allOf,
  compare,
  connectivities,
  type Fragment,
  ofTag,
  type SearchScope,
  statusesOf,
  textColumns,
} from './conditions.ts';

/** Rows of one index: what to read, and what of it. */
export interface Branch {
  readonly from: RawBuilder<unknown>;
  /** The same with the devices `d`, for conditions that check them. */
  readonly withDevices: RawBuilder<unknown>;
  readonly where: Fragment;
  /** The column of the device's record id. */
  readonly key: 'd.record_id' | 't.record_id';
  /** The index has its rows in order of the key. */
  readonly ordered: boolean;
  /** What the index has its rows in order of: whoever wants some of them in this order reads the index, and no more of it than that. */
  readonly order: string;
  /** A device may come more than once. */
  readonly repeats: boolean;
}

/** A way to find every device that meets some of a list's conditions, without a look at others. */
export interface Driver {
  /** A device is in at least one of them. */
  readonly branches: readonly Branch[];
  /** What need not be checked again. */
  readonly meets: ReadonlySet<Condition>;
  /** Always a few: ids are unique, and no search has room for many. */
  readonly few?: true;
  /** No device is in two of the branches. */
  readonly disjoint?: true;
}

export interface Finder {
  readonly dialect: Dialect;
  readonly scope: SearchScope;
}

/**
 * The condition as a look into the index that has such devices in order of their record ids: cheaper than the device itself for whoever
 * knows no more of it than the record id. Undefined: there is no such index.
 */
export function probeOf(condition: Condition, key: string, finder: Finder): Fragment | undefined {
  if (condition.kind !== 'equal') return undefined;
  // Statuses that are not these are the other ones.
  const turned = condition.negated && condition.field !== 'status';
  const driver = driverOf(turned ? { ...condition, negated: false } : condition, [], finder);
  if (driver === undefined || !driver.branches.every(({ ordered }) => ordered) || !isProbed(condition))
    return undefined;
  const probes = driver.branches.map(
    ({ from, where }) =>
      sql<SqlBool>`exists (select 1 from (select d.record_id from ${from} where ${where}) p where p.record_id = ${sql.raw(key)})`,
  );
  const found = sql<SqlBool>`(${sql.join(probes, sql` or `)})`;
  return turned ? sql<SqlBool>`not ${found}` : found;
}

const isProbed = ({ field }: Condition): boolean => field === 'status' || field in columnIndexes;

/** Every driver that a list of conditions offers; none: the devices of the project must be walked. */
export function driversOf(conditions: readonly Condition[], finder: Finder): readonly Driver[] {
  const found = conditions.flatMap((one) => driverOf(one, conditions, finder) ?? []);
  const ofTags = tagDriver(conditions.filter(isTagCondition), finder);
  return ofTags === undefined ? found : [...found, ofTags];
}

function driverOf(condition: Condition, all: readonly Condition[], finder: Finder): Driver | undefined {
  if (condition.field === 'create_time') return creationDriver(condition, all, finder);
  if (condition.kind === 'prefix') return prefixDriver(condition, finder);
  if (condition.kind !== 'equal') return undefined;
  if (condition.field === 'status') return statusDriver(condition, finder);
  if (condition.negated || condition.values.length > branchesMax) return undefined;
  switch (condition.field) {
    case 'app_id':
    case 'product_id':
    case 'node_id':
    case 'device_name':
    case 'sw_version':
    case 'fw_version':
    case 'location':
      return columnDriver(condition, condition.field, finder);
    case 'device_id':
      return { branches: [byId(condition, finder)], meets: new Set([condition]), few: true };
    case 'gateway_id':
      return gatewayDriver(condition, finder);
    case 'node_type':
      return childDriver(condition, finder);
    case 'group_id':
      return groupDriver(condition, finder);
    default:
      return undefined;
  }
}

/** Rows of an index of `devices` that begins with the project. */
function ofDevices(
  { dialect, scope }: Finder,
  index: string,
  { where, order }: { readonly where: Fragment; readonly order: string },
): Branch {
  const from = sql`devices d ${sql.raw(dialect.indexedBy(index))}`;
  const inProject = sql<SqlBool>`d.project_id = ${scope.projectId}`;
  return {
    from,
    withDevices: from,
    where: allOf([inProject, where]),
    key: 'd.record_id',
    ordered: order === 'd.record_id',
    order,
    repeats: false,
  };
}

const columnIndexes = {
  app_id: 'devices_by_app',
  product_id: 'devices_by_product',
  node_id: 'devices_by_node',
  device_name: 'devices_by_name',
  sw_version: 'devices_by_sw',
  fw_version: 'devices_by_fw',
  location: 'devices_by_location',
} as const;

/** Of more values than that a statement would have too many parts; something else finds the devices then. */
const branchesMax = 50;

/** A branch for each value, so that each has its rows in order. */
function columnDriver(condition: EqualCondition, field: keyof typeof columnIndexes, finder: Finder): Driver {
  const branches = [...new Set(condition.values)].map((value) =>
    ofDevices(finder, columnIndexes[field], {
      where: compare({ ...condition, values: [value] }, textColumns[field]),
      order: 'd.record_id',
    }),
  );
  return { branches, meets: new Set([condition]), disjoint: true };
}

function prefixDriver(condition: Extract<Condition, { kind: 'prefix' }>, finder: Finder): Driver | undefined {
  const { field } = condition;
  if (field !== 'node_id' && field !== 'device_name') return undefined;
  const where = compare(condition, textColumns[field]);
  return {
    branches: [ofDevices(finder, columnIndexes[field], { where, order: textColumns[field].text })],
    meets: new Set([condition]),
  };
}

/** All conditions on the time at once: a range has two ends. */
function creationDriver(condition: Condition, all: readonly Condition[], finder: Finder): Driver | undefined {
  const ofTime = all.filter((one) => one.field === 'create_time' && !(one.kind === 'equal' && one.negated));
  if (ofTime[0] !== condition) return undefined;
  const where = allOf(ofTime.map((one) => compare(one, { text: 'd.created_at', nullable: false })));
  return {
    branches: [ofDevices(finder, 'devices_by_creation', { where, order: 'd.created_at' })],
    meets: new Set(ofTime),
  };
}

function statusDriver(condition: EqualCondition, finder: Finder): Driver | undefined {
  const { indexesFrozen } = finder.dialect;
  const wanted = statusesOf(condition);
  if (wanted.includes('FROZEN') && !indexesFrozen) return undefined;
  const branches = wanted.flatMap((status) =>
    status === 'FROZEN'
      ? connectivities.map((connectivity) => statusBranch(finder, { frozen: 1, connectivity }))
      : [statusBranch(finder, { frozen: 0, connectivity: status })],
  );
  return branches.length === 0 ? undefined : { branches, meets: new Set([condition]), disjoint: true };
}

const statusBranch = (finder: Finder, { frozen, connectivity }: { frozen: 0 | 1; connectivity: string }): Branch =>
  ofDevices(finder, 'devices_by_status', {
    where: sql<SqlBool>`d.frozen = ${frozen} and d.connectivity = ${connectivity}`,
    order: 'd.record_id',
  });

/** An id is unique in the installation, and so is its index. */
function byId(condition: EqualCondition, { scope }: Finder, more: readonly Fragment[] = []): Branch {
  const from = sql`devices d`;
  const inProject = sql<SqlBool>`${sql.raw(checked('d.project_id'))} = ${scope.projectId}`;
  const where = allOf([compare(condition, textColumns.device_id), inProject, ...more]);
  return { from, withDevices: from, where, key: 'd.record_id', ordered: false, order: 'd.device_id', repeats: false };
}

/** The children of a gateway, and itself if it is direct. */
function gatewayDriver(condition: EqualCondition, finder: Finder): Driver {
  const children = compare(condition, { text: 'd.parent_id', nullable: false });
  return {
    branches: [
      byId(condition, finder, [sql<SqlBool>`d.parent_id is null`]),
      ofDevices(finder, 'devices_parent', {
        where: sql<SqlBool>`d.parent_id is not null and ${children}`,
        order: 'd.parent_id',
      }),
    ],
    meets: new Set([condition]),
    disjoint: true,
  };
}

function childDriver(condition: EqualCondition, finder: Finder): Driver | undefined {
  if (condition.values.includes('GATEWAY')) return undefined;
  const where = sql<SqlBool>`d.parent_id is not null`;
  // Others than ENDPOINT match nothing, which only the check says.
  const meets = new Set(condition.values.includes('ENDPOINT') ? [condition] : []);
  return { branches: [ofDevices(finder, 'devices_parent', { where, order: 'd.parent_id' })], meets };
}

/** The members of static groups; of a dynamic one whatever finds what its rule means. */
function groupDriver(condition: EqualCondition, finder: Finder): Driver | undefined {
  const { dialect, scope } = finder;
  const fixed = condition.values.filter((groupId) => !scope.rules.has(groupId));
  const rules = condition.values.flatMap((groupId) => scope.rules.get(groupId) ?? []);
  const from = sql`group_members m ${sql.raw(dialect.orderedJoin)} devices d on d.device_id = m.device_id`;
  const where = allOf([
    compare({ ...condition, values: fixed }, { text: 'm.group_id', nullable: false }),
    sql<SqlBool>`${sql.raw(checked('d.project_id'))} = ${scope.projectId}`,
  ]);
  const members: Branch = {
    from,
    withDevices: from,
    where,
    key: 'd.record_id',
    ordered: false,
    order: fixed.length > 1 ? 'm.group_id' : 'm.device_id',
    repeats: fixed.length > 1,
  };
  if (rules.length === 0) return { branches: [members], meets: new Set([condition]) };
  const ofRules = ruleBranches(rules, finder);
  if (ofRules === undefined) return undefined;
  return { branches: fixed.length === 0 ? ofRules : [members, ...ofRules], meets: new Set() };
}

/** Any driver of each list of conditions: what it finds too much, the check takes away. */
function ruleBranches(rules: Where, finder: Finder): readonly Branch[] | undefined {
  const drivers = rules.map((conditions) => {
    const offered = driversOf(conditions, finder);
    return offered.find(({ few }) => few === true) ?? offered[0];
  });
  return drivers.every((driver) => driver !== undefined) ? drivers.flatMap(({ branches }) => branches) : undefined;
}

/** By the key where one is said, else by the value; what only says what a tag is not finds nothing. */
function tagDriver(conditions: readonly Condition[], { dialect, scope }: Finder): Driver | undefined {
  const key = bestOf(conditions, 'tag_key');
  const value = bestOf(conditions, 'tag_value');
  if (key === undefined && value === undefined) return undefined;
  const index = key === undefined ? 'device_tags_value' : 'device_tags_key';
  const order = key === 'prefix' ? 't.tag_key' : value === 'equal' ? 't.record_id' : 't.tag_value';
  const from = sql`device_tags t ${sql.raw(dialect.indexedBy(index))}`;
  const inProject = sql<SqlBool>`t.project_id = ${scope.projectId}`;
  return {
    branches: [
      {
        from,
        withDevices: sql`${from} ${sql.raw(dialect.orderedJoin)} devices d on d.device_id = t.device_id`,
        where: allOf([inProject, ...conditions.map(ofTag)]),
        key: 't.record_id',
        ordered: order === 't.record_id',
        order,
        repeats: key !== 'equal',
      },
    ],
    meets: new Set(conditions),
  };
}

function bestOf(conditions: readonly Condition[], field: string): 'equal' | 'prefix' | undefined {
  const positive = conditions.filter((one) => one.field === field && !(one.kind === 'equal' && one.negated));
  if (positive.some(({ kind }) => kind === 'equal')) return 'equal';
  return positive.length === 0 ? undefined : 'prefix';
}
