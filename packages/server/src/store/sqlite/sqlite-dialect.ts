import { sql } from 'kysely';
import type { Dialect, UniqueKey } from '../sql/dialect.ts';
import type { SqlValue } from '../sql/program.ts';

/** Extended result codes: SQLITE_CONSTRAINT_UNIQUE and SQLITE_CONSTRAINT_PRIMARYKEY. */
const uniqueCodes: ReadonlySet<unknown> = new Set([2067, 1555]);

export const sqliteDialect: Dialect = {
  isUniqueViolation(error, key) {
    if (!(error instanceof Error) || !('errcode' in error) || !uniqueCodes.has(error.errcode)) return false;
    return error.message === violationOf(key);
  },
  isOneOf: (column, values) => sql`${sql.ref(column)} in (select value from json_each(${JSON.stringify(values)}))`,
  rows(columns, rows, alias = 'r') {
    const selected = Object.keys(columns).map((name, index) => `value ->> ${index} AS ${name}`);
    return {
      // jsonb_each hands each row on as it was parsed; json_each would write it as text, for `->>` to parse again: three times the cost.
      // The limit is none; it keeps the planner from taking the subquery apart and walking the other table of the join.
      from: `(SELECT ${selected.join(', ')} FROM jsonb_each(?) LIMIT -1) AS ${alias}`,
      parameters: [jsonOf(rows)],
    };
  },
  elementsOf: (column) => `json_each(${column}) AS j`,
  pairsOf: (first, second) =>
    sql`json_group_array(json_array(${sql.ref(first)}, ${sql.ref(second)}) order by ${sql.ref(first)})`,
  indexesFrozen: true,
  orderedJoin: 'CROSS JOIN',
  indexedBy: (index) => `INDEXED BY ${index}`,
  walkIndexes: '',
  mergesOrdered: true,
  now: `CAST(unixepoch('subsec') * 1000 AS INTEGER)`,
  nextEpoch: { sql: 'UPDATE session_epoch SET last = last + 1 RETURNING last AS epoch', parameters: [] },
  lastEpoch: { sql: 'SELECT last AS epoch FROM session_epoch', parameters: [] },
  freeCountShards: () => undefined,
  locks: undefined,
};

// SQLite names the columns, never the constraint.
function violationOf({ table, columns }: UniqueKey): string {
  return `UNIQUE constraint failed: ${columns.map((column) => `${table}.${column}`).join(', ')}`;
}

/** Half a surrogate pair has no UTF-8: it is stored as the replacement character, as by every other way into the database. */
function jsonOf(rows: readonly (readonly SqlValue[])[]): string {
  const text = JSON.stringify(rows);
  if (!text.includes('\\ud')) return text;
  return JSON.stringify(rows, (_key, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value));
}
