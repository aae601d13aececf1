import type { Store } from '../../../src/ports/store/store.ts';
import { createRealClock } from '../../../src/system/real-clock.ts';
import { nothingKept } from '../../../src/store/sql/kept.ts';
import type { Program, Result } from '../../../src/store/sql/program.ts';
import { createSqliteQueryBuilder } from '../../../src/store/sql/query-builder.ts';
import type { Runner } from '../../../src/store/sql/sql-context.ts';
import { createSqlStore } from '../../../src/store/sql/sql-store.ts';
import { migrations } from '../../../src/store/migrations/migrations.ts';
import { Connection } from '../../../src/store/sqlite/connection.ts';
import { migrate } from '../../../src/store/sqlite/migrate.ts';
import { sqliteDialect } from '../../../src/store/sqlite/sqlite-dialect.ts';
import { box, random } from '../../builders/chance.ts';

export interface RecordedStatement {
  readonly operation: string;
  readonly sql: string;
  /** What SQLite does for it, one line per step. */
  readonly plan: readonly string[];
}

/** A real store in memory that remembers which statements every operation ran. */
export function createRecordingStore() {
  const connection = new Connection(':memory:', { durability: 'normal' });
  migrate(connection, migrations);
  const seen = new Map<string, Set<string>>();
  let operation: string | undefined;

  function* recorded<Value>(program: Program<Value>): Program<Value> {
    let turn = program.next();
    while (turn.done !== true) {
      const { sql } = turn.value;
      if (operation !== undefined) seen.set(operation, (seen.get(operation) ?? new Set()).add(sql));
      let result: Result;
      try {
        result = yield turn.value;
      } catch (error) {
        turn = program.throw(error);
        continue;
      }
      turn = program.next(result);
    }
    return turn.value;
  }

  const run = async <Value>(program: () => Program<Value>): Promise<Value> => {
    connection.exec('SAVEPOINT test');
    try {
      return connection.run(recorded(program()));
    } finally {
      connection.exec('RELEASE test');
    }
  };
  const runner: Runner = { read: run, write: run };
  const ctx = {
    db: createSqliteQueryBuilder(),
    dialect: sqliteDialect,
    box,
    random,
    clock: createRealClock(),
    node: undefined,
    ...nothingKept(),
  };
  const store: Store = { ...createSqlStore(runner, ctx), start: async () => {}, stop: async () => connection.close() };

  return {
    store,
    /** Everything that `work` runs is remembered under that name. */
    record: async <Value>(name: string, work: () => Promise<Value>): Promise<Value> => {
      operation = name;
      try {
        return await work();
      } finally {
        operation = undefined;
      }
    },
    statements: (): readonly RecordedStatement[] =>
      [...seen].flatMap(([name, texts]) =>
        [...texts].map((sql) => ({ operation: name, sql: oneLine(sql), plan: planOf(connection, sql) })),
      ),
  };
}

const oneLine = (sql: string): string => sql.replace(/\s+/g, ' ').trim();

function planOf(connection: Connection, sql: string): readonly string[] {
  const step = { sql: `EXPLAIN QUERY PLAN ${sql}`, parameters: [] };
  return connection.execute(step).rows.map((row) => String(row.detail));
}
