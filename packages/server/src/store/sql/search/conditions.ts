import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { parseMillisTime } from '../../../domain/time.ts';
import {
  type Condition,
  type EqualCondition,
  isTagCondition,
  type SearchField,
  type TagField,
  type Where,
} from '../../../domain/search/where.ts';
import { checked, checkedNumber } from '../checked.ts';

export type Fragment = RawBuilder<SqlBool>;

/** Where the devices are looked for, and what the dynamic groups that the conditions name go by. */
export interface SearchScope {
  readonly projectId: string;
  readonly rules: ReadonlyMap<string, Where>;
}

/**
 * Conditions as they only check rows that something else has found: no column of an index is named as such (checked.ts). What a client
 * wrote is bound, never part of the text. Devices are `d`.
 */
export function checkWhere(where: Where, scope: SearchScope): Fragment {
  return anyOf(where.map((conditions) => checkAll(conditions, scope)));
}

export function checkAll(conditions: readonly Condition[], scope: SearchScope): Fragment {
  const ofTags = conditions.filter(isTagCondition);
  const rest = conditions.filter((one) => !isTagCondition(one)).map((one) => check(one, scope));
  return allOf(ofTags.length === 0 ? rest : [...rest, hasTag(ofTags)]);
}

export const allOf = (fragments: readonly Fragment[]): Fragment =>
  fragments.length === 0 ? sql<SqlBool>`1 = 1` : sql<SqlBool>`(${sql.join(fragments, sql` and `)})`;

const anyOf = (fragments: readonly Fragment[]): Fragment => sql<SqlBool>`(${sql.join(fragments, sql` or `)})`;

/** One and the same tag (where.ts). */
const hasTag = (conditions: readonly Condition[]): Fragment =>
  sql<SqlBool>`exists (select 1 from device_tags t where t.device_id = d.device_id and ${allOf(conditions.map(ofTag))})`;

/** A condition on the tag `t`. */
export function ofTag(condition: Condition): Fragment {
  return compare(condition, { text: `t.${condition.field as TagField}`, nullable: condition.field === 'tag_value' });
}

interface Column {
  readonly text: string;
  readonly nullable: boolean;
}

/** Columns of `devices d` that are compared as they are. */
export const textColumns = {
  app_id: { text: 'd.app_id', nullable: false },
  device_id: { text: 'd.device_id', nullable: false },
  product_id: { text: 'd.product_id', nullable: false },
  device_name: { text: 'd.name', nullable: true },
  node_id: { text: 'd.node_id', nullable: false },
  sw_version: { text: 'd.sw_version', nullable: true },
  fw_version: { text: 'd.fw_version', nullable: true },
  location: { text: 'd.location', nullable: true },
} as const satisfies Partial<Record<SearchField, Column>>;

type Checks = Readonly<Record<Exclude<SearchField, TagField>, (condition: Condition, scope: SearchScope) => Fragment>>;

const checkText =
  ({ text, nullable }: Column) =>
  (condition: Condition): Fragment =>
    compare(condition, { text: checked(text), nullable });

const checks: Checks = {
  app_id: checkText(textColumns.app_id),
  device_id: checkText(textColumns.device_id),
  product_id: checkText(textColumns.product_id),
  device_name: checkText(textColumns.device_name),
  node_id: checkText(textColumns.node_id),
  sw_version: checkText(textColumns.sw_version),
  fw_version: checkText(textColumns.fw_version),
  location: checkText(textColumns.location),
  // A direct device names itself (v5 6).
  gateway_id: (condition) => compare(condition, { text: 'coalesce(d.parent_id, d.device_id)', nullable: false }),
  status: (condition) => isStatus(statusesOf(equal(condition))),
  node_type: (condition) => isNodeType(equal(condition)),
  create_time: (condition) => compare(condition, { text: checkedNumber('d.created_at'), nullable: false }),
  marker: (condition) => compare(condition, { text: checked('d.record_id'), nullable: false }),
  group_id: (condition, scope) => isMember(equal(condition), scope),
};

const check = (condition: Condition, scope: SearchScope): Fragment =>
  checks[condition.field as keyof Checks](condition, scope);

/** Fields that know no order have no other kind of condition (parse-search.ts). */
function equal(condition: Condition): EqualCondition {
  if (condition.kind !== 'equal') throw new Error(`${condition.field} has no condition of kind ${condition.kind}.`);
  return condition;
}

