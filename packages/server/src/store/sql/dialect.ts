import type { RawBuilder, SqlBool } from 'kysely';

/** Which rule of uniqueness: the table with its columns, in the order of the migration. */
export interface UniqueKey {
  readonly table: string;
  readonly columns: readonly string[];
}

/** What the shared programs cannot say in the same words on every database. */
export interface Dialect {
  /** Did a statement fail because this unique row exists? After it a program may only throw: PostgreSQL has ended its transaction. */
  isUniqueViolation(error: unknown, key: UniqueKey): boolean;
  /** `column` is one of `values`, bound as ONE parameter, so that the statement's text does not vary with their number. */
  isOneOf(column: string, values: readonly (string | number)[]): RawBuilder<SqlBool>;
}
