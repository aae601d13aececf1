import type { RawBuilder, SqlBool } from 'kysely';
import type { SqlValue, Statement } from './program.ts';

/** Which rule of uniqueness: the table with its columns, in the order of the migration. */
export interface UniqueKey {
  readonly table: string;
  readonly columns: readonly string[];
}

export type ColumnType = 'int' | 'text';

/** Values of a statement as a relation that its text can select from: however many rows there are, the text stays the same. */
export interface RowSet {
  /** For FROM: the relation, named `r` unless another name was asked for, with its columns. */
  readonly from: string;
  /** Stand where `from` stands in the text. */
  readonly parameters: readonly SqlValue[];
}

/** What the shared programs cannot say in the same words on every database. */
export interface Dialect {
  /** Did a statement fail because this unique row exists? After it a program may only throw: PostgreSQL has ended its transaction. */
  isUniqueViolation(error: unknown, key: UniqueKey): boolean;
  /** `column` is one of `values`, bound as ONE parameter, so that the statement's text does not vary with their number. */
  isOneOf(column: string, values: readonly (string | number)[], type?: ColumnType): RawBuilder<SqlBool>;
  /** Rows of values; `columns` in the order of the values. */
  rows(columns: Readonly<Record<string, ColumnType>>, rows: readonly (readonly SqlValue[])[], alias?: string): RowSet;
  /** For FROM: the elements of a column that holds a JSON array of texts, as `j (key, value)`; `key` counts from 0. */
  elementsOf(column: string): string;
  /** An aggregate: the two columns of each row as JSON, `[[first, second], …]`, in order of the first; of no rows `[]`. */
  pairsOf(first: string, second: string): RawBuilder<string>;
  /** Is there an index of what is frozen? PostgreSQL pays for one with every index of the table (migration 6). */
  readonly indexesFrozen: boolean;
  /**
   * Joins in the order in which the text names the tables. SQLite's planner knows no statistics here (nobody runs ANALYZE) and would take
   * whichever side first; with this word it walks the first and looks the second up.
   */
  readonly orderedJoin: 'CROSS JOIN' | 'JOIN';
  /**
   * Names the index that a hot statement must use. SQLite's planner takes a table's key where a partial index holds a thousandth of the
   * rows; with a name it uses that index or refuses the statement. Empty where the planner knows better.
   */
  indexedBy(index: string): string;
  /**
   * Stands at the end of what a statement selects: from then on its transaction walks an index in its order, and does not gather all that
   * an index finds in order to sort it. PostgreSQL prefers that where it does not know yet how much was put into a table. May be empty.
   */
  readonly walkIndexes: string;
  /**
   * Are the parts of a UNION ALL merged in their order, each read off its index as far as it is needed? PostgreSQL does so only if it
   * expects much; elsewhere each part needs a LIMIT of its own.
   */
  readonly mergesOrdered: boolean;
  /** The database's clock in ms since epoch, as an expression. */
  readonly now: string;
  /** The next session epoch, above all that were ever given (device 1.6), as `epoch`. */
  readonly nextEpoch: Statement;
  /** The last one given, as `epoch`. */
  readonly lastEpoch: Statement;
  /** Holds shards of the counts of devices that nobody is counting in, at most so many: one row with its `shard` each. Undefined: there are none. */
  freeCountShards(limit: number): Statement | undefined;
  /** Undefined: there is one writer only, so that nothing needs to be locked. */
  readonly locks: Locks | undefined;
}

/** How transactions that run side by side keep out of each other's way. All locks end with the transaction. */
export interface Locks {
  /** The end of a SELECT: these rows are the reader's until its transaction ends. `skip`: rows that others hold are left out. */
  rows(alias: string, options?: { readonly skip: boolean }): string;
  /** Waits for the lock of that name. */
  hold(name: string): Statement;
  /** Takes the lock of that name if it is free: one row, `held` 1 or 0. */
  attempt(name: string): Statement;
}
