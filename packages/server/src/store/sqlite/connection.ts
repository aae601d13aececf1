import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { Program, Result, Row, Statement } from '../sql/program.ts';
import { rowMaker } from './row-maker.ts';

/** `full`: a settle that was answered survives a power cut (docs/operations.md); `normal`: it survives a killed process. */
export type Durability = 'full' | 'normal';

const statementsMax = 500;
/** 16 MiB of log: then the writer folds what the thread for it has left over (checkpoints.ts), so that the log starts over. */
const checkpointPages = 4000;
/** What a long reader, e.g. a backup, lets the log grow beyond this is given back when the log starts over. */
const logKeptBytes = 64 * 1024 * 1024;

interface Prepared {
  readonly statement: StatementSync;
  /** Makes a row of its values; undefined: it returns none. */
  readonly rowOf: ((values: readonly unknown[]) => Row) | undefined;
}

interface ConnectionOptions {
  readonly durability: Durability;
  readonly readOnly?: boolean;
  /** What a database in memory begins with. */
  readonly image?: Uint8Array | undefined;
}

/** One SQLite connection: prepared statements by their text, programs run to their end in one go. */
export class Connection {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, Prepared>();
  /** Rows read and changed since it was opened. */
  rows = 0;

  constructor(path: string, options: ConnectionOptions) {
    this.#database = new DatabaseSync(path, { readOnly: options.readOnly ?? false, enableForeignKeyConstraints: true });
    if (options.image !== undefined) this.#database.deserialize(options.image);
    this.exec(`PRAGMA busy_timeout = 5000; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY`);
    if (options.readOnly !== true)
      this.exec(
        `PRAGMA journal_mode = WAL; PRAGMA synchronous = ${options.durability.toUpperCase()}; PRAGMA wal_autocheckpoint = ${checkpointPages}; PRAGMA journal_size_limit = ${logKeptBytes}`,
      );
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  execute(statement: Statement): Result {
    const result = this.#execute(this.#prepare(statement), statement.parameters as readonly SQLInputValue[]);
    this.rows += Math.max(result.rows.length, result.changes);
    return result;
  }

  /** Row by row, for more of them than memory should hold. */
  iterate(step: Statement): Iterable<Row> {
    const { statement, rowOf } = this.#prepare(step);
    if (rowOf === undefined) throw new Error('The statement returns no rows.');
    return Iterator.from(statement.iterate(...(step.parameters as readonly SQLInputValue[]))).map((values) =>
      rowOf(valuesOf(values)),
    );
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

  #execute({ statement, rowOf }: Prepared, values: readonly SQLInputValue[]): Result {
    if (rowOf === undefined) return { rows: [], changes: Number(statement.run(...values).changes) };
    // A statement that returns columns must be read to its end to take full effect.
    const rows = statement.all(...values).map((row) => rowOf(valuesOf(row)));
    return { rows, changes: rows.length };
  }

  #prepare({ sql, varies }: Statement): Prepared {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const prepared = this.#compile(sql);
    if (varies === true) return prepared;
    // Texts that vary (lists of filters) must not grow the cache for ever: the oldest gives way.
    if (this.#statements.size >= statementsMax) {
      const oldest = this.#statements.keys().next().value;
      if (oldest !== undefined) this.#statements.delete(oldest);
    }
    this.#statements.set(sql, prepared);
    return prepared;
  }

  #compile(sql: string): Prepared {
    const statement = this.#database.prepare(sql);
    statement.setReturnArrays(true);
    const names = statement.columns().map(({ name }) => name);
    return { statement, rowOf: names.length === 0 ? undefined : rowMaker(names) };
  }
}

/** Its types speak of objects, whatever was asked for. */
const valuesOf = (row: unknown): readonly unknown[] => row as readonly unknown[];
