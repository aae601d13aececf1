import type { ColumnType } from '../sql/dialect.ts';
import type { SqlValue } from '../sql/program.ts';

/** One column of rows as PostgreSQL writes an array: the whole set is one parameter per column. */
export function arrayLiteral(type: ColumnType, rows: readonly (readonly SqlValue[])[], column: number): string {
  const elements: string[] = [];
  for (const row of rows) elements.push(elementOf(type, row[column] ?? null));
  return `{${elements.join(',')}}`;
}

function elementOf(type: ColumnType, value: SqlValue): string {
  if (value === null) return 'NULL';
  // A number must not become text, which would be compared by its letters.
  if (type === 'int') return String(Number(value));
  const text = String(value);
  return special.test(text) ? `"${text.replace(escaped, '\\$&')}"` : `"${text}"`;
}

const special = /["\\]/;
const escaped = /["\\]/g;
