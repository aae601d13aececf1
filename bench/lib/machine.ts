import { execFile } from 'node:child_process';
import { readFile, statfs } from 'node:fs/promises';
import { availableParallelism, cpus, release, tmpdir, totalmem, type } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../../scripts/lib/postgres-server.ts';
import type { StoreName } from './bench.ts';
import { mosquittoVersion } from './mosquitto-broker.ts';
import { postgresSettings } from './postgres-database.ts';

const root = join(import.meta.dirname, '../..');
const gibibyte = 1024 ** 3;

/** What figures depend on, in sentences: without it they say nothing. */
export async function describeMachine(store: StoreName): Promise<readonly string[]> {
  const versions = [await musterVersion(), `Node.js ${process.versions.node}`, ...(await yardstickVersions())];
  return [await hardware(), `${versions.join(', ')}.`, store === 'sqlite' ? sqlite() : await postgres()];
}

async function hardware(): Promise<string> {
  const model = cpus()[0]?.model.trim() ?? 'an unknown processor';
  const memory = Math.round(totalmem() / gibibyte);
  const disk = await fileSystemOf(tmpdir());
  return `${availableParallelism()} cores of ${model}, ${memory} GiB; ${type()} ${release()}; databases on ${disk}.`;
}

/** A database in memory would be fast and worth nothing: which file system it was belongs to the figures. */
async function fileSystemOf(folder: string): Promise<string> {
  const known: Readonly<Record<number, string>> = {
    61267: 'ext4',
    1481003842: 'XFS',
    2435016766: 'Btrfs',
    2035054128: 'overlayfs',
    16914836: 'tmpfs (in memory)',
  };
  const kind = (await statfs(folder)).type;
  return known[kind] ?? `a file system of type 0x${kind.toString(16)}`;
}

interface PackageFile {
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const packageFile = async (): Promise<PackageFile> =>
  JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as PackageFile;

async function musterVersion(): Promise<string> {
  const { version } = await packageFile();
  const commit = await new Promise<string>((resolve) => {
    // Outside a repository there is nothing to say.
    execFile('git', ['rev-parse', '--short', 'HEAD'], { cwd: root }, (error, stdout) =>
      resolve(error === null ? stdout.trim() : ''),
    );
  });
  return `Muster ${version}${commit === '' ? '' : ` at ${commit}`}`;
}

/** Versions in package.json are exact. */
async function yardstickVersions(): Promise<readonly string[]> {
  const { devDependencies } = await packageFile();
  const mosquitto = await mosquittoVersion();
  const ofNpm = ['graphile-worker', 'aedes', 'mqtt'].map((name) => `${name} ${devDependencies[name] ?? ''}`);
  return [...(mosquitto === undefined ? [] : [`Mosquitto ${mosquitto}`]), ...ofNpm];
}

const sqlite = (): string => `SQLite ${process.versions['sqlite']}: WAL, \`synchronous=FULL\`, 64 MiB of page cache.`;

const shown = [
  'synchronous_commit',
  'fsync',
  'full_page_writes',
  'wal_sync_method',
  'shared_buffers',
  'max_wal_size',
] as const;

/** As a server says it that was started like that of the benches. */
async function postgres(): Promise<string> {
  const server = await startPostgres({ settings: postgresSettings });
  const client = new pg.Client({ connectionString: server.url('postgres') });
  try {
    await client.connect();
    const values = [];
    for (const name of ['server_version', ...shown]) {
      const { rows } = await client.query<{ value: string }>('SELECT current_setting($1) AS value', [name]);
      values.push(rows[0]?.value ?? '');
    }
    const [version, ...settings] = values;
    return `PostgreSQL ${version}: ${settings.map((value, index) => `\`${shown[index]}=${value}\``).join(', ')}, else its defaults.`;
  } finally {
    await client.end();
    await server.stop();
  }
}
