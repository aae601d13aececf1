import { createHash } from 'node:crypto';
import type { Migration } from '../migrations/migrations.ts';
import type { Connection } from './connection.ts';

const checksumOf = (migration: Migration): string => createHash('sha256').update(migration.sql).digest('hex');

/**
 * Brings a database up to the code, one transaction per migration. Refuses a database that a newer Muster has written, and one whose
 * past is not the code's: what an applied migration says must never change.
 */
export function migrate(connection: Connection, migrations: readonly Migration[]): void {
  connection.exec(`CREATE TABLE IF NOT EXISTS migrations (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL
  )`);
  const applied = appliedOf(connection);
  const newest = Math.max(0, ...applied.keys());
  const known = migrations.at(-1)?.number ?? 0;
  if (newest > known) {
    throw new Error(
      `The database has schema ${newest}, this version of Muster knows ${known}: it was written by a newer version. Start that one.`,
    );
  }
  for (const migration of migrations) {
    const checksum = applied.get(migration.number);
    if (checksum === undefined) apply(connection, migration);
    else if (checksum !== checksumOf(migration)) {
      throw new Error(`Migration ${migration.number} (${migration.name}) is not the one that made this database.`);
    }
  }
}

function appliedOf(connection: Connection): Map<number, string> {
  const { rows } = connection.execute({
    sql: 'SELECT number, checksum FROM migrations ORDER BY number',
    parameters: [],
  });
  return new Map(rows.map((row) => [Number(row.number), String(row.checksum)]));
}

function apply(connection: Connection, migration: Migration): void {
  connection.exec('BEGIN IMMEDIATE');
  try {
    connection.exec(migration.sql);
    connection.execute({
      sql: 'INSERT INTO migrations (number, name, checksum) VALUES (?, ?, ?)',
      parameters: [migration.number, migration.name, checksumOf(migration)],
    });
    connection.exec('COMMIT');
  } catch (error) {
    connection.exec('ROLLBACK');
    throw error;
  }
}
