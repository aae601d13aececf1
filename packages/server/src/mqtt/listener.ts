import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { MqttGateway } from './gateway.ts';

export interface MqttListenerOptions {
  readonly gateway: MqttGateway;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Certificate and key; absent: plain TCP. */
  readonly tls?: Pick<TlsOptions, 'cert' | 'key' | 'ca' | 'minVersion'>;
}

export interface MqttListener {
  /** The port listened on; 0 before `start`. */
  readonly port: number;
  /** Resolves once connections are accepted; rejects if the port cannot be had. */
  start(): Promise<void>;
  /** Stops accepting and drops what this listener accepted and the gateway has not closed. */
  stop(): Promise<void>;
}

export function createMqttListener(options: MqttListenerOptions): MqttListener {
  const sockets = new Set<Socket>();
  const server = options.tls ? createSecureServer(options, sockets) : createPlainServer(options);
  // Counts what is still shaking hands as well; the gateway sees those only afterwards.
  server.maxConnections = options.gateway.limits.connectionsMax;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  let isStarted = false;
  return {
    get port() {
      return (server.address() as AddressInfo | null)?.port ?? 0;
    },
    start() {
      isStarted = true;
      return new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host: options.host, port: options.port, backlog: 4096 }, () => {
          server.off('error', reject);
          resolve();
        });
      });
    },
    async stop() {
      if (!isStarted) return;
      isStarted = false;
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function createPlainServer({ gateway }: MqttListenerOptions): Server {
  return createServer({ noDelay: true }, (socket) => gateway.accept(socket, false));
}

/** device 1.1: TLS 1.2 and 1.3. */
function createSecureServer(options: MqttListenerOptions, sockets: ReadonlySet<Socket>): Server {
  const { gateway } = options;
  const { connectTimeoutSeconds, connectionsPendingMax } = gateway.limits;
  const server = createTlsServer({
    minVersion: 'TLSv1.2',
    ...options.tls,
    // device 1.3: any certificate, or none, gets through the handshake; whose it is shows at CONNECT.
    requestCert: true,
    rejectUnauthorized: false,
    handshakeTimeout: connectTimeoutSeconds * 1000,
    noDelay: true,
  });
  let securedCount = 0;
  server.on('secureConnection', (socket) => {
    securedCount += 1;
    socket.once('close', () => {
      securedCount -= 1;
    });
    gateway.accept(socket, true);
  });
  // A failed handshake is the peer's affair; its socket is closed by the library.
  server.on('tlsClientError', () => undefined);
  server.prependListener('connection', (socket: Socket) => {
    // The gateway knows nothing yet of those that are still shaking hands.
    if (sockets.size - securedCount >= connectionsPendingMax) socket.destroy();
  });
  return server;
}
