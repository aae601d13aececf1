import { describe, expect, it } from 'vitest';
import type { Connection } from '../../../src/store/sqlite/connection.ts';
import { rowsOf, useConnections } from './migrated.ts';
import { type ColumnType, readTableTypes } from '../table-types.ts';

const store = `${import.meta.dirname}/../../../src/store`;

function columnsOf(connection: Connection, table: string): Record<string, ColumnType> {
  const [{ sql } = { sql: '' }] = rowsOf(connection, 'SELECT sql FROM sqlite_schema WHERE name = ?', table);
  const counted = String(sql).includes('AUTOINCREMENT');
  return Object.fromEntries(
    rowsOf(connection, 'SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(?)', table).map((row) => {
      const isKey = row.pk !== 0;
      const generated = row.dflt_value !== null || (isKey && counted);
      const nullable = row.notnull === 0 && !isKey;
      return [String(row.name), { type: row.type === 'TEXT' ? 'TEXT' : 'INTEGER', nullable, generated } as const];
    }),
  );
}

describe('the schema', () => {
  const { migrated } = useConnections();

  it('is what tables.ts says: tables, columns, kinds, nulls and defaults', () => {
    const connection = migrated();
    const tables = rowsOf(
      connection,
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migrations'`,
    ).map((row) => String(row.name));
    const types = readTableTypes(`${store}/sql`);
    expect(Object.keys(types).toSorted()).toEqual(tables.toSorted());
    for (const table of tables) expect(types[table], table).toEqual(columnsOf(connection, table));
  });

  it('is the one that was committed as a dump (renew with vitest -u)', async () => {
    const dump = rowsOf(
      migrated(),
      `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY tbl_name, type DESC, name`,
    ).map((row) => `${String(row.sql)};\n`);
    await expect(dump.join('\n')).toMatchFileSnapshot(`${store}/sqlite/schema.sql`);
  });

  it('has an index for every foreign key, so that no delete scans a table', () => {
    const connection = migrated();
    const missing = rowsOf(
      connection,
      `SELECT t.name AS name, f.id, group_concat(f."from", ',') AS columns FROM sqlite_schema t, pragma_foreign_key_list(t.name) f
        WHERE t.type = 'table' GROUP BY t.name, f.id`,
    ).filter(({ name, columns }) => !hasIndex(connection, String(name), String(columns).split(',')));
    expect(missing.map(({ name, columns }) => `${String(name)}(${String(columns)})`)).toEqual([]);
  });

  it('agrees with itself', () => {
    const connection = migrated();
    expect(rowsOf(connection, 'PRAGMA foreign_key_check')).toEqual([]);
    expect(rowsOf(connection, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  });
});

/** Some index, the primary key's included, begins with these columns in any order. */
function hasIndex(connection: Connection, table: string, columns: readonly string[]): boolean {
  const indexes = rowsOf(
    connection,
    `SELECT l.name AS name, i.seqno AS seqno, i.name AS column FROM pragma_index_list(?) l, pragma_index_info(l.name) i`,
    table,
  );
  const names = new Set(indexes.map((row) => row.name));
  return [...names].some((name) => {
    const leading = indexes
      .filter((row) => row.name === name && Number(row.seqno) < columns.length)
      .map((row) => String(row.column));
    return leading.length === columns.length && columns.every((column) => leading.includes(column));
  });
}
