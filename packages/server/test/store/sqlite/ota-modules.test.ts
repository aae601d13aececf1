import { expect, it } from 'vitest';
import { migrations } from '../../../src/store/migrations/migrations.ts';
import { migrate } from '../../../src/store/sqlite/migrate.ts';
import { rowsOf, useConnections } from './migrated.ts';

const { empty } = useConnections();

it('the modules that packages name exist from the first of them on', () => {
  const connection = empty();
  migrate(
    connection,
    migrations.filter(({ number }) => number < 12),
  );
  connection.exec(`PRAGMA foreign_keys = OFF;
    INSERT INTO packages (package_id, record_id, project_id, app_id, product_id, type, module_name, version, fields, created_at)
    VALUES ('b', 'b', 'p', 'a', 'k', 'modulePackage', 'motor', '2', '{}', 9), ('a', 'a', 'p', 'a', 'k', 'modulePackage', 'motor', '1', '{}', 8),
      ('c', 'c', 'p', 'a', 'k', 'modulePackage', 'pump', '1', '{}', 9), ('d', 'd', 'p', 'a', 'k', 'firmwarePackage', '', '1', '{}', 9)`);
  migrate(connection, migrations);
  const shared = { project_id: 'p', app_id: 'a', product_id: 'k', alias_name: null, description: null };
  expect(rowsOf(connection, 'SELECT * FROM ota_modules ORDER BY record_id')).toEqual([
    { ...shared, module_id: 'a', record_id: 'a', name: 'motor', created_at: 8 },
    { ...shared, module_id: 'c', record_id: 'c', name: 'pump', created_at: 9 },
  ]);
});
