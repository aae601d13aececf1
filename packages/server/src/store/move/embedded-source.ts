import { existsSync } from 'node:fs';
import { migrations } from '../migrations/migrations.ts';
import type { ColumnType } from '../sql/dialect.ts';
import type { Row, SqlValue } from '../sql/program.ts';
import { Connection } from '../sqlite/connection.ts';
import { lockData } from '../sqlite/data-lock.ts';
import { refuseUnmigrated } from '../sqlite/migrate.ts';
import { rowOrders, type TableName } from './moved-tables.ts';

export type Columns = Readonly<Record<string, ColumnType>>;
export type Rows = readonly (readonly SqlValue[])[];

/** The database in a data folder of which this process makes sure that no server works on it. Nothing in it is changed. */
export interface EmbeddedSource {
  columnsOf(table: TableName): Columns;
  count(table: TableName): number;
  /** All rows, some at a time, with their values in the order of the columns. */
  pagesOf(table: TableName): Iterable<Rows>;
  /** The highest number that was ever given, though its row may be gone. */
  lastNumberOf(table: TableName): number;
  lastEpoch(): number;
  close(): void;
}

/** A page is full with so many rows, or with so many characters: some rows are documents. */
const pageRows = 1000;
const pageCharacters = 4 * 1024 * 1024;

/** Throws a sentence for the operator where there is no database, an older one, or one that a server works on. */
export function openEmbeddedSource(path: string): EmbeddedSource {
  if (!existsSync(path)) throw new Error(`There is no database ${path}: MUSTER_DATA_DIR names the folder to move.`);
  const unlock = lockData(path);
  try {
    const connection = new Connection(path, { durability: 'full', readOnly: true });
    try {
      refuseUnmigrated(connection, migrations);
    } catch (error) {
      connection.close();
      throw error;
    }
    return sourceOf(connection, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

function sourceOf(connection: Connection, unlock: () => void): EmbeddedSource {
  const rowsOf = (sql: string, ...parameters: readonly SqlValue[]) => connection.execute({ sql, parameters }).rows;
  const numberOf = (sql: string, ...parameters: readonly SqlValue[]) =>
    Number(rowsOf(sql, ...parameters)[0]?.value ?? 0);
  const columnsOf = (table: TableName): Columns =>
    Object.fromEntries(
      rowsOf('SELECT name, type FROM pragma_table_info(?)', table).map(({ name, type }) => [
        String(name),
        type === 'TEXT' ? 'text' : 'int',
      ]),
    );
  return {
    columnsOf,
    count: (table) => numberOf(`SELECT count(*) AS value FROM ${table}`),
    pagesOf(table) {
      const names = Object.keys(columnsOf(table));
      const order = rowOrders[table];
      const sql = `SELECT ${names.join(', ')} FROM ${table}${order === undefined ? '' : ` ORDER BY ${order}`}`;
      return pages(connection.iterate({ sql, parameters: [] }), names);
    },
    lastNumberOf: (table) => numberOf('SELECT seq AS value FROM sqlite_sequence WHERE name = ?', table),
    lastEpoch: () => numberOf('SELECT last AS value FROM session_epoch'),
    close() {
      connection.close();
      unlock();
    },
  };
}

function* pages(rows: Iterable<Row>, names: readonly string[]): Generator<Rows> {
  let page: SqlValue[][] = [];
  let characters = 0;
  for (const row of rows) {
    const values = names.map((name) => storable(row[name] as SqlValue));
    page.push(values);
    for (const value of values) characters += typeof value === 'string' ? value.length : 0;
    if (page.length < pageRows && characters < pageCharacters) continue;
    yield page;
    page = [];
    characters = 0;
  }
  if (page.length > 0) yield page;
}

/** PostgreSQL has no texts with a NUL in them; like half a surrogate pair it becomes the replacement character. */
const storable = (value: SqlValue): SqlValue =>
  typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value;
