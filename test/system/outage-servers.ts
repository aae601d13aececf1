import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import {
  type DebianPostgres,
  postgresFolder,
  postgresIdentity,
  startDebianPostgres,
} from '../../scripts/lib/debian-postgres.ts';
import { freePort } from '../../scripts/lib/free-ports.ts';

/** An empty primary; gone with the test. */
export async function startPrimary(): Promise<DebianPostgres> {
  const primary = await startDebianPostgres({ locale: ['--locale=C.UTF-8'], settings: [] });
  onTestFinished(() => primary.remove());
  return primary;
}

/** A server that follows the primary, whose commits wait for it from now on; gone with the test. */
export async function startStandby(primary: DebianPostgres): Promise<DebianPostgres> {
  const standby = await primary.follow();
  onTestFinished(() => standby.remove());
  await setSynchronousStandbys(primary, '*');
  return standby;
}

/** Which standbys commits wait for: `'*'` any one, `''` none. */
export async function setSynchronousStandbys(server: DebianPostgres, names: string): Promise<void> {
  await query(server.url('postgres'), `ALTER SYSTEM SET synchronous_standby_names = '${names}'`);
  await query(server.url('postgres'), 'SELECT pg_reload_conf()');
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
  const folder = postgresFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
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
  const child = spawn('/usr/sbin/pgbouncer', ['-q', settings], {
    stdio: 'inherit',
    cwd: folder,
    ...postgresIdentity(),
  });
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  const url = (database: string): string => `postgres://muster@127.0.0.1:${port}/${database}`;
  await ready(url('postgres'));
  return url;
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
