import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { Program, Result, Row, Statement } from '../sql/program.ts';

/** `full`: a settle that was answered survives a power cut (docs/operations.md); `normal`: it survives a killed process. */
export type Durability = 'full' | 'normal';

const statementsMax = 500;

interface Prepared {
  readonly statement: StatementSync;
  /** Its columns are listed anew at every asking. */
  readonly returnsRows: boolean;
}

/** One SQLite connection: prepared statements by their text, programs run to their end in one go. */
export class Connection {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, Prepared>();
  /** Rows read and changed since it was opened. */
  rows = 0;

  constructor(path: string, options: { readonly durability: Durability; readonly readOnly?: boolean }) {
    this.#database = new DatabaseSync(path, { readOnly: options.readOnly ?? false, enableForeignKeyConstraints: true });
    this.exec(`PRAGMA busy_timeout = 5000; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY`);
    if (options.readOnly !== true)
      this.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${options.durability.toUpperCase()}`);
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  execute({ sql, parameters }: Statement): Result {
    const result = this.#execute(sql, parameters as readonly SQLInputValue[]);
    this.rows += Math.max(result.rows.length, result.changes);
    return result;
  }

  /** Row by row, for more of them than memory should hold. */
  iterate({ sql, parameters }: Statement): Iterable<Row> {
    return this.#prepare(sql).statement.iterate(...(parameters as readonly SQLInputValue[]));
  }

  /** Runs a program to its end. The caller owns the transaction around it. */
  run<Value>(program: Program<Value>): Value {
    let turn = program.next();
    while (turn.done !== true) {
      let result: Result;
      try {
        result = this.execute(turn.value);
      } catch (error) {
        // The program may know what the failure means (a unique row that exists); what it does not catch rolls back.
        turn = program.throw(error);
        continue;
      }
      turn = program.next(result);
    }
    return turn.value;
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #execute(sql: string, values: readonly SQLInputValue[]): Result {
    const { statement, returnsRows } = this.#prepare(sql);
    // A statement that returns columns must be read to its end to take full effect.
    if (returnsRows) return rowsOf(statement.all(...values));
    return { rows: [], changes: Number(statement.run(...values).changes) };
  }

  #prepare(sql: string): Prepared {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    // Texts that vary (lists of filters) must not grow the cache for ever: the oldest gives way.
    if (this.#statements.size >= statementsMax) {
      const oldest = this.#statements.keys().next().value;
      if (oldest !== undefined) this.#statements.delete(oldest);
    }
    const statement = this.#database.prepare(sql);
    const prepared = { statement, returnsRows: statement.columns().length > 0 };
    this.#statements.set(sql, prepared);
    return prepared;
  }
}

function rowsOf(rows: Result['rows']): Result {
  return { rows, changes: rows.length };
}
