import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSqliteStore } from '../../packages/server/src/store/sqlite/sqlite-store.ts';
import { createRealClock } from '../../packages/server/src/system/real-clock.ts';
import { createRealRandom } from '../../packages/server/src/system/real-random.ts';
import { openSqliteSql } from './bare-sql.ts';
import type { BenchDatabase } from './bench-database.ts';
import { installation, installationBox } from './installation.ts';
import { openSqliteFloor } from './sqlite-floor.ts';

/** A file in a temporary data folder, as the embedded server has it. */
export async function createSqliteDatabase(): Promise<BenchDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'muster-bench-'));
  const path = join(dataDir, 'muster.db');
  return {
    store: 'sqlite',
    dataDir,
    serverSettings: { MUSTER_MASTER_KEY: installation.masterKey },
    url: undefined,
    createStore: () =>
      createSqliteStore({
        path,
        durability: 'full',
        box: installationBox(),
        random: createRealRandom(() => Date.now()),
        clock: createRealClock(),
      }),
    // SQLite does nothing behind one's back: stopping the seeding store has folded its log into the file.
    rest: async () => undefined,
    openFloor: async () => openSqliteFloor(path),
    openSql: async () => openSqliteSql(path),
    [Symbol.asyncDispose]: () => rm(dataDir, { recursive: true, force: true }),
  };
}
