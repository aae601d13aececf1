import type { Compilable, CompiledQuery } from 'kysely';

export type SqlValue = null | number | string | Uint8Array;

/** A row as the driver gives it, before a codec has made something of it. */
export type Row = Readonly<Record<string, unknown>>;

/** One statement with its parameters. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** One statement for many rows of parameters: a prepared loop in SQLite, one set statement where round trips cost. */
export interface EachStatement {
  readonly sql: string;
  readonly rows: readonly (readonly SqlValue[])[];
}

export type Step = Statement | EachStatement;

export interface Result {
  readonly rows: readonly Row[];
  /** Rows inserted, updated or deleted. */
  readonly changes: number;
}

/**
 * One transaction, written once for every driver: it yields statements and is handed their results. SQLite runs it synchronously
 * between BEGIN and COMMIT, PostgreSQL awaits each statement (docs/adr/0002). A throw rolls all of it back.
 */
export type Program<Value> = Generator<Step, Value, Result>;

export const isEach = (step: Step): step is EachStatement => 'rows' in step;

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

/** Runs one statement for every row; returns how many rows were touched in all. */
export function* changeEach(sql: string, rows: readonly (readonly SqlValue[])[]): Program<number> {
  if (rows.length === 0) return 0;
  const { changes } = yield { sql, rows };
  return changes;
}

function statementOf(query: Compilable | Statement): Statement {
  if (!('compile' in query)) return query;
  const compiled: CompiledQuery = query.compile();
  return { sql: compiled.sql, parameters: compiled.parameters };
}
