import fc from 'fast-check';
import {
  type Condition,
  type DeviceSearch,
  type PrefixField,
  type SearchField,
  searchFields,
  searchLimits,
  type Where,
} from '../../../src/domain/search/where.ts';

const prefixFields: readonly PrefixField[] = ['device_name', 'node_id', 'tag_key', 'tag_value'];

/** What a value of each field may look like; `values` makes hits likely. */
export type Values = Partial<Record<SearchField, fc.Arbitrary<string>>>;

const anyText = fc.oneof(
  fc.constantFrom('a', "it's", "''", '%', '_', '\\', '--', '/*', ';', '', '?', '$1', '中', '😀', 'a b'),
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll('\0', '')),
);
const anyTime = fc
  .date({ min: new Date(0), max: new Date('2099-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

function conditionArbitrary(values: Values = {}): fc.Arbitrary<Condition> {
  const valueFor = (field: SearchField) => values[field] ?? (field === 'create_time' ? anyTime : anyText);
  const equal = fc.constantFrom<SearchField[]>(...searchFields).chain((field) => {
    const isTag = field === 'tag_key' || field === 'tag_value';
    return fc.record({
      kind: fc.constant('equal' as const),
      field: fc.constant(field),
      negated: fc.boolean(),
      values: fc.array(valueFor(field), { minLength: 1, maxLength: isTag ? 1 : 3 }),
    });
  });
  const range = fc.constantFrom('create_time' as const, 'marker' as const).chain((field) =>
    fc.record({
      kind: fc.constant('range' as const),
      field: fc.constant(field),
      side: fc.constantFrom('>' as const, '<' as const),
      value: valueFor(field),
    }),
  );
  const prefix = fc.constantFrom(...prefixFields).chain((field) =>
    fc.record({
      kind: fc.constant('prefix' as const),
      field: fc.constant(field),
      prefix: valueFor(field)
        .map((text) => text.replaceAll('%', ''))
        .filter((text) => [...text].length >= searchLimits.prefixMin),
    }),
  );
  return fc.oneof({ weight: 3, arbitrary: equal }, { weight: 1, arbitrary: range }, { weight: 1, arbitrary: prefix });
}

export const whereArbitrary = (values?: Values): fc.Arbitrary<Where> =>
  fc
    .array(fc.array(conditionArbitrary(values), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 })
    .filter((where) => where.flat().length <= searchLimits.conditions);

export const searchArbitrary: fc.Arbitrary<DeviceSearch> = fc.record({
  select: fc.constantFrom('devices' as const, 'count' as const),
  where: fc.option(whereArbitrary(), { nil: undefined }),
  order: fc.constantFrom('asc' as const, 'desc' as const),
  limit: fc.integer({ min: 1, max: searchLimits.rowsMax }),
  offset: fc.integer({ min: 0, max: searchLimits.offsetMax }),
});

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function printCondition(condition: Condition): string {
  const { field } = condition;
  if (condition.kind === 'prefix') return `${field} like ${quoted(`${condition.prefix}%`)}`;
  if (condition.kind === 'range') return `${field} ${condition.side} ${quoted(condition.value)}`;
  const [first = '', ...more] = condition.values.map(quoted);
  if (more.length === 0) return `${field} ${condition.negated ? '!=' : '='} ${first}`;
  return `${field} ${condition.negated ? 'not in' : 'in'} (${[first, ...more].join(', ')})`;
}

export const printWhere = (where: Where): string =>
  where.map((conditions) => conditions.map(printCondition).join(' and ')).join(' or ');

export function printSearch({ select, where, order, limit, offset }: DeviceSearch): string {
  return [
    `select ${select === 'count' ? 'count(*)' : '*'} from device`,
    ...(where === undefined ? [] : [`where ${printWhere(where)}`]),
    `order by marker ${order} limit ${offset},${limit}`,
  ].join(' ');
}
