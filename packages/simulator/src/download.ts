import { createHash, type Hash } from 'node:crypto';
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { createLimiter, type Limiter } from './limiter.ts';
import { pause } from './pause.ts';

/** What is fetched and who is told about it. */
export interface DownloadRequest {
  readonly url: string;
  /** Sent as `Authorization: Bearer` (device 8.1). */
  readonly accessToken: string | undefined;
  readonly signal: AbortSignal;
  /** Awaited, so that a slow reader slows the transfer. */
  readonly onBytes?: (received: number, total: number | undefined) => void | Promise<void>;
}

/** What arrived. */
export interface DownloadResult {
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** How often a broken transfer was continued. */
  readonly resumes: number;
}

/** The server's refusal; trying again is no use. */
export class DownloadRefused extends Error {
  override readonly name = 'DownloadRefused';
  readonly status: number;
  constructor(status: number) {
    super(`The package server answered ${status}`);
    this.status = status;
  }
}

/** Fetches packages for all devices of a fleet, over a shared pool of connections. */
export interface Downloader {
  download(request: DownloadRequest): Promise<DownloadResult>;
  close(): void;
}

/** Limits of a downloader. */
export interface DownloaderOptions {
  /** Transfers at once. */
  readonly concurrency: number;
  /** How often one transfer is tried before it counts as failed. */
  readonly attempts: number;
  /** Pause before a broken transfer goes on. */
  readonly resumeDelayMs: number;
  /** false accepts any certificate, as small devices do. */
  readonly rejectUnauthorized: boolean;
  /** Whom to trust instead of the system's authorities, PEM. */
  readonly ca?: string;
}

interface Transfer {
  hash: Hash;
  bytes: number;
  total: number | undefined;
  etag: string | undefined;
  resumes: number;
}

const newTransfer = (): Transfer => ({
  hash: createHash('sha256'),
  bytes: 0,
  total: undefined,
  etag: undefined,
  resumes: 0,
});

interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

function headersOf(request: DownloadRequest, transfer: Transfer): Record<string, string> {
  const headers: Record<string, string> = {};
  if (request.accessToken !== undefined) headers['Authorization'] = `Bearer ${request.accessToken}`;
  if (transfer.bytes > 0) headers['Range'] = `bytes=${transfer.bytes}-`;
  // Without it a package that was replaced meanwhile would be glued to the old one's beginning.
  if (transfer.bytes > 0 && transfer.etag !== undefined) headers['If-Range'] = transfer.etag;
  return headers;
}

function get(request: DownloadRequest, transfer: Transfer, agents: Agents): Promise<IncomingMessage> {
  const url = new URL(request.url);
  const secure = url.protocol === 'https:';
  const options = {
    agent: secure ? agents.https : agents.http,
    headers: headersOf(request, transfer),
    signal: request.signal,
  };
  return new Promise((resolve, reject) => {
    const sent = (secure ? requestHttps : requestHttp)(url, options, resolve);
    sent.once('error', reject);
    sent.end();
  });
}

/** Sorts the answer: where its body belongs in the file, or no body at all. */
function placeBody(response: IncomingMessage, transfer: Transfer): void {
  const status = response.statusCode ?? 0;
  if (status === 206) {
    if (!response.headers['content-range']?.startsWith(`bytes ${transfer.bytes}-`)) {
      response.destroy();
      throw new Error('The package server sent another range');
    }
    transfer.resumes += 1;
    return;
  }
  if (status !== 200) {
    response.destroy();
    if (status >= 500) throw new Error(`The package server answered ${status}`);
    throw new DownloadRefused(status);
  }
  // The whole file again: what came before does not count.
  transfer.hash = createHash('sha256');
  transfer.bytes = 0;
  const length = Number(response.headers['content-length']);
  transfer.total = Number.isSafeInteger(length) ? length : undefined;
  transfer.etag = response.headers.etag;
}

async function receive(request: DownloadRequest, transfer: Transfer, agents: Agents): Promise<void> {
  const response = await get(request, transfer, agents);
  placeBody(response, transfer);
  for await (const chunk of response as AsyncIterable<Buffer>) {
    transfer.hash.update(chunk);
    transfer.bytes += chunk.length;
    await request.onBytes?.(transfer.bytes, transfer.total);
    request.signal.throwIfAborted();
  }
  if (transfer.total !== undefined && transfer.bytes !== transfer.total) throw new Error('The transfer ended early');
}

async function transferAll(request: DownloadRequest, agents: Agents, options: DownloaderOptions): Promise<Transfer> {
  const transfer = newTransfer();
  for (let attempt = 1; ; attempt += 1) {
    try {
      await receive(request, transfer, agents);
      return transfer;
    } catch (error) {
      request.signal.throwIfAborted();
      // Broken behind the last byte: nothing is left to ask for.
      if (transfer.bytes > 0 && transfer.bytes === transfer.total) return transfer;
      if (error instanceof DownloadRefused || attempt >= options.attempts) throw error;
      await pause(options.resumeDelayMs, request.signal);
    }
  }
}

/** A downloader; `close` breaks what is under way. */
export function createDownloader(options: DownloaderOptions): Downloader {
  const pool = { keepAlive: true, maxSockets: options.concurrency };
  const agents = {
    http: new HttpAgent(pool),
    https: new HttpsAgent({ ...pool, rejectUnauthorized: options.rejectUnauthorized, ca: options.ca }),
  };
  const limiter: Limiter = createLimiter(options.concurrency);
  return {
    async download(request) {
      const transfer = await limiter.run(() => transferAll(request, agents, options), request.signal);
      return { bytes: transfer.bytes, sha256: transfer.hash.digest('hex'), resumes: transfer.resumes };
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}
