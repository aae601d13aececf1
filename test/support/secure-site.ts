import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createV5Client, type V5Client } from '@muster/sdk';
import { onTestFinished } from 'vitest';
import { trustingFetch } from '../../scripts/lib/trusting-fetch.ts';
import { readCredentials } from './installation.ts';
import { type RunningServer, runServer } from './run-server.ts';

/** The ready file of a server that listens everywhere. */
export interface SecureAddresses {
  readonly http: string;
  readonly https: string;
  readonly mqtt: string;
  readonly mqtts: string;
  readonly packages: string;
  readonly packagesHttp: string;
}

/** A data folder on which the server's command is run, with every listener on a free port. */
export interface SecureSite {
  readonly dataDir: string;
  start(settings?: Readonly<Record<string, string>>): Promise<SecureAddresses>;
  stop(): Promise<void>;
  /** The certificate that the server has made, PEM. */
  ownCertificate(): Promise<string>;
  /** Trusts the server's own certificate and no other. */
  fetch(): Promise<typeof fetch>;
  client(endpoint: string): Promise<V5Client>;
}

const everywhere = {
  MUSTER_HTTP_PORT: '0',
  MUSTER_HTTPS_PORT: '0',
  MUSTER_MQTT_PORT: '0',
  MUSTER_AMQP_PORT: '0',
  MUSTER_MQTTS_PORT: '0',
  MUSTER_PACKAGES_HTTP_PORT: '0',
  MUSTER_PACKAGES_HTTPS_PORT: '0',
  MUSTER_MQTT_DELIVERY_DELAY_MILLISECONDS: '0',
};

export async function createSecureSite(): Promise<SecureSite> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const dataDir = join(folder, 'data');
  const readyFile = join(folder, 'ready.json');
  let server: RunningServer | undefined;
  const ownCertificate = (): Promise<string> => readFile(join(dataDir, 'tls-cert.pem'), 'utf8');
  const trusting = async () => trustingFetch(await ownCertificate()) as typeof fetch;
  return {
    dataDir,
    ownCertificate,
    fetch: trusting,
    async start(settings = {}) {
      server = runServer({ MUSTER_DATA_DIR: dataDir, MUSTER_READY_FILE: readyFile, ...everywhere, ...settings });
      await server.printed('muster ready');
      return JSON.parse(await readFile(readyFile, 'utf8')) as SecureAddresses;
    },
    async stop() {
      server?.child.kill('SIGTERM');
      await server?.ended;
    },
    async client(endpoint) {
      const { accessKey, secretKey, projectId } = await readCredentials(dataDir);
      const credentials = { kind: 'aksk', accessKey, secretKey } as const;
      const send = endpoint.startsWith('https:') ? { fetch: await trusting() } : {};
      return createV5Client({ endpoint, projectId, credentials, ...send });
    },
  };
}

export const portOf = (url: string): number => Number(new URL(url).port);
