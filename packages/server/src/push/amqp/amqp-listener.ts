import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

export interface AmqpListenerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Certificate and key; absent: plain TCP. */
  readonly tls?: Pick<TlsOptions, 'cert' | 'key'>;
  readonly connectionsMax: number;
  readonly handshakeTimeoutMs: number;
  accept(socket: Socket): void;
}

export interface AmqpListener {
  /** 0 before `start`. */
  readonly port: number;
  /** Resolves once connections are accepted; rejects if the port cannot be had. */
  start(): Promise<void>;
  /** Accepts no more. */
  close(): void;
  /** Drops what is left; idempotent. */
  stop(): Promise<void>;
}

export function createAmqpListener(options: AmqpListenerOptions): AmqpListener {
  const sockets = new Set<Socket>();
  const server = options.tls === undefined ? createPlainServer(options) : createSecureServer(options);
  // Counts what is still shaking hands as well.
  server.maxConnections = options.connectionsMax;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  let closed: Promise<unknown> | undefined;
  const close = (): void => {
    if (server.listening) closed ??= new Promise((resolve) => server.close(resolve));
  };
  return {
    get port() {
      return (server.address() as AddressInfo | null)?.port ?? 0;
    },
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host: options.host, port: options.port }, () => {
          server.off('error', reject);
          resolve();
        });
      }),
    close,
    async stop() {
      close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

const createPlainServer = ({ accept }: AmqpListenerOptions): Server => createServer({ noDelay: true }, accept);

function createSecureServer({ tls, handshakeTimeoutMs, accept }: AmqpListenerOptions): Server {
  const server = createTlsServer({
    minVersion: 'TLSv1.2',
    ...tls,
    handshakeTimeout: handshakeTimeoutMs,
    noDelay: true,
  });
  server.on('secureConnection', accept);
  // A failed handshake is the peer's affair; its socket is closed by the library.
  server.on('tlsClientError', () => undefined);
  return server;
}