/** `column` is a text of ours; what it is compared with is bound. */
export function compare(condition: Condition, { text, nullable }: Column): Fragment {
  const column = sql.raw(text);
  if (condition.kind === 'prefix') return startsWith(column, condition.prefix);
  if (condition.kind === 'range') {
    return sql<SqlBool>`${column} ${sql.raw(condition.side)} ${bound(condition.field, condition.value)}`;
  }
  const one = equalTo(
    column,
    condition.values.map((value) => bound(condition.field, value)),
  );
  if (!condition.negated) return one;
  return nullable ? sql<SqlBool>`(${column} is null or not ${one})` : sql<SqlBool>`not ${one}`;
}

function bound(field: SearchField, value: string): string | number {
  if (field !== 'create_time') return value;
  const at = parseMillisTime(value);
  if (at === undefined) throw new Error(`The parser let '${value}' in as a time.`);
  return at;
}

function equalTo(column: RawBuilder<unknown>, values: readonly (string | number)[]): Fragment {
  const [first, ...more] = values;
  if (more.length === 0) return sql<SqlBool>`${column} = ${first}`;
  return sql<SqlBool>`${column} in (${sql.join(values)})`;
}

/** A range, which an index can answer and in which no letter has a meaning of its own. */
function startsWith(column: RawBuilder<unknown>, prefix: string): Fragment {
  const end = endOf(prefix);
  const from = sql<SqlBool>`${column} >= ${prefix}`;
  return end === undefined ? from : sql<SqlBool>`(${from} and ${column} < ${end})`;
}

/** The first text behind all that begin with the prefix; both databases compare by code point. Undefined: there is none. */
function endOf(prefix: string): string | undefined {
  const letters = [...prefix];
  while (letters.length > 0) {
    const last = letters.pop()?.codePointAt(0) ?? 0;
    // Halves of a surrogate pair are no letters.
    const next = last === 0xd7ff ? 0xe000 : last + 1;
    if (next <= 0x10ffff) return letters.join('') + String.fromCodePoint(next);
  }
  return undefined;
}

export const connectivities = ['INACTIVE', 'ONLINE', 'OFFLINE', 'ABNORMAL'] as const;
const statuses = [...connectivities, 'FROZEN'] as const;
type Status = (typeof statuses)[number];

/** There are five; of others nothing is. */
export const statusesOf = ({ values, negated }: EqualCondition): readonly Status[] =>
  statuses.filter((status) => values.includes(status) !== negated);

function isStatus(wanted: readonly Status[]): Fragment {
  const frozen = wanted.includes('FROZEN');
  const others = wanted.filter((status) => status !== 'FROZEN');
  const shown = sql<SqlBool>`(d.frozen + 0 = 0 and (d.connectivity || '') in (${sql.join(others)}))`;
  if (others.length === 0) return frozen ? sql<SqlBool>`d.frozen + 0 = 1` : nothing;
  return frozen ? sql<SqlBool>`(d.frozen + 0 = 1 or ${shown})` : shown;
}

const nothing = sql<SqlBool>`1 = 0`;

function isNodeType({ values, negated }: EqualCondition): Fragment {
  const direct = values.includes('GATEWAY') !== negated;
  const child = values.includes('ENDPOINT') !== negated;
  if (direct && child) return sql<SqlBool>`1 = 1`;
  if (!direct && !child) return nothing;
  return direct ? sql<SqlBool>`d.parent_id is null` : sql<SqlBool>`d.parent_id is not null`;
}

/** Of a static group by its rows, of a dynamic one by its rule. */
function isMember({ values, negated }: EqualCondition, scope: SearchScope): Fragment {
  const fixed = values.filter((groupId) => !scope.rules.has(groupId));
  const member = sql<SqlBool>`exists (select 1 from group_members m where m.device_id = d.device_id
    and ${equalTo(sql.raw(checked('m.group_id')), fixed)})`;
  const rules = values.flatMap((groupId) => scope.rules.get(groupId) ?? []);
  const fragments = [
    ...(fixed.length === 0 ? [] : [member]),
    ...(rules.length === 0 ? [] : [checkWhere(rules, scope)]),
  ];
  // A rule may be neither true nor false of a device without a value.
  return negated ? sql<SqlBool>`${anyOf(fragments)} is not true` : anyOf(fragments);
}
