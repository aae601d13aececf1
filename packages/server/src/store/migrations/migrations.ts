import { firstTables } from './0001-first-tables.ts';

/** Immutable once released: what was applied is remembered with its checksum. */
export interface Migration {
  /** From 1, without gaps. */
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

export const migrations: readonly Migration[] = [{ number: 1, name: 'first-tables', sql: firstTables }];
