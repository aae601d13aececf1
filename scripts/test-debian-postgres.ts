import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * `npm run test:debian-postgres -- [test files]`: the tests of the store's PostgreSQL driver and of what stands closest to it on the
 * PostgreSQL that Debian installs, instead of the one from npm. It is older, and here it sorts as English does rather than by letters:
 * nothing may depend on either.
 */
const cheapSuites = [
  'packages/server/test/store/postgres.test.ts',
  'packages/server/test/engine/commands.test.ts',
  'packages/server/test/engine/set-up.test.ts',
  'packages/server/test/engine/subtask-transitions.test.ts',
  'packages/server/test/engine/task-transitions.test.ts',
  'packages/server/test/http/v5/groups.test.ts',
];

const root = '/usr/lib/postgresql';
const user = 'muster';

function binaries(): string {
  const versions = existsSync(root)
    ? readdirSync(root).filter((name) => existsSync(join(root, name, 'bin/initdb')))
    : [];
  const [oldest] = versions.toSorted((a, b) => Number(a) - Number(b));
  if (oldest === undefined) throw new Error("There is no PostgreSQL of Debian's: apt-get install postgresql-15.");
  return join(root, oldest, 'bin');
}

/** PostgreSQL refuses to run as root. */
function identity(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

interface Cluster {
  /** With `DATABASE` in place of the database's name. */
  readonly url: string;
  stop(): Promise<void>;
}

async function startCluster(bin: string): Promise<Cluster> {
  const as = { cwd: tmpdir(), ...identity() };
  const folder = mkdtempSync(join(tmpdir(), 'muster-debian-postgres-'));
  if (as.uid !== undefined && as.gid !== undefined) chownSync(folder, as.uid, as.gid);
  const data = join(folder, 'data');
  const english = ['--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=en-US'];
  const initdb = ['-D', data, '-U', user, '--auth=trust', '--encoding=UTF8', ...english];
  execFileSync(join(bin, 'initdb'), initdb, { stdio: ['ignore', 'ignore', 'inherit'], ...as });
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', 'max_connections=300', 'fsync=off', 'full_page_writes=off'];
  const flags = ['-D', data, '-p', String(port), '-k', folder, ...settings.flatMap((setting) => ['-c', setting])];
  const server = spawn(join(bin, 'postgres'), flags, { stdio: ['ignore', 'ignore', 'pipe'], ...as });
  await becomesReady(server);
  return {
    url: `postgres://${user}@127.0.0.1:${port}/DATABASE`,
    async stop() {
      const ended = once(server, 'exit');
      // Fast: connections that are left are ended.
      server.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The server says so in its log. */
function becomesReady(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (log.includes('database system is ready to accept connections')) resolve();
    });
    server.once('exit', () => reject(new Error(`PostgreSQL did not start.\n${log}`)));
  });
}

const bin = binaries();
process.stdout.write(execFileSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' }));
const cluster = await startCluster(bin);
try {
  const files = process.argv.length > 2 ? process.argv.slice(2) : cheapSuites;
  const tests = spawn('vitest', ['run', '--project', 'postgres', ...files], {
    stdio: 'inherit',
    env: { ...process.env, MUSTER_TEST_POSTGRES_URL: cluster.url },
  });
  const [code] = (await once(tests, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
} finally {
  await cluster.stop();
}
