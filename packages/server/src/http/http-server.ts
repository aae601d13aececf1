import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Problem } from '../domain/problem.ts';
import { type BodyReader, type BodyReaderLimits, createBodyReader, jsonBytesMax } from './body-reader.ts';
import { answerAnyhow, type ErrorDialect, v5Dialect } from './error-dialect.ts';
import type { HttpHost } from './host.ts';
import { type ListenOptions, listenError, listenOn } from './listen-on.ts';
import { type RawServer, type RawServerLimits, type TlsMaterial, createRawServer } from './raw-server.ts';

export interface HttpServerOptions {
  readonly host: HttpHost;
  /** False until every part of the process stands, and again while it stops. */
  ready(): boolean;
  /** Prometheus text. */
  readMetrics(): Promise<{ contentType: string; text: string }>;
  /** Puts the routes on the server; `closing` aborts when it begins to close. */
  addRoutes(app: FastifyInstance, closing: AbortSignal): void;
  /** How long requests in hand may take to finish once the server closes. */
  readonly stopGraceMs?: number;
  readonly limits?: RawServerLimits;
  readonly bodyLimits?: BodyReaderLimits;
  /** Of addresses that do not say errors as v5 does. */
  readonly dialects?: readonly ErrorDialect[];
}

declare module 'fastify' {
  interface FastifyInstance {
    /** One for all routes of a server, because they share what the process may hold. */
    readonly bodies: BodyReader;
  }
}

export interface HttpServer {
  readonly app: FastifyInstance;
  /** Resolves with the address that is really listened on. */
  listen(options: ListenOptions): Promise<AddressInfo>;
  /** The same routes over TLS, beside the plain listener. */
  listenTls(options: ListenOptions, tls: TlsMaterial): Promise<AddressInfo>;
  /** Stops accepting, lets requests in hand finish within the grace, cuts the rest; idempotent. */
  close(): Promise<void>;
}

export const defaultHttpLimits: RawServerLimits = {
  requestTimeoutMs: 3_600_000,
  headersTimeoutMs: 20_000,
  keepAliveTimeoutMs: 72_000,
  checkMs: 5000,
  connectionsMax: 20_000,
};

export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { host, limits = defaultHttpLimits } = options;
  const dialectAt = (path: string): ErrorDialect => options.dialects?.find(({ speaks }) => speaks(path)) ?? v5Dialect;
  const raw = createRawServer({
    newRequestId: () => Buffer.from(host.random.bytes(16)).toString('hex'),
    limits,
    answerTo: (error, request) => answerAnyhow(dialectAt(request.path), error, request),
  });
  const closing = new AbortController();
  const app = createApp(raw, dialectAt);
  app.decorate('bodies', createBodyReader(host.clock, options.bodyLimits));
  answerErrors(app, host, dialectAt);
  addHealthRoutes(app, options);
  options.addRoutes(app, closing.signal);
  const secure: Server[] = [];
  let closed: Promise<void> | undefined;
  return {
    app,
    listen: (where) => listen(app, where),
    listenTls: async (where, tls) => {
      await app.ready();
      const server = raw.createSecure(tls);
      secure.push(server);
      return listenOn(server, where);
    },
    close: () => {
      closing.abort();
      closed ??= closeWithin({ app, raw, secure, host, graceMs: options.stopGraceMs ?? 10_000 });
      return closed;
    },
  };
}

type DialectAt = (path: string) => ErrorDialect;

function createApp(raw: RawServer, dialectAt: DialectAt): FastifyInstance {
  const app = Fastify<Server>({
    logger: false,
    serverFactory: (handler) => raw.create(handler),
    genReqId: (message) => raw.requestIdOf(message),
    clientErrorHandler: raw.onClientError,
    // Bodies are read by the routes themselves, because signatures cover their raw bytes.
    bodyLimit: jsonBytesMax,
    exposeHeadRoutes: false,
    // What arrives while the server closes is still answered like everything else.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // As long as any request line may be: an id that is too long is one that does not exist, and its route says so.
    routerOptions: { maxParamLength: 16_384, ignoreTrailingSlash: false },
    frameworkErrors: (error, request, reply) => {
      sendError(error, { request, reply, dialectAt });
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  return app;
}

function answerErrors(app: FastifyInstance, { log, clock }: HttpHost, dialectAt: DialectAt): void {
  const arrivals = new WeakMap<FastifyRequest, number>();
  app.addHook('onRequest', (request, _reply, done) => {
    arrivals.set(request, clock.now());
    const named = request.headers.host !== undefined || request.raw.httpVersion === '1.0';
    done(named ? undefined : new Problem('badRequest', { args: ['The header Host is missing.'] }));
  });
  app.addHook('onResponse', (request, reply, done) => {
    const durationMs = clock.now() - (arrivals.get(request) ?? clock.now());
    const { method, id } = request;
    log.debug({ requestId: id, method, path: pathOf(request), status: reply.statusCode, durationMs }, 'http request');
    done();
  });
  app.setNotFoundHandler(() => {
    throw new Problem('routeNotFound');
  });
  app.setErrorHandler((error, request, reply) => {
    const path = pathOf(request);
    if (dialectAt(path).answerTo(error, { method: request.method, path }) === undefined) {
      // A bug: everything about it goes to the log, nothing to the client (v5 3, 000020).
      log.error({ requestId: request.id, method: request.method, path, err: error }, 'request failed');
    }
    return sendError(error, { request, reply, dialectAt });
  });
}

interface Refusal {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly dialectAt: DialectAt;
}

function sendError(error: unknown, { request, reply, dialectAt }: Refusal): FastifyReply {
  const refused = { method: request.method, path: pathOf(request) };
  const { status, headers, body } = answerAnyhow(dialectAt(refused.path), error, refused);
  // The framework would add a charset to the media type of text.
  return reply
    .code(status)
    .headers({ ...headers })
    .send(Buffer.from(JSON.stringify(body)));
}

/** Without the query, which may hold what nobody should read in a log. */
function pathOf(request: FastifyRequest): string {
  return (request.raw.url ?? '/').split('?', 1)[0] ?? '/';
}

function addHealthRoutes(app: FastifyInstance, { ready, readMetrics }: HttpServerOptions): void {
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/readyz', () => {
    if (!ready()) throw new Problem('notReady');
    return { status: 'ready' };
  });
  app.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await readMetrics();
    return reply.type(contentType).send(text);
  });
}

async function listen(app: FastifyInstance, { host, port, setting }: ListenOptions): Promise<AddressInfo> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw listenError(error as FastifyError, { host, port, setting });
  }
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('The HTTP server listens on no port.');
  return address;
}

interface Closing {
  readonly app: FastifyInstance;
  readonly raw: RawServer;
  readonly secure: readonly Server[];
  readonly host: HttpHost;
  readonly graceMs: number;
}

async function closeWithin({ app, raw, secure, host: { clock, log }, graceMs }: Closing): Promise<void> {
  const cut = clock.setTimer(graceMs, () => {
    log.warn({ graceMs }, 'requests did not finish in time and are cut');
    for (const server of [app.server, ...secure]) server.closeAllConnections();
  });
  const closed = Promise.all([app.close(), ...secure.map(closeServer)]);
  raw.closeUnused();
  await closed;
  cut.cancel();
}

/** Idle connections end at once, others with their answer. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // Its only error is that it did not listen.
    server.close(() => resolve());
  });
}
