import type { ColumnType } from './dialect.ts';
import { change, type Program, type SqlValue } from './program.ts';
import type { SqlContext } from './sql-context.ts';
import type { Tables } from './tables.ts';

export interface InsertRows {
  readonly into: keyof Tables;
  /** Of the table, in the order of the values. */
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly rows: readonly (readonly SqlValue[])[];
  /** What follows the rows: ON CONFLICT. */
  readonly tail?: string;
}

/** One statement for all rows; returns how many were written. */
export function* insertRows(
  ctx: Pick<SqlContext, 'dialect'>,
  { into, columns, rows, tail = '' }: InsertRows,
): Program<number> {
  if (rows.length === 0) return 0;
  const names = Object.keys(columns).join(', ');
  const set = ctx.dialect.rows(columns, rows);
  return yield* change({
    // Without the condition SQLite takes ON CONFLICT for the condition of a join.
    sql: `INSERT INTO ${into} (${names}) SELECT ${names} FROM ${set.from} WHERE true ${tail}`,
    parameters: set.parameters,
    keyChecks: rows.length,
  });
}
