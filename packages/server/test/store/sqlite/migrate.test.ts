import { describe, expect, it } from 'vitest';
import type { Migration } from '../../../src/store/migrations/migrations.ts';
import { migrate } from '../../../src/store/sqlite/migrate.ts';
import { rowsOf, useConnections } from './migrated.ts';

const sqlite = (text: string) => ({ sqlite: text, postgres: '' });
const one: Migration = { number: 1, name: 'one', sql: sqlite('CREATE TABLE a (x)'), worksWith: 1 };
const two: Migration = {
  number: 2,
  name: 'two',
  sql: sqlite('CREATE TABLE b (x); INSERT INTO a VALUES (1)'),
  worksWith: 1,
};

describe('migrations', () => {
  const { empty } = useConnections();
  const tables = `SELECT name FROM sqlite_schema WHERE name IN ('a', 'b') ORDER BY name`;

  it('run once each, in order, and again where there are new ones', () => {
    const connection = empty();
    migrate(connection, [one]);
    migrate(connection, [one, two]);
    migrate(connection, [one, two]);
    expect(rowsOf(connection, tables)).toEqual([{ name: 'a' }, { name: 'b' }]);
    expect(rowsOf(connection, 'SELECT x FROM a')).toEqual([{ x: 1 }]);
    expect(rowsOf(connection, 'SELECT number, name FROM migrations')).toEqual([
      { number: 1, name: 'one' },
      { number: 2, name: 'two' },
    ]);
  });

  it('leave nothing of one that fails, and all before it', () => {
    const connection = empty();
    const broken = { ...two, sql: sqlite('CREATE TABLE b (x); INSERT INTO nowhere VALUES (1)') };
    expect(() => migrate(connection, [one, broken])).toThrow('nowhere');
    expect(rowsOf(connection, tables)).toEqual([{ name: 'a' }]);
    migrate(connection, [one, two]);
    expect(rowsOf(connection, tables)).toHaveLength(2);
  });

  it('refuse a database that a newer version has written', () => {
    const connection = empty();
    migrate(connection, [one, two]);
    expect(() => migrate(connection, [one])).toThrow('schema 2, this version of Muster knows 1');
  });

  it('refuse a database that was made by other statements under the same number', () => {
    const connection = empty();
    migrate(connection, [one]);
    expect(() => migrate(connection, [{ ...one, sql: sqlite('CREATE TABLE a (y)') }])).toThrow('Migration 1 (one)');
  });
});
