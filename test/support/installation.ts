import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createV5Client, type V5Client } from '@muster/sdk';
import { onTestFinished } from 'vitest';
import { type ServerProcess, startServer } from '../../scripts/demo/server-process.ts';
import { freePorts } from '../../scripts/lib/free-ports.ts';
import { builtServer } from './built-server.ts';

/** A data folder and three ports on which the server process is started again and again. */
export interface Installation {
  readonly dataDir: string;
  readonly httpUrl: string;
  readonly mqttUrl: string;
  readonly amqpUrl: string;
  start(): Promise<ServerProcess>;
  /** SIGKILL, as a pulled plug. */
  kill(): Promise<void>;
  /** SIGTERM; the exit code. */
  stop(): Promise<number | null>;
  /** Signed with the first access key; works after every restart. */
  client(): Promise<V5Client>;
}

/** The whole fleet signs in from one address, and pushes go to this machine. */
const common = {
  MUSTER_LOG_LEVEL: 'error',
  MUSTER_PUSH_ALLOW_PRIVATE: '127.0.0.0/8',
  MUSTER_MQTT_AUTH_BACKOFF_SECONDS: '0',
};

/** Nothing is started yet. Process and folder are gone when the test is over, however it ends. */
export async function createInstallation(settings: Readonly<Record<string, string>> = {}): Promise<Installation> {
  const dataDir = await mkdtemp(join(tmpdir(), 'muster-test-'));
  const [http = 0, mqtt = 0, amqp = 0] = await freePorts(3);
  const ports = { MUSTER_HTTP_PORT: String(http), MUSTER_MQTT_PORT: String(mqtt), MUSTER_AMQP_PORT: String(amqp) };
  let server: ServerProcess | undefined;
  const kill = async (): Promise<void> => {
    await server?.kill();
    server = undefined;
  };
  onTestFinished(async () => {
    await kill();
    await rm(dataDir, { recursive: true, force: true });
  });
  return {
    dataDir,
    httpUrl: `http://127.0.0.1:${http}`,
    mqttUrl: `mqtt://127.0.0.1:${mqtt}`,
    amqpUrl: `amqp://127.0.0.1:${amqp}`,
    kill,
    async start() {
      server = await startServer({
        program: builtServer(),
        dataDir,
        settings: { ...common, ...ports, ...settings },
        log: 'inherit',
      });
      return server;
    },
    async stop() {
      const code = (await server?.stop()) ?? null;
      server = undefined;
      return code;
    },
    client: async () => createV5Client(await clientOptions(dataDir, `http://127.0.0.1:${http}`)),
  };
}

/** The credentials file of the data folder. */
export interface StoredCredentials {
  readonly domain: string;
  readonly user: string;
  readonly password: string;
  readonly projectId: string;
  readonly projectName: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly defaultAppId: string;
  readonly legacyAppSecret: string;
}

export async function readCredentials(dataDir: string): Promise<StoredCredentials> {
  return JSON.parse(await readFile(join(dataDir, 'credentials.json'), 'utf8')) as StoredCredentials;
}

async function clientOptions(dataDir: string, endpoint: string) {
  const { accessKey, secretKey, projectId } = await readCredentials(dataDir);
  return { endpoint, projectId, credentials: { kind: 'aksk', accessKey, secretKey } as const };
}
