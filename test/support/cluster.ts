import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createV5Client, type V5Client } from '@muster/sdk';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { type ServerProcess, startServer } from '../../scripts/demo/server-process.ts';
import { type PostgresServer, startPostgres } from '../../scripts/lib/postgres-server.ts';
import { freePorts } from '../../scripts/lib/free-ports.ts';
import { builtServer } from './built-server.ts';

/** Several server processes on one PostgreSQL, each with a data folder and ports of its own and one folder of packages for all. */
export interface Cluster {
  readonly nodes: readonly ClusterNode[];
  /** All of them, as a fleet takes it. */
  readonly mqttUrls: string;
  readonly postgres: PostgresServer;
  /** What a node of that name is started with, but for its ports. */
  settingsOf(name: string): Readonly<Record<string, string>>;
  /** A connection of the test's own, to look at what is stored. */
  query<Row>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

export interface ClusterNode {
  readonly name: string;
  readonly httpUrl: string;
  readonly mqttUrl: string;
  readonly amqpUrl: string;
  readonly client: V5Client;
  start(): Promise<void>;
  /** SIGKILL, as a pulled plug. */
  kill(): Promise<void>;
  /** SIGTERM; the exit code. */
  stop(): Promise<number | null>;
}

const databaseName = 'muster';
/** A restart of the database writes down what is in memory, and no test here cuts the power. */
const databaseSettings = { max_connections: '200', fsync: 'off', full_page_writes: 'off' };
const account = { accessKey: 'AKTEST0000', secretKey: 'SKTEST0000000000', projectId: '5'.repeat(32) };

const common = {
  MUSTER_LOG_LEVEL: 'error',
  MUSTER_MASTER_KEY: Buffer.alloc(32, 5).toString('base64'),
  MUSTER_ADMIN_AK: account.accessKey,
  MUSTER_ADMIN_SK: account.secretKey,
  MUSTER_PROJECT_ID: account.projectId,
  MUSTER_PUSH_ALLOW_PRIVATE: '127.0.0.0/8',
  MUSTER_MQTT_AUTH_BACKOFF_SECONDS: '0',
};

export interface ClusterOptions {
  readonly names: readonly string[];
  /** Of every node. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Of single nodes, by name. */
  readonly own?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Nothing but the database is started yet. Everything is gone when the test is over, however it ends. */
export async function createCluster({ names, settings = {}, own = {} }: ClusterOptions): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-cluster-'));
  const postgres = await startPostgres({ settings: databaseSettings });
  await postgres.createDatabase(databaseName);
  const ports = await freePorts(names.length * 3);
  const settingsOf = (name: string): Readonly<Record<string, string>> => ({
    ...common,
    MUSTER_DATA_DIR: join(folder, name),
    MUSTER_DATABASE_URL: postgres.url(databaseName),
    MUSTER_NODE_NAME: name,
    MUSTER_PACKAGE_STORE: join(folder, 'packages'),
    // Where a balancer would stand: downloads go on though the node that offered them is gone.
    MUSTER_PUBLIC_URL: `http://127.0.0.1:${ports[(names.length - 1) * 3] ?? 0}`,
    ...settings,
    ...own[name],
  });
  const nodes = names.map((name, index) =>
    createNode({
      name,
      folder: join(folder, name),
      ports: [ports[index * 3] ?? 0, ports[index * 3 + 1] ?? 0, ports[index * 3 + 2] ?? 0],
      settings: settingsOf(name),
    }),
  );
  onTestFinished(async () => {
    await Promise.all(nodes.map((node) => node.kill()));
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    nodes,
    postgres,
    settingsOf,
    mqttUrls: nodes.map(({ mqttUrl }) => mqttUrl).join(','),
    query: (text, values) => query(postgres.url(databaseName), text, values),
  };
}

interface NodeOptions {
  readonly name: string;
  readonly folder: string;
  readonly ports: readonly [http: number, mqtt: number, amqp: number];
  readonly settings: Readonly<Record<string, string>>;
}

function createNode({ name, folder, ports: [http, mqtt, amqp], settings }: NodeOptions): ClusterNode {
  const httpUrl = `http://127.0.0.1:${http}`;
  const credentials = { kind: 'aksk', ...account } as const;
  let server: Promise<ServerProcess> | undefined;
  const end = async (how: 'stop' | 'kill'): Promise<number | null> => {
    // One that could not start has ended by itself.
    const ending = await server?.catch(() => undefined);
    server = undefined;
    if (ending === undefined) return null;
    if (how === 'stop') return ending.stop();
    await ending.kill();
    return null;
  };
  return {
    name,
    httpUrl,
    mqttUrl: `mqtt://127.0.0.1:${mqtt}`,
    amqpUrl: `amqp://127.0.0.1:${amqp}`,
    client: createV5Client({ endpoint: httpUrl, projectId: account.projectId, credentials }),
    async start() {
      await mkdir(folder, { recursive: true });
      const ports = {
        MUSTER_HTTP_PORT: String(http),
        MUSTER_MQTT_PORT: String(mqtt),
        MUSTER_AMQP_PORT: String(amqp),
      };
      server = startServer({
        program: builtServer(),
        dataDir: folder,
        settings: { ...ports, ...settings },
        log: 'inherit',
      });
      await server;
    },
    kill: async () => {
      await end('kill');
    },
    stop: () => end('stop'),
  };
}

async function query<Row>(url: string, text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text, [...values])).rows as Row[];
  } finally {
    await client.end();
  }
}
