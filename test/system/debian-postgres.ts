import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { freePorts } from '../support/free-ports.ts';

/** The newest of Debian's PostgreSQL servers, with the tools that the one from npm does not have. */
function binaries(): string {
  const root = '/usr/lib/postgresql';
  const [version] = readdirSync(root).toSorted((a, b) => Number(b) - Number(a));
  return join(root, version ?? '', 'bin');
}

/** Neither PostgreSQL nor PgBouncer runs as root. */
function identity(): { readonly uid: number; readonly gid: number } {
  if (userInfo().uid !== 0) return { uid: userInfo().uid, gid: userInfo().gid };
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'muster-system-'));
  const { uid, gid } = identity();
  chownSync(folder, uid, gid);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface DebianPostgres {
  readonly port: number;
  readonly url: (database: string) => string;
  /** As a machine that loses its power. */
  kill(): Promise<void>;
  /** Another server that follows this one; commits wait for it. */
  follow(): Promise<DebianPostgres>;
  /** A follower becomes the primary. */
  promote(): Promise<void>;
}

/** An empty cluster of its own on a free port; gone with the test. */
export async function startDebianPostgres(): Promise<DebianPostgres> {
  const data = join(newFolder(), 'data');
  run('initdb', ['-D', data, '-U', 'muster', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8']);
  appendFileSync(join(data, 'postgresql.conf'), `synchronous_standby_names = ''\nwal_level = replica\n`);
  return startServer(data);
}

function run(program: string, args: readonly string[]): void {
  execFileSync(join(binaries(), program), [...args], { stdio: 'pipe', cwd: tmpdir(), ...identity() });
}

async function startServer(data: string): Promise<DebianPostgres> {
  const [port = 0] = await freePorts(1);
  const options = ['-D', data, '-p', String(port), '-k', data, '-c', 'listen_addresses=127.0.0.1'];
  const child = spawn(join(binaries(), 'postgres'), options, { stdio: 'ignore', cwd: tmpdir(), ...identity() });
  const exited = once(child, 'exit');
  const kill = async (): Promise<void> => {
    // SIGQUIT is what PostgreSQL calls an immediate shutdown: no checkpoint, no goodbye.
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGQUIT');
    await exited;
  };
  onTestFinished(kill);
  const url = (database: string): string => `postgres://muster@127.0.0.1:${port}/${database}`;
  await ready(url('postgres'));
  return {
    port,
    url,
    kill,
    promote: () => Promise.resolve(run('pg_ctl', ['promote', '-w', '-D', data])),
    async follow() {
      const copy = join(newFolder(), 'data');
      run('pg_basebackup', ['-D', copy, '-R', '-X', 'stream', '--checkpoint=fast', '-d', url('postgres')]);
      const follower = await startServer(copy);
      await query(url('postgres'), `ALTER SYSTEM SET synchronous_standby_names = '*'`);
      await query(url('postgres'), 'SELECT pg_reload_conf()');
      return follower;
    },
  };
}

async function ready(url: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await query(url, 'SELECT 1');
      return;
    } catch (error) {
      if (tries > 300) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

export async function query<Row>(url: string, text: string): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows as Row[];
  } finally {
    await client.end();
  }
}

/** PgBouncer in transaction mode before a server; returns the URL of a database through it. */
export async function startPgBouncer(server: DebianPostgres): Promise<(database: string) => string> {
  const folder = newFolder();
  const [port = 0] = await freePorts(1);
  const settings = join(folder, 'pgbouncer.ini');
  writeFileSync(
    settings,
    [
      '[databases]',
      `* = host=127.0.0.1 port=${server.port} user=muster`,
      '[pgbouncer]',
      `listen_addr = 127.0.0.1`,
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = any',
      'pool_mode = transaction',
      // Fewer than the store's own: transactions of one client run on many server connections.
      'default_pool_size = 4',
      '',
    ].join('\n'),
  );
  const child = spawn('/usr/sbin/pgbouncer', ['-q', settings], { stdio: 'inherit', cwd: folder, ...identity() });
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  const url = (database: string): string => `postgres://muster@127.0.0.1:${port}/${database}`;
  await ready(url('postgres'));
  return url;
}
