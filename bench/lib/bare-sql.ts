import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';

/** Bare statements on Muster's own tables, beside Muster. */
export interface BareSql extends AsyncDisposable {
  /** Text for both databases alike, values in it: all are the bench's own. Rows are read to the end. */
  run(sql: string): Promise<void>;
}

export function openSqliteSql(path: string): BareSql {
  const db = new DatabaseSync(path);
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA foreign_keys = ON',
  );
  return {
    run: async (sql) => {
      db.prepare(sql).all();
    },
    [Symbol.asyncDispose]: async () => db.close(),
  };
}

export async function openPostgresSql(url: string): Promise<BareSql> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    run: async (sql) => {
      await client.query(sql);
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}
