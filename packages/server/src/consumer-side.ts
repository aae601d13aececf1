import { listenError } from './http/listen-on.ts';
import { listenerUrl } from './listener-url.ts';
import type { Platform } from './platform.ts';
import { type AmqpServer, createAmqpServer, ListenFailure } from './push/amqp/amqp-server.ts';
import { createAuthBackoff } from './services/device-side/sign-in/auth-backoff.ts';
import { createConsumerSignIn } from './services/queues/consumer-sign-in.ts';

/** As the ready file says them. */
export interface AmqpAddresses {
  /** Null: this process has not the role. */
  readonly amqp: string | null;
  readonly amqps: string | null;
}

/** Everything for AMQP consumers on this node (v5 15.6). */
export interface ConsumerSide extends Pick<AmqpServer, 'nudge' | 'closeConsumers' | 'closeAll' | 'stop'> {
  /** Rejects with a sentence that names port and setting. */
  start(): Promise<AmqpAddresses>;
}

/** Keys and addresses with failures that are remembered, each. */
const authBackoffKeysMax = 10_000;

export function createConsumerSide(platform: Platform, nodeName: string): ConsumerSide {
  const { store, clock, random, log, metrics, config, certificate } = platform;
  const { host, port, tlsPort, limits } = config.amqp;
  const backoff = createAuthBackoff({ clock, ...config.amqp.backoff, authBackoffKeysMax });
  const server = createAmqpServer({
    ...{ store, clock, random, log, metrics, nodeName },
    signIn: createConsumerSignIn({ store, clock, backoff }),
    settings: {
      ...{ host, port, limits },
      tls: tlsPort === undefined || certificate === undefined ? undefined : { port: tlsPort, ...certificate },
    },
  });
  return {
    nudge: () => server.nudge(),
    closeConsumers: (projectId, exceptKey) => server.closeConsumers(projectId, exceptKey),
    closeAll: () => server.closeAll(),
    stop: () => server.stop(),
    async start() {
      if (!config.node.roles.includes('push')) return { amqp: null, amqps: null };
      try {
        const ports = await server.start();
        return {
          amqp: listenerUrl('amqp', host, ports.port),
          amqps: ports.tlsPort === undefined ? null : listenerUrl('amqps', host, ports.tlsPort),
        };
      } catch (error) {
        if (!(error instanceof ListenFailure)) throw error;
        const where = error.isSecure
          ? { host, port: tlsPort ?? 0, setting: 'MUSTER_AMQPS_PORT' }
          : { host, port, setting: 'MUSTER_AMQP_PORT' };
        throw listenError(error.cause as Error, where);
      }
    },
  };
}
