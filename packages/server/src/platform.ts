import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from './config/config.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { PasswordHasher } from './ports/password-hasher.ts';
import type { Random } from './ports/random.ts';
import type { SecretBox } from './ports/secret-box.ts';
import type { Store } from './ports/store/store.ts';
import { createFileSpool, type FolderSpool } from './files/file-spool.ts';
import { createDiskPackageStore } from './packages-store/disk-package-store.ts';
import type { PackageHome } from './packages-store/package-home.ts';
import { createBucketPackageStore } from './packages-store/s3/bucket-package-store.ts';
import { type ConfiguredStores, createObjectStores } from './packages-store/s3/object-stores.ts';
import { createPostgresHints, type PostgresHints } from './store/postgres/postgres-hints.ts';
import { createPostgresStore } from './store/postgres/postgres-store.ts';
import { createSqliteStore } from './store/sqlite/sqlite-store.ts';
import { type AlignedClock, createAlignedClock } from './system/aligned-clock.ts';
import { createLog } from './system/log.ts';
import { loadMasterKey, parseMasterKey } from './system/master-key.ts';
import { measureStore } from './system/measure-store.ts';
import { createMetrics, type MetricsRegistry } from './system/metrics.ts';
import { createPasswordHasher } from './system/password-hasher.ts';
import { createRealClock } from './system/real-clock.ts';
import { createRealRandom } from './system/real-random.ts';
import { createSecretBox } from './system/secret-box.ts';
import { readAuthorities } from './system/server-certificate.ts';
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
  /** For what is stored. */
  readonly secretBox: SecretBox;
  readonly store: Store;
  readonly files: PackageHome;
  readonly objects: ConfiguredStores;
  readonly spool: FolderSpool;
  /** MUSTER_PUSH_CA, read (PEM). */
  readonly pushCa: readonly string[];
  /** MUSTER_LEGACY_PUSH_CA, read (PEM). */
  readonly legacyPushCa: readonly string[];
  /** Undefined: an embedded database, which has no other nodes. */
  readonly clusterNode: ClusterNode | undefined;
}

/** What this process is to the other nodes. */
export interface ClusterNode {
  readonly name: string;
  readonly hints: PostgresHints;
  /** Sets this process's clock by the database's. */
  align(now: number): void;
}

/** Makes the data folder, its key and certificate, and what reads and writes it; nothing is opened or started yet. */
export async function createPlatform(config: Config): Promise<Platform> {
  const { dataDir } = config;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const masterKey = config.masterKey === undefined ? await loadMasterKey(dataDir) : parseMasterKey(config.masterKey);
  const clock = createAlignedClock(createRealClock());
  const random = createRealRandom(() => clock.now());
  const log = createLog(config.log);
  const secretBox = createSecretBox(masterKey, 'stored-secrets');
  const metrics = createMetrics();
  const clusterNode = createClusterNode(config, { clock, log, random });
  const objects = createObjectStores(config.objectStores, { clock, log });
  return {
    ...(await loadServerTls(config, { clock, log })),
    config,
    clock,
    random,
    log,
    metrics,
    passwords: createPasswordHasher(),
    tokenBox: createSecretBox(masterKey, 'tokens'),
    secretBox,
    clusterNode,
    store: measureStore(createStore(config, { box: secretBox, clock, random, log, node: clusterNode?.name }), metrics),
    pushCa: await authoritiesOf(config.push.ca, 'MUSTER_PUSH_CA'),
    legacyPushCa: await authoritiesOf(config.legacy.push.ca, 'MUSTER_LEGACY_PUSH_CA'),
    files: createPackageHome(config, { objects, log, random, node: clusterNode?.name }),
    objects,
    spool: createFileSpool(join(dataDir, 'spool'), random),
  };
}

const authoritiesOf = async (path: string | undefined, setting: string): Promise<readonly string[]> =>
  path === undefined ? [] : [await readAuthorities(path, setting)];

interface HomeParts {
  readonly objects: ConfiguredStores;
  readonly log: Log;
  readonly random: Random;
  readonly node: string | undefined;
}

function createPackageHome({ packages, dataDir }: Config, { objects, log, random, node }: HomeParts): PackageHome {
  const { place = { kind: 'folder', path: join(dataDir, 'packages') } } = packages;
  if (place.kind === 'folder') return createDiskPackageStore(place.path, node);
  const { region, bucket } = place;
  const client = objects.clientOf(region);
  if (client === undefined) throw new Error(`No object store has the region ${region}.`);
  const draftFolder = join(dataDir, 'uploads');
  return createBucketPackageStore({ client, region, bucket }, { draftFolder, random, log });
}

function createClusterNode(
  { database, node }: Config,
  { clock, log, random }: { clock: AlignedClock; log: Log; random: Random },
): ClusterNode | undefined {
  if (database === undefined) return undefined;
  return {
    name: node.name ?? `node-${random.uuid().slice(0, 8)}`,
    hints: createPostgresHints({ url: database.listenUrl, clock, log }),
    align: (now) => clock.align(now),
  };
}

interface StoreParts {
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly node: string | undefined;
}

function createStore({ database, dataDir }: Config, { box, clock, random, log, node }: StoreParts): Store {
  if (database === undefined || node === undefined) {
    return createSqliteStore({ path: join(dataDir, 'muster.db'), durability: 'full', box, random, clock });
  }
  const { url, poolMax, waitMs } = database;
  const onAway = (err: unknown): void => log.warn({ err, waitMs }, 'the database does not answer; calls wait for it');
  return createPostgresStore({ url, poolMax, waitMs, node, box, clock, random, onAway });
}
