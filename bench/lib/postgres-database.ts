import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createPostgresStore } from '../../packages/server/src/store/postgres/postgres-store.ts';
import { createRealClock } from '../../packages/server/src/system/real-clock.ts';
import { createRealRandom } from '../../packages/server/src/system/real-random.ts';
import { startPostgres } from '../../scripts/lib/postgres-server.ts';
import { openPostgresSql } from './bare-sql.ts';
import type { BenchDatabase } from './bench-database.ts';
import { installation, installationBox } from './installation.ts';
import { openPostgresFloor } from './postgres-floor.ts';

/** What differs from a PostgreSQL as it comes, or is said to make sure: every commit that was answered is on the disk. */
export const postgresSettings = { synchronous_commit: 'on', fsync: 'on', full_page_writes: 'on' } as const;

/** A server of this bench alone, from npm. */
export async function createPostgresDatabase(): Promise<BenchDatabase> {
  const server = await startPostgres({ settings: postgresSettings });
  const url = server.url('postgres');
  const dataDir = await mkdtemp(join(tmpdir(), 'muster-bench-'));
  return {
    store: 'postgres',
    dataDir,
    serverSettings: { MUSTER_DATABASE_URL: url, MUSTER_MASTER_KEY: installation.masterKey },
    url,
    createStore: () =>
      createPostgresStore({
        url,
        box: installationBox(),
        random: createRealRandom(() => Date.now()),
        clock: createRealClock(),
      }),
    rest: () => vacuum(url),
    openFloor: () => openPostgresFloor(url),
    openSql: () => openPostgresSql(url),
    async [Symbol.asyncDispose]() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** What autovacuum and the checkpointer do within minutes: statistics, visibility, and no old pages to write. */
async function vacuum(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('VACUUM (ANALYZE)');
    await client.query('CHECKPOINT');
  } finally {
    await client.end();
  }
}
