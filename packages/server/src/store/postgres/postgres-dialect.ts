import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ColumnType, Dialect, UniqueKey } from '../sql/dialect.ts';
import { arrayLiteral } from './array-literal.ts';
import { codeOf } from './errors.ts';

const arrayTypes: Readonly<Record<ColumnType, string>> = { int: 'bigint[]', text: 'text[]' };

export const postgresDialect: Dialect = {
  isUniqueViolation: (error, key) =>
    codeOf(error) === '23505' && (error as { constraint?: unknown }).constraint === constraintOf(key),
  isOneOf(column, values, type = 'text'): RawBuilder<SqlBool> {
    const list = arrayLiteral(
      type,
      values.map((value) => [value]),
      0,
    );
    return sql`${sql.ref(column)} = any(${list}::${sql.raw(arrayTypes[type])})`;
  },
  rows(columns, rows, alias = 'r') {
    const types = Object.entries(columns);
    return {
      from: `unnest(${types.map(([, type]) => `?::${arrayTypes[type]}`).join(', ')}) AS ${alias} (${Object.keys(columns).join(', ')})`,
      parameters: types.map(([, type], column) => arrayLiteral(type, rows, column)),
    };
  },
  elementsOf: (column) =>
    `LATERAL (SELECT number - 1 AS key, value FROM json_array_elements_text(${column}::json) WITH ORDINALITY AS e (value, number)) AS j`,
  pairsOf(first, second) {
    const pair = sql`json_build_array(${sql.ref(first)}, ${sql.ref(second)})`;
    return sql`coalesce(json_agg(${pair} order by ${sql.ref(first)})::text, '[]')`;
  },
  indexesFrozen: false,
  orderedJoin: 'JOIN',
  indexedBy: () => '',
  walkIndexes: ", set_config('enable_bitmapscan', 'off', true)",
  mergesOrdered: false,
  now: '(extract(epoch from clock_timestamp()) * 1000)::bigint',
  nextEpoch: { sql: `SELECT nextval('session_epochs') AS epoch`, parameters: [] },
  lastEpoch: { sql: 'SELECT last_value AS epoch FROM session_epochs', parameters: [] },
  // The first number of these locks is migration 11's.
  freeCountShards: (limit) => ({
    sql: `SELECT shard FROM (SELECT DISTINCT shard FROM device_counts WHERE shard > 0 ORDER BY shard LIMIT ?) used
      WHERE pg_try_advisory_xact_lock(1144201745, shard::int)`,
    parameters: [limit],
  }),
  locks: {
    // No key changes, so that rows which refer to these can be written meanwhile.
    rows: (alias, { skip } = { skip: false }) => `FOR NO KEY UPDATE OF ${alias}${skip ? ' SKIP LOCKED' : ''}`,
    hold: (name) => ({ sql: 'SELECT pg_advisory_xact_lock(hashtextextended(?, 0))', parameters: [name] }),
    attempt: (name) => ({
      sql: 'SELECT CASE WHEN pg_try_advisory_xact_lock(hashtextextended(?, 0)) THEN 1 ELSE 0 END AS held',
      parameters: [name],
    }),
  },
};

/** Constraints that a program may meet are named after their columns, primary keys too (migrations). */
const constraintOf = ({ table, columns }: UniqueKey): string => `${table}_${columns.join('_')}_key`;
