import { expect, it } from 'vitest';
import { migrations } from '../../../src/store/migrations/migrations.ts';
import { migrate } from '../../../src/store/sqlite/migrate.ts';
import { rowsOf, useConnections } from './migrated.ts';

const { empty } = useConnections();

it('what waits in the outbox is kept when posts without an action get a place in it, and numbers are given once', () => {
  const connection = empty();
  migrate(
    connection,
    migrations.filter(({ name }) => name !== 'legacy-pushes'),
  );
  connection.exec(`PRAGMA foreign_keys = OFF;
    INSERT INTO outbox (no, action_id, key, payload, bytes, created_at, attempts, next_at, error, hold)
    VALUES (3, 'a', 'k', '{}', 2, 1, 4, NULL, 'e', NULL), (5, 'a', 'k', '{}', 2, 1, 0, 9, NULL, 'lease'), (8, 'a', 'k', '{}', 2, 1, 0, 9, NULL, NULL);
    DELETE FROM outbox WHERE no = 8`);
  const all =
    'SELECT no, action_id, key, payload, bytes, created_at, attempts, next_at, error, hold FROM outbox ORDER BY no';
  const before = rowsOf(connection, all);
  migrate(connection, migrations);
  expect(rowsOf(connection, all)).toEqual(before);
  connection.exec(
    "INSERT INTO outbox (project_id, url, key, payload, bytes, created_at) VALUES ('p', 'http://r/', 'h d', '{}', 2, 1)",
  );
  expect(rowsOf(connection, 'SELECT no FROM outbox WHERE action_id IS NULL')).toEqual([{ no: 9 }]);
  for (const values of ["('a', 'p', 'http://r/'", "(NULL, 'p', NULL", "(NULL, NULL, 'http://r/'"]) {
    const insert = `INSERT INTO outbox (action_id, project_id, url, key, payload, bytes, created_at) VALUES ${values}, 'k', '{}', 2, 1)`;
    expect(() => connection.exec(insert)).toThrow(/CHECK/);
  }
});
