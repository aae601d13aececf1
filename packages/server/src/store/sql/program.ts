import type { Compilable, CompiledQuery } from 'kysely';

export type SqlValue = null | number | string;

/** A row as the driver gives it, before a codec has made something of it. */
export type Row = Readonly<Record<string, unknown>>;

/** One statement with its parameters. Hand-written texts mark them with `?` in the order of `parameters`, whatever the database. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  /** The text is as a client wanted it and hardly comes again: it must not push others out of what is kept prepared. */
  readonly varies?: true;
  /** Rows that it writes or deletes and for each of which the database looks at a foreign key by itself; absent: few. */
  readonly keyChecks?: number;
}

export interface Result {
  readonly rows: readonly Row[];
  /** Rows inserted, updated or deleted. */
  readonly changes: number;
}

/**
 * One transaction, written once for every driver: it yields statements and is handed their results. SQLite runs it synchronously
 * between BEGIN and COMMIT, PostgreSQL awaits each statement (docs/adr/0002). A throw rolls all of it back.
 */
export type Program<Value> = Generator<Statement, Value, Result>;

/**
 * What a program has read was changed by another transaction before it could write. Thrown to be run again: it then sees the change. Only
 * databases with several writers know it.
 */
export class Outdated extends Error {
  constructor(what: string) {
    super(`${what} was changed by another transaction.`);
  }
}

/** All rows of a query. The row type is the query's own word; codecs check what comes from outside. */
export function* all<R>(query: Compilable<R> | Statement): Program<readonly R[]> {
  const { rows } = yield statementOf(query);
  return rows as unknown as readonly R[];
}

export function* first<R>(query: Compilable<R> | Statement): Program<R | undefined> {
  const rows = yield* all(query);
  return rows[0];
}

/** Runs a change; returns how many rows it touched. */
export function* change(query: Compilable | Statement): Program<number> {
  const { changes } = yield statementOf(query);
  return changes;
}

function statementOf(query: Compilable | Statement): Statement {
  if (!('compile' in query)) return query;
  const compiled: CompiledQuery = query.compile();
  return { sql: compiled.sql, parameters: compiled.parameters };
}
