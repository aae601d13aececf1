import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '../../src/ports/store/store.ts';
import { migrations } from '../../src/store/migrations/migrations.ts';
import { Connection } from '../../src/store/sqlite/connection.ts';
import { migrate } from '../../src/store/sqlite/migrate.ts';
import { createSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { createRealClock } from '../../src/system/real-clock.ts';
import { box, random } from '../builders/chance.ts';

/** 'full' adds nothing but the disk's time: no test here cuts the power. */
const parts = () => ({ durability: 'normal', box, random, clock: createRealClock() }) as const;

/** On its own; not started. */
export const createMemoryStore = (): Store =>
  createSqliteStore({ ...parts(), path: ':memory:', image: emptyDatabase() });

/** On a new file with nothing in it, or one that such a store has written; not started. */
export function createFileStore(path: string): Store {
  if (!existsSync(path)) writeFileSync(path, emptyDatabase());
  return createSqliteStore({ ...parts(), path });
}

let made: Uint8Array | undefined;

/** With Muster's tables and nothing in them: making them for every test anew takes longer than most tests. */
function emptyDatabase(): Uint8Array {
  made ??= makeDatabase();
  return made;
}

function makeDatabase(): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'muster-empty-'));
  const path = join(folder, 'muster.db');
  const connection = new Connection(':memory:', { durability: 'normal' });
  try {
    migrate(connection, migrations);
    connection.exec(`VACUUM INTO '${path}'`);
    return readFileSync(path);
  } finally {
    connection.close();
    rmSync(folder, { recursive: true });
  }
}
