import {
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
  STATUS_CODES,
  createServer,
} from 'node:http';
import { type ServerOptions, createServer as createSecureServer } from 'node:https';
import type { Socket } from 'node:net';
import { Problem } from '../domain/problem.ts';
import type { ErrorAnswer, RefusedRequest } from './error-dialect.ts';

export interface RawServerLimits {
  /** Until the last byte of a request's body, uploads of packages included. */
  readonly requestTimeoutMs: number;
  readonly headersTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  /** How often the timeouts are looked at. */
  readonly checkMs: number;
  /** Of each listener; beyond, new ones are closed at once. Default: no limit. */
  readonly connectionsMax?: number;
}

/** PEM texts. */
export interface TlsMaterial {
  readonly cert: string;
  readonly key: string;
  /** Only clients with a certificate of these authorities are let in. */
  readonly clientCa?: string | undefined;
}

/** Node's server with a request id on whatever it answers, the framework's own refusals and unreadable requests included (v5 1). */
export interface RawServer {
  create(handler: RequestListener): Server;
  /** A server of its own over TLS for the handler that `create` was given. */
  createSecure(tls: TlsMaterial): Server;
  /** Ends connections on which nothing was ever asked; Node waits for their first request, also while a server closes. */
  closeUnused(): void;
  requestIdOf(message: IncomingMessage): string;
  /** For Node's `clientError`: what could not be read as HTTP is answered and closed. */
  onClientError(error: Error & { code?: string }, socket: Socket): void;
}

export interface RawServerParts {
  newRequestId(): string;
  readonly limits: RawServerLimits;
  /** How an error of a request is said. */
  answerTo(error: Problem, request: RefusedRequest): ErrorAnswer;
}

export function createRawServer({ newRequestId, limits, answerTo }: RawServerParts): RawServer {
  const ids = new WeakMap<IncomingMessage, string>();
  const answers = new WeakMap<Socket, ServerResponse>();
  const unused = new Set<Socket>();

  let handler: RequestListener = () => {
    throw new Error('The server got a request before its handler.');
  };

  const receive = (message: IncomingMessage, response: ServerResponse): void => {
    const id = newRequestId();
    ids.set(message, id);
    answers.set(message.socket, response);
    unused.delete(message.socket);
    response.setHeader('X-Request-Id', id);
    handler(message, response);
  };

  // Node's own refusal of a request without Host would carry no request id: the hook in http-server.ts refuses it.
  const options = { requireHostHeader: false, connectionsCheckingInterval: limits.checkMs };

  const watch = (socket: Socket): void => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  };

  const prepare = (server: Server, connected: 'connection' | 'secureConnection'): Server => {
    server.on('checkExpectation', receive);
    server.on(connected, watch);
    server.requestTimeout = limits.requestTimeoutMs;
    server.headersTimeout = limits.headersTimeoutMs;
    server.keepAliveTimeout = limits.keepAliveTimeoutMs;
    if (limits.connectionsMax !== undefined) server.maxConnections = limits.connectionsMax;
    return server;
  };

  const onClientError = (error: Error & { code?: string }, socket: Socket): void => {
    const last = answers.get(socket);
    const answer = last?.writableFinished === true ? undefined : last;
    // Bytes in the middle of an answer would be taken for a part of it.
    if (error.code === 'ECONNRESET' || !socket.writable || answer?.headersSent === true) return void socket.destroy();
    // Of a request whose body is what cannot be read is known what it asked.
    const { method = 'GET', url = '/' } = answer?.req ?? {};
    const refusal = answerTo(unreadable, { method, path: url.split('?', 1)[0] ?? '/' });
    socket.end(written(refusal, newRequestId()), () => socket.destroy());
  };

  return {
    create: (given) => {
      handler = given;
      return prepare(createServer(options, receive), 'connection');
    },
    createSecure: (tls) => {
      const server = createSecureServer({ ...options, ...tlsOptions(tls, limits) }, receive);
      // Whoever cannot shake hands cannot read an answer either.
      server.prependListener('tlsClientError', (_error, socket) => socket.destroy());
      server.on('clientError', onClientError);
      return prepare(server, 'secureConnection');
    },
    closeUnused: () => {
      for (const socket of unused) if (socket.bytesRead === 0) socket.destroy();
    },
    requestIdOf: (message) => ids.get(message) ?? newRequestId(),
    onClientError,
  };
}

function tlsOptions({ cert, key, clientCa }: TlsMaterial, limits: RawServerLimits): ServerOptions {
  return {
    cert,
    key,
    minVersion: 'TLSv1.2',
    // device 8.3: HTTP/1.1 only.
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: limits.headersTimeoutMs,
    // legacy 1.1: one is asked for, because old clients want to show theirs; without authorities any will do, and so will none.
    requestCert: true,
    rejectUnauthorized: clientCa !== undefined,
    ...(clientCa !== undefined && { ca: clientCa }),
  };
}

const unreadable = new Problem('badRequest', { args: ['The request is not valid HTTP, too large or too slow.'] });

/** An answer as it goes over the wire, where Node writes none. */
function written({ status, headers, body }: ErrorAnswer, requestId: string): string {
  const text = JSON.stringify(body);
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(text)}`,
    `X-Request-Id: ${requestId}`,
    'Connection: close',
  ];
  return `${lines.join('\r\n')}\r\n\r\n${text}`;
}
