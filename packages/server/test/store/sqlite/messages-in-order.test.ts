import { expect, it } from 'vitest';
import { migrations } from '../../../src/store/migrations/migrations.ts';
import { migrate } from '../../../src/store/sqlite/migrate.ts';
import { rowsOf, useConnections } from './migrated.ts';

const { empty } = useConnections();

it('messages are kept when their table is ordered anew', () => {
  const connection = empty();
  migrate(connection, migrations.slice(0, 3));
  connection.exec(`PRAGMA foreign_keys = OFF;
    INSERT INTO messages (device_id, message_id, record_id, request, status, created_at, expires_at, finished_at, task_no, seq, attempt)
    VALUES ('a', 'x', '2', '{}', 'PENDING', 1, 2, NULL, 7, 8, 9), ('b', 'y', '1', '{}', 'DELIVERED', 1, 2, 3, NULL, NULL, NULL)`);
  const all = 'SELECT * FROM messages ORDER BY record_id';
  const before = rowsOf(connection, all);
  migrate(connection, migrations);
  expect(rowsOf(connection, all)).toEqual(before);
  expect(rowsOf(connection, 'SELECT message_id FROM messages ORDER BY rowid')).toEqual([
    { message_id: 'y' },
    { message_id: 'x' },
  ]);
});
