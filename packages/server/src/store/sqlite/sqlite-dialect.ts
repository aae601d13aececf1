import { sql } from 'kysely';
import type { Dialect, UniqueKey } from '../sql/dialect.ts';

/** Extended result codes: SQLITE_CONSTRAINT_UNIQUE and SQLITE_CONSTRAINT_PRIMARYKEY. */
const uniqueCodes: ReadonlySet<unknown> = new Set([2067, 1555]);

export const sqliteDialect: Dialect = {
  isUniqueViolation(error, key) {
    if (!(error instanceof Error) || !('errcode' in error) || !uniqueCodes.has(error.errcode)) return false;
    return error.message === violationOf(key);
  },
  isOneOf: (column, values) => sql`${sql.ref(column)} in (select value from json_each(${JSON.stringify(values)}))`,
};

// SQLite names the columns, never the constraint.
function violationOf({ table, columns }: UniqueKey): string {
  return `UNIQUE constraint failed: ${columns.map((column) => `${table}.${column}`).join(', ')}`;
}
