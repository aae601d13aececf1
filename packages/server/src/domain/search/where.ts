/** v5 6.1: what devices can be searched by. */
export const searchFields = [
  'app_id',
  'device_id',
  'gateway_id',
  'product_id',
  'device_name',
  'node_id',
  'status',
  'node_type',
  'tag_key',
  'tag_value',
  'sw_version',
  'fw_version',
  'group_id',
  'create_time',
  'marker',
  // Extension: what legacy clients say of it (legacy 5.2).
  'location',
] as const;
export type SearchField = (typeof searchFields)[number];

export type OrderedField = 'create_time' | 'marker';
export type PrefixField = 'device_name' | 'node_id' | 'tag_key' | 'tag_value';
export type TagField = 'tag_key' | 'tag_value';

/** `=`, `!=`, `in` and `not in`: one of the values, or none of them. */
export interface EqualCondition {
  readonly kind: 'equal';
  readonly field: SearchField;
  readonly negated: boolean;
  /** At least one; one alone for tags. Those of `create_time` are ts-ms. */
  readonly values: readonly string[];
}

/** `>` and `<`. */
interface RangeCondition {
  readonly kind: 'range';
  readonly field: OrderedField;
  readonly side: '>' | '<';
  readonly value: string;
}

/** `like 'abcd%'`. */
interface PrefixCondition {
  readonly kind: 'prefix';
  readonly field: PrefixField;
  readonly prefix: string;
}

export type Condition = EqualCondition | RangeCondition | PrefixCondition;

/** All of the conditions of one of the lists. There are no parentheses and `and` binds tighter, so this says all that the language can. */
export type Where = readonly (readonly Condition[])[];

export interface DeviceSearch {
  readonly select: 'devices' | 'count';
  /** Undefined: every device. */
  readonly where: Where | undefined;
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  readonly offset: number;
}

export const searchLimits = {
  characters: 400,
  conditions: 5,
  prefixMin: 4,
  rowsMax: 50,
  rows: 10,
  offsetMax: 500,
} as const;

/**
 * Conditions on tags that are joined with `and` speak of one and the same tag, negated ones, too: `tag_key = 'site' and tag_value != 'x'`
 * is a device whose `site` is another. On every other field `!=` and `not in` are the opposite of `=` and `in`, so that a device without a
 * value is not equal to any.
 */
export const isTagCondition = (condition: Condition): boolean =>
  condition.field === 'tag_key' || condition.field === 'tag_value';

/** The groups that conditions name. */
export function groupsNamedIn(where: Where): readonly string[] {
  const named = where.flat().flatMap((one) => (one.kind === 'equal' && one.field === 'group_id' ? one.values : []));
  return [...new Set(named)];
}
