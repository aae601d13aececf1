import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createV5Client, type V5Client } from '@muster/sdk';
import { onTestFinished } from 'vitest';
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
  const trustingFetch = async (): Promise<typeof fetch> => trusting(await ownCertificate());
  return {
    dataDir,
    ownCertificate,
    fetch: trustingFetch,
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
      const send = endpoint.startsWith('https:') ? { fetch: await trustingFetch() } : {};
      return createV5Client({ endpoint, projectId, credentials, ...send });
    },
  };
}

/** The global `fetch` takes no certificates. */
function trusting(ca: string): typeof fetch {
  const send = async (url: string, init: RequestInit): Promise<Response> => {
    if (!url.startsWith('https:')) return fetch(url, init);
    const body = Buffer.from(await new Response(init.body ?? null).arrayBuffer());
    const headers = Object.fromEntries(new Headers(init.headers));
    const sent = request(url, { method: init.method ?? 'GET', headers, ca, agent: false });
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const answered = await text(answer);
    return new Response(answered === '' ? null : answered, { status: answer.statusCode ?? 0 });
  };
  return send as typeof fetch;
}

export const portOf = (url: string): number => Number(new URL(url).port);
