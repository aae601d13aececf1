import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-ports.ts';

const root = '/usr/lib/postgresql';
const user = 'muster';

/** A cluster of the PostgreSQL that Debian installs, in a temporary folder. */
export interface DebianPostgres {
  readonly port: number;
  readonly url: (database: string) => string;
  /** As a machine that loses its power; idempotent. */
  kill(): Promise<void>;
  /** As a machine that stands still, with all its connections open: nothing is answered any more. */
  freeze(): void;
  /** Another server that follows this one. */
  follow(): Promise<DebianPostgres>;
  /** A follower becomes the primary. */
  promote(): void;
  /** The server has ended, and its folder is gone; idempotent. */
  remove(): Promise<void>;
}

export interface DebianPostgresOptions {
  /** For `initdb`, beside user and encoding. */
  readonly locale: readonly string[];
  /** Server settings beside the defaults, e.g. `['fsync=off']`. */
  readonly settings: readonly string[];
}

/** Where the programs of the oldest installed version are; throws where there is none. */
export function debianPostgresPrograms(): string {
  const versions = existsSync(root)
    ? readdirSync(root).filter((name) => existsSync(join(root, name, 'bin/initdb')))
    : [];
  const [oldest] = versions.toSorted((a, b) => Number(a) - Number(b));
  if (oldest === undefined) throw new Error("There is no PostgreSQL of Debian's: apt-get install postgresql.");
  return join(root, oldest, 'bin');
}

/** Neither PostgreSQL nor PgBouncer runs as root. */
export function postgresIdentity(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/** A temporary folder that PostgreSQL may write to. */
export function postgresFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'muster-debian-postgres-'));
  const { uid, gid } = postgresIdentity();
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  return folder;
}

/** An empty cluster on a free port. */
export function startDebianPostgres({ locale, settings }: DebianPostgresOptions): Promise<DebianPostgres> {
  const folder = postgresFolder();
  run('initdb', ['-D', join(folder, 'data'), '-U', user, '--auth=trust', '--encoding=UTF8', ...locale]);
  return startServer(folder, settings);
}

function run(program: string, args: readonly string[]): void {
  execFileSync(join(debianPostgresPrograms(), program), [...args], {
    stdio: 'pipe',
    cwd: tmpdir(),
    ...postgresIdentity(),
  });
}

async function startServer(folder: string, settings: readonly string[]): Promise<DebianPostgres> {
  const data = join(folder, 'data');
  const port = await freePort();
  const flags = ['listen_addresses=127.0.0.1', ...settings].flatMap((setting) => ['-c', setting]);
  const server = spawn(
    join(debianPostgresPrograms(), 'postgres'),
    ['-D', data, '-p', String(port), '-k', folder, ...flags],
    { stdio: ['ignore', 'ignore', 'pipe'], cwd: tmpdir(), ...postgresIdentity() },
  );
  const exited = once(server, 'exit');
  const url = (database: string): string => `postgres://${user}@127.0.0.1:${port}/${database}`;
  const signalAll = (signal: NodeJS.Signals): void => {
    const { pid } = server;
    if (pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
    for (const one of [pid, ...children.map(Number)]) signalOne(one, signal);
  };
  const kill = async (): Promise<void> => {
    signalAll('SIGCONT');
    // SIGQUIT is what PostgreSQL calls an immediate shutdown: no checkpoint, no goodbye.
    if (server.exitCode === null && server.signalCode === null) server.kill('SIGQUIT');
    await exited;
  };
  await becomesReady(server);
  return {
    port,
    url,
    kill,
    freeze: () => signalAll('SIGSTOP'),
    promote: () => run('pg_ctl', ['promote', '-w', '-D', data]),
    follow() {
      const other = postgresFolder();
      const copy = join(other, 'data');
      run('pg_basebackup', ['-D', copy, '-R', '-X', 'stream', '--checkpoint=fast', '-d', url('postgres')]);
      return startServer(other, settings);
    },
    async remove() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One that has ended meanwhile needs no signal. */
function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The server says so in its log: a primary that it takes connections, a follower that it takes reading ones. */
function becomesReady(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    let isReady = false;
    // It is read to the end, or the server would stand still one day; it is kept until then.
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (isReady) return;
      log += text;
      isReady = /database system is ready to accept (read-only )?connections/.test(log);
      if (isReady) resolve();
    });
    server.once('exit', () => reject(new Error(`PostgreSQL did not start.\n${log}`)));
  });
}
