import { createHash } from 'node:crypto';
import type { Migration } from './migrations.ts';

export interface Applied {
  readonly number: number;
  readonly checksum: string;
  /** The oldest schema whose code works on it. */
  readonly worksWith: number;
}

export type Database = keyof Migration['sql'];

export const checksumOf = (migration: Migration, database: Database): string =>
  createHash('sha256').update(migration.sql[database]).digest('hex');

/**
 * What is still to be applied. Refuses a database that a newer Muster has written in a way that this one cannot work with, and one whose
 * past is not the code's: what an applied migration says must never change.
 */
export function planMigrations(
  migrations: readonly Migration[],
  applied: readonly Applied[],
  database: Database,
): readonly Migration[] {
  const known = migrations.at(-1)?.number ?? 0;
  const newest = Math.max(0, ...applied.map(({ number }) => number));
  const needed = Math.max(0, ...applied.map(({ worksWith }) => worksWith));
  if (needed > known) {
    throw new Error(
      `The database has schema ${newest}, this version of Muster knows ${known}: it was written by a newer version. Start that one.`,
    );
  }
  const checksums = new Map(applied.map(({ number, checksum }) => [number, checksum]));
  for (const migration of migrations) {
    const checksum = checksums.get(migration.number);
    if (checksum !== undefined && checksum !== checksumOf(migration, database)) {
      throw new Error(`Migration ${migration.number} (${migration.name}) is not the one that made this database.`);
    }
  }
  return migrations.filter(({ number }) => !checksums.has(number));
}
