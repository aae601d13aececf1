import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { makeSelfSignedCertificate } from '../../packages/server/src/system/self-signed-certificate.ts';

export interface RecordedCall {
  readonly method: string;
  /** Path and query as they came. */
  readonly target: string;
  /** Names as they came. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The common name of the client's certificate. */
  readonly certificate: string | undefined;
}

export interface CannedAnswer {
  readonly status?: number;
  /** Absent: empty. */
  readonly body?: unknown;
}

export interface LegacyRecorder {
  readonly port: number;
  /** A folder for the test's files; holds `tls-cert.pem`, the certificate of this server, and `tls-key.pem`. */
  readonly folder: string;
  readonly calls: readonly RecordedCall[];
  connections(): number;
}

const dayMs = 86_400_000;

/** For 127.0.0.1 alone: whoever says `localhost` meets a certificate of another name. */
async function writeCertificate(folder: string) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const now = Date.now();
  const life = { notBefore: now - dayMs, notAfter: now + dayMs };
  const cert = makeSelfSignedCertificate({ privateKey: key, hosts: ['127.0.0.1'], ...life });
  await writeFile(join(folder, 'tls-cert.pem'), cert);
  await writeFile(join(folder, 'tls-key.pem'), key);
  return { cert, key };
}

function namesAndValues({ rawHeaders }: IncomingMessage): Record<string, string> {
  const pairs = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1]]] : []));
  return Object.fromEntries(pairs) as Record<string, string>;
}

async function recordedOf(request: IncomingMessage): Promise<RecordedCall> {
  const { method = '', url = '' } = request;
  const { subject } = (request.socket as TLSSocket).getPeerCertificate();
  const certificate = subject?.CN as string | undefined;
  return { method, target: url, headers: namesAndValues(request), body: await text(request), certificate };
}

/**
 * Keeps what legacy clients put on the wire and answers what the test says: not the server that they are made for, but the only way
 * to see their bytes. Ends with the test.
 */
export async function startLegacyRecorder(answer: (call: RecordedCall) => CannedAnswer): Promise<LegacyRecorder> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-legacy-'));
  const calls: RecordedCall[] = [];
  let connections = 0;
  const pair = await writeCertificate(folder);
  const server = createServer({ ...pair, requestCert: true, rejectUnauthorized: false }, (request, response) => {
    void recordedOf(request).then((call) => {
      calls.push(call);
      const { status = 200, body } = answer(call);
      response.writeHead(status, status === 204 ? {} : { 'content-type': 'application/json' });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    });
  });
  server.on('secureConnection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await rm(folder, { recursive: true, force: true });
  });
  return { port: (server.address() as AddressInfo).port, folder, calls, connections: () => connections };
}
