import { createHash } from 'node:crypto';
import { request as send, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { type SigningInput, canonicalRequest, signatureOf } from '../../src/http/auth/signature.ts';
import { parseTarget } from '../../src/http/request-target.ts';

/** An answer as the wire had it. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON; undefined where it is empty or none. */
  readonly json: unknown;
}

export interface HttpCall {
  readonly method?: string;
  /** Path and query, sent as they are. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
}

/** One request over a socket of its own; nothing about it is made nicer than it was asked for. */
export function call(port: number, { method = 'GET', path, headers = {}, body }: HttpCall): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    // Node's client sends the body of a GET or DELETE without any length otherwise.
    const length =
      body === undefined || 'Transfer-Encoding' in headers ? {} : { 'Content-Length': Buffer.byteLength(body) };
    const options = { host: '127.0.0.1', port, method, path, headers: { ...length, ...headers }, agent: false };
    const request = send(options, (response) => {
      readText(response).then(
        (text) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: jsonOf(text) }),
        reject,
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

function jsonOf(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Writes raw bytes and returns all that comes back until the server closes. */
export function callRaw(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(bytes));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    socket.on('error', reject);
  });
}

export interface SigningKey {
  readonly accessKey: string;
  readonly secretKey: string;
}

export interface SignOptions {
  /** `yyyyMMdd'T'HHmmss'Z'`. */
  readonly date: string;
  readonly host?: string;
  readonly algorithm?: SigningInput['algorithm'];
  readonly region?: string;
  /** Sent and signed as X-Sdk-Content-Sha256. */
  readonly contentSha256?: string;
}

/** The call with the headers of v5 2.2 or 2.3 on it; all its own headers are signed. */
export function signed(key: SigningKey, target: HttpCall, options: SignOptions): HttpCall {
  const { date, host = '127.0.0.1:8099', algorithm = 'SDK-HMAC-SHA256', region = 'cn-test-1', contentSha256 } = options;
  const declared = contentSha256 === undefined ? {} : { 'X-Sdk-Content-Sha256': contentSha256 };
  const headers: Record<string, string> = { Host: host, 'X-Sdk-Date': date, ...declared };
  for (const [name, value] of Object.entries(target.headers ?? {})) headers[name] = String(value);
  const ordered = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const payloadHash =
    contentSha256 ??
    createHash('sha256')
      .update(target.body ?? '')
      .digest('hex');
  const canonical = canonicalRequest({
    method: target.method ?? 'GET',
    target: parseTarget(target.path),
    headers: ordered,
    payloadHash,
  });
  const info = algorithm === 'V11-HMAC-SHA256' ? `${date.slice(0, 8)}/${region}/iotdm` : undefined;
  const signature = signatureOf({ ...key, algorithm, date, info }, canonical);
  const who = info === undefined ? `Access=${key.accessKey}` : `Credential=${key.accessKey}/${info}`;
  const names = ordered.map(([name]) => name).join(';');
  const authorization = `${algorithm} ${who}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...target, headers: { ...headers, Authorization: authorization } };
}
