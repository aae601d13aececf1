import { describe, expect, it } from 'vitest';
import { createSqliteQueryBuilder } from '../../../src/store/sql/query-builder.ts';
import { sqliteDialect } from '../../../src/store/sqlite/sqlite-dialect.ts';
import { rowsOf, useConnections } from './migrated.ts';

const key = (...columns: string[]) => ({ table: 't', columns });

describe('the dialect of SQLite', () => {
  const { empty } = useConnections();

  function errorOf(sql: string): unknown {
    const connection = empty();
    connection.exec(
      `CREATE TABLE t (a TEXT PRIMARY KEY, b INTEGER, c INTEGER CHECK (c > 0), UNIQUE (b, c)) WITHOUT ROWID`,
    );
    connection.exec(`INSERT INTO t VALUES ('x', 1, 1)`);
    try {
      connection.exec(sql);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  it('knows which unique row a statement met', () => {
    const primary = errorOf(`INSERT INTO t VALUES ('x', 2, 2)`);
    expect(sqliteDialect.isUniqueViolation(primary, key('a'))).toBe(true);
    expect(sqliteDialect.isUniqueViolation(primary, key('b', 'c'))).toBe(false);
    const second = errorOf(`INSERT INTO t VALUES ('y', 1, 1)`);
    expect(sqliteDialect.isUniqueViolation(second, key('b', 'c'))).toBe(true);
    expect(sqliteDialect.isUniqueViolation(second, key('b'))).toBe(false);
  });

  it('takes nothing else for one', () => {
    expect(sqliteDialect.isUniqueViolation(errorOf(`INSERT INTO t VALUES ('y', 2, 0)`), key('c'))).toBe(false);
    expect(sqliteDialect.isUniqueViolation(new Error('UNIQUE constraint failed: t.a'), key('a'))).toBe(false);
    expect(sqliteDialect.isUniqueViolation('UNIQUE constraint failed: t.a', key('a'))).toBe(false);
  });

  it('binds a list of any length and content as one parameter', () => {
    const connection = empty();
    connection.exec(`CREATE TABLE audit (action TEXT)`);
    const odd = ["it's", '"', '\\', '压', 'a,b', ''];
    for (const action of odd) connection.execute({ sql: 'INSERT INTO audit VALUES (?)', parameters: [action] });
    const db = createSqliteQueryBuilder();
    const found = (values: readonly string[]) => {
      const { sql, parameters } = db
        .selectFrom('audit')
        .select('action')
        .where(sqliteDialect.isOneOf('action', values))
        .compile();
      expect(parameters).toHaveLength(1);
      return rowsOf(connection, sql, ...parameters).map((row) => row.action);
    };
    expect(found(odd)).toEqual(odd);
    expect(found(['no'])).toEqual([]);
    expect(found([])).toEqual([]);
  });
});
