import { type IncomingMessage, type Server, type ServerOptions, type ServerResponse, createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { Problem } from '../../domain/problem.ts';
import type { HttpHost } from '../host.ts';
import { type ListenOptions, listenOn } from '../listen-on.ts';
import { wireErrorOfProblem } from '../wire-error.ts';
import type { DownloadHandler } from './download-handler.ts';
import { sendRefusal } from './send-head.ts';

export interface PackagesListenerOptions {
  readonly handle: DownloadHandler;
  readonly host: HttpHost;
  /** Certificate and key; absent: plain HTTP. */
  readonly tls?: Pick<TlsOptions, 'cert' | 'key' | 'ca'>;
  readonly connectionsMax?: number;
}

export interface PackagesListener {
  /** Resolves with the address that is really listened on. */
  listen(options: ListenOptions): Promise<AddressInfo>;
  /** Stops accepting and lets transfers go on for `graceMs`; idempotent. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Device 8.1: package downloads for device libraries that write their requests carelessly. The lenient parser stands here alone, where
 * nothing but one kind of GET is served, no body is taken and each connection carries one request: what a lenient parser may
 * misread (where a request ends, whose it is) has nothing to misread.
 */
export function createPackagesListener(options: PackagesListenerOptions): PackagesListener {
  const server = createLenientServer(options);
  let closed: Promise<void> | undefined;
  return {
    listen: (where) => listenOn(server, where),
    close: (graceMs = 10_000) => {
      closed ??= close(server, options.host, graceMs);
      return closed;
    },
  };
}

const serverOptions = {
  insecureHTTPParser: true,
  requireHostHeader: false,
  keepAlive: false,
  noDelay: true,
  maxHeaderSize: 16 * 1024,
  headersTimeout: 20_000,
  requestTimeout: 20_000,
  connectionsCheckingInterval: 5000,
} as const satisfies ServerOptions & { noDelay: boolean };

function createLenientServer({ handle, host, tls, connectionsMax = 10_000 }: PackagesListenerOptions): Server {
  const receive = (message: IncomingMessage, response: ServerResponse): void => {
    response.shouldKeepAlive = false;
    response.setHeader('X-Request-Id', newRequestId(host));
    if (hasBody(message)) refuseBody(response);
    else void handle(message, response);
  };
  const server =
    tls === undefined
      ? createServer(serverOptions, receive)
      : createTlsServer({ ...serverOptions, ...tls, minVersion: 'TLSv1.2', ALPNProtocols: ['http/1.1'] }, receive);
  server.on('checkExpectation', receive);
  server.on('clientError', (_error: Error, socket: Socket) => answerUnreadable(socket, newRequestId(host)));
  server.maxConnections = connectionsMax;
  return server;
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
}

function refuseBody(response: ServerResponse): void {
  const problem = new Problem('badRequest', { args: ['A download request has no body.'] });
  sendRefusal(response, wireErrorOfProblem(problem));
}

const newRequestId = ({ random }: HttpHost): string => Buffer.from(random.bytes(16)).toString('hex');

function answerUnreadable(socket: Socket, requestId: string): void {
  const lines = ['HTTP/1.1 400 Bad Request', 'Content-Length: 0', `X-Request-Id: ${requestId}`, 'Connection: close'];
  if (!socket.writable) socket.destroy();
  else socket.end(`${lines.join('\r\n')}\r\n\r\n`, () => socket.destroy());
}

async function close(server: Server, { clock, log }: HttpHost, graceMs: number): Promise<void> {
  if (!server.listening) return;
  const cut = clock.setTimer(graceMs, () => {
    log.warn({ graceMs }, 'package downloads did not finish in time and are cut');
    server.closeAllConnections();
  });
  const done = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await done;
  cut.cancel();
}
