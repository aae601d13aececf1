import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createV5Client, type V5Client } from '@muster/sdk';
import { startServer } from '../../scripts/demo/server-process.ts';

export interface BenchServer {
  readonly client: V5Client;
  readonly mqttUrl: string;
  readonly dataDir: string;
  stop(): Promise<void>;
}

/** Muster as its own process, as an operator starts it, in a temporary data folder. */
export async function startBenchServer(settings: Readonly<Record<string, string>> = {}): Promise<BenchServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'muster-bench-'));
  const server = await startServer({
    dataDir,
    log: 'ignore',
    settings: { MUSTER_LOG_LEVEL: 'error', MUSTER_MQTT_AUTH_BACKOFF_SECONDS: '0', ...settings },
  });
  const text = await readFile(join(dataDir, 'credentials.json'), 'utf8');
  const { accessKey, secretKey } = JSON.parse(text) as { accessKey: string; secretKey: string };
  const { http: endpoint, mqtt: mqttUrl, projectId } = server.addresses;
  return {
    client: createV5Client({ endpoint, projectId, credentials: { kind: 'aksk', accessKey, secretKey } }),
    mqttUrl,
    dataDir,
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
