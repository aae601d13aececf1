import { createV5Client, type V5Client } from '@muster/sdk';
import { startServer } from '../../scripts/demo/server-process.ts';
import type { BenchDatabase } from './bench-database.ts';
import { installation } from './installation.ts';

export interface BenchServer extends AsyncDisposable {
  readonly client: V5Client;
  /** Of both APIs. */
  readonly endpoint: string;
  readonly mqttUrl: string;
  readonly pid: number;
}

/** Muster as its own process, as an operator starts it, on a database that was seeded before. */
export async function startBenchServer(
  database: BenchDatabase,
  settings: Readonly<Record<string, string>> = {},
): Promise<BenchServer> {
  const server = await startServer({
    dataDir: database.dataDir,
    log: 'ignore',
    settings: {
      ...database.serverSettings,
      MUSTER_LOG_LEVEL: 'error',
      MUSTER_MQTT_AUTH_BACKOFF_SECONDS: '0',
      ...settings,
    },
  });
  const { http: endpoint, mqtt: mqttUrl } = server.addresses;
  const { projectId, accessKey, secretKey } = installation;
  return {
    client: createV5Client({ endpoint, projectId, credentials: { kind: 'aksk', accessKey, secretKey } }),
    endpoint,
    mqttUrl,
    pid: server.pid,
    [Symbol.asyncDispose]: async () => {
      await server.stop();
    },
  };
}
