import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from './config/config.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { PasswordHasher } from './ports/password-hasher.ts';
import type { Random } from './ports/random.ts';
import type { SecretBox } from './ports/secret-box.ts';
import type { Store } from './ports/store/store.ts';
import { createDiskPackageStore, type DiskPackageStore } from './packages-store/disk-package-store.ts';
import { createSqliteStore } from './store/sqlite/sqlite-store.ts';
import { createLog } from './system/log.ts';
import { loadMasterKey, parseMasterKey } from './system/master-key.ts';
import { createMetrics, type MetricsRegistry } from './system/metrics.ts';
import { createPasswordHasher } from './system/password-hasher.ts';
import { createRealClock } from './system/real-clock.ts';
import { createRealRandom } from './system/real-random.ts';
import { createSecretBox } from './system/secret-box.ts';
import { loadServerTls, type ServerTls } from './server-tls.ts';

/** What every part of the process stands on. */
export interface Platform extends ServerTls {
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: MetricsRegistry;
  readonly passwords: PasswordHasher;
  readonly tokenBox: SecretBox;
  readonly store: Store;
  readonly files: DiskPackageStore;
}

/** Makes the data folder, its key and certificate, and what reads and writes it; nothing is opened or started yet. */
export async function createPlatform(config: Config): Promise<Platform> {
  const { dataDir } = config;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const masterKey = config.masterKey === undefined ? await loadMasterKey(dataDir) : parseMasterKey(config.masterKey);
  const clock = createRealClock();
  const random = createRealRandom(() => clock.now());
  const log = createLog(config.log);
  return {
    ...(await loadServerTls(config, { clock, log })),
    config,
    clock,
    random,
    log,
    metrics: createMetrics(),
    passwords: createPasswordHasher(),
    tokenBox: createSecretBox(masterKey, 'tokens'),
    store: createSqliteStore({
      path: join(dataDir, 'muster.db'),
      durability: 'full',
      box: createSecretBox(masterKey, 'stored-secrets'),
      random,
    }),
    files: createDiskPackageStore(join(dataDir, 'packages')),
  };
}
