import type { Migration } from '../migrations/migrations.ts';
import { type Applied, checksumOf, planMigrations } from '../migrations/plan.ts';
import type { Connection } from './connection.ts';

/** Brings a database up to the code, one transaction per migration. */
export function migrate(connection: Connection, migrations: readonly Migration[]): void {
  connection.exec(`CREATE TABLE IF NOT EXISTS migrations (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL
  )`);
  for (const migration of planMigrations(migrations, appliedOf(connection), 'sqlite')) apply(connection, migration);
}

/** For whoever only reads: whether it is what the code knows. Throws what the operator has to do where it is older or newer. */
export function refuseUnmigrated(connection: Connection, migrations: readonly Migration[]): void {
  if (planMigrations(migrations, appliedOf(connection), 'sqlite').length === 0) return;
  throw new Error('The database was written by an older version: bring it up first, with npm start -- migrate.');
}

/** One process at a time works on a file: an older version never meets a newer schema but by a downgrade. */
function appliedOf(connection: Connection): readonly Applied[] {
  const { rows } = connection.execute({
    sql: 'SELECT number, checksum FROM migrations ORDER BY number',
    parameters: [],
  });
  return rows.map((row) => ({
    number: Number(row.number),
    checksum: String(row.checksum),
    worksWith: Number(row.number),
  }));
}

function apply(connection: Connection, migration: Migration): void {
  connection.exec('BEGIN IMMEDIATE');
  try {
    connection.exec(migration.sql.sqlite);
    connection.execute({
      sql: 'INSERT INTO migrations (number, name, checksum) VALUES (?, ?, ?)',
      parameters: [migration.number, migration.name, checksumOf(migration, 'sqlite')],
    });
    connection.exec('COMMIT');
  } catch (error) {
    connection.exec('ROLLBACK');
    throw error;
  }
}
