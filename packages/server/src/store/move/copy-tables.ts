import { postgresDialect } from '../postgres/postgres-dialect.ts';
import { insertRows } from '../sql/insert-rows.ts';
import { change, first, type Program } from '../sql/program.ts';
import type { EmbeddedSource } from './embedded-source.ts';
import { copiedTables, countedColumns, type TableName } from './moved-tables.ts';

/** How far a table is. */
export interface MoveProgress {
  readonly table: TableName;
  readonly copied: number;
  readonly of: number;
}

export interface CopyOptions {
  readonly source: EmbeddedSource;
  /** When the sessions that were open end. */
  readonly at: number;
  onProgress(progress: MoveProgress): void;
}

/** A table is heard of when it is done, and this often before. */
const pagesPerProgress = 50;

/** The whole move, in PostgreSQL's words: one transaction into a database in which nothing is. Returns how many rows there are. */
export function* copyTables(options: CopyOptions): Program<number> {
  const { source, at } = options;
  yield* takeEmpty();
  let rows = 0;
  for (const table of copiedTables) rows += yield* copyTable(options, table);
  // Whoever was connected was connected to the process that is no more.
  yield* change({ sql: 'UPDATE sessions SET ended_at = ? WHERE ended_at IS NULL', parameters: [at] });
  yield* change({ sql: 'UPDATE queue_messages SET holder = NULL WHERE holder IS NOT NULL', parameters: [] });
  yield* setCounters(source);
  // The planner knows nothing of tables that were just filled, and is asked at once.
  yield* change({ sql: `ANALYZE ${copiedTables.join(', ')}`, parameters: [] });
  return rows;
}

/** A server that is started on the target meanwhile waits with its first write, and finds the installation there. */
function* takeEmpty(): Program<void> {
  // Counting walks whole tables, and that is right here.
  yield* change({
    sql: `SELECT set_config('lock_timeout', '10s', true), set_config('statement_timeout', '0', true),
      set_config('enable_seqscan', 'on', true)`,
    parameters: [],
  });
  yield* change({ sql: `LOCK TABLE ${copiedTables.join(', ')} IN EXCLUSIVE MODE`, parameters: [] });
  const found = yield* first<{ table: string }>({
    sql: copiedTables
      .map((table) => `SELECT '${table}' AS "table" WHERE EXISTS (SELECT 1 FROM ${table})`)
      .join(' UNION ALL '),
    parameters: [],
  });
  if (found === undefined) return;
  throw new Error(`The database is not empty: it has ${found.table}. Only an empty one can take an installation.`);
}

function* copyTable({ source, onProgress }: CopyOptions, table: TableName): Program<number> {
  const columns = source.columnsOf(table);
  const of = source.count(table);
  let copied = 0;
  let pages = 0;
  for (const rows of source.pagesOf(table)) {
    copied += yield* insertRows({ dialect: postgresDialect }, { into: table, columns, rows });
    pages += 1;
    if (pages % pagesPerProgress === 0 && copied < of) onProgress({ table, copied, of });
  }
  const there = (yield* first<{ count: number }>({ sql: `SELECT count(*) AS count FROM ${table}`, parameters: [] }))
    ?.count;
  if (there !== of) throw new Error(`${table} has ${of} rows in the data folder and ${there} in PostgreSQL.`);
  onProgress({ table, copied, of });
  return of;
}

function* setCounters(source: EmbeddedSource): Program<void> {
  for (const { table, column } of countedColumns) {
    const last = source.lastNumberOf(table);
    if (last === 0) continue;
    yield* change({ sql: `SELECT setval(pg_get_serial_sequence('${table}', '${column}'), ?)`, parameters: [last] });
  }
  const epoch = source.lastEpoch();
  if (epoch > 0) yield* change({ sql: `SELECT setval('session_epochs', ?)`, parameters: [epoch] });
}
