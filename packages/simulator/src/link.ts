import { connect, type ErrorWithReasonCode, type IClientOptions, type MqttClient } from 'mqtt';
import type { Login } from './login.ts';

/** Where devices connect. */
export interface LinkTarget {
  readonly protocol: 'mqtt' | 'mqtts';
  readonly host: string;
  readonly port: number;
  readonly rejectUnauthorized: boolean;
}

/** One connection of one device. */
export interface LinkOptions {
  readonly target: LinkTarget;
  readonly login: Login;
  readonly keepaliveSeconds: number;
  readonly onPublish: (topic: string, payload: Buffer) => void;
}

/** A connection that was accepted; it does not come back once it is closed. */
export interface Link {
  /** Settles when the connection is gone, for whatever reason; never rejects. */
  readonly closed: Promise<void>;
  /** Calls back with true on PUBACK (QoS 0: when written), with false when the link ended before. */
  publish(topic: string, payload: string, options: { qos: 0 | 1; onDone: (delivered: boolean) => void }): void;
  /** With DISCONNECT; does not wait for acknowledgements, nor for ever for the peer. */
  end(): void;
  /** Without a word, as a lost radio link. */
  destroy(): void;
}

/** The server's CONNACK with another code than 0 (device 1.4). */
export class LinkRefused extends Error {
  override readonly name = 'LinkRefused';
  readonly code: number;
  constructor(code: number) {
    super(`Connection refused with code ${code}`);
    this.code = code;
  }
}

const ignore = (): void => undefined;
const CONNECT_TIMEOUT_MS = 30_000;
const END_TIMEOUT_MS = 2000;

/** `mqtt://host:port` or `mqtts://host:port`; the customary ports if none is given. */
export function parseTarget(url: string, rejectUnauthorized: boolean): LinkTarget {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'mqtt:' && protocol !== 'mqtts:') throw new TypeError(`Not an MQTT address: ${url}`);
  const secure = protocol === 'mqtts:';
  return {
    protocol: secure ? 'mqtts' : 'mqtt',
    // WHATWG URLs keep the brackets of IPv6 addresses, sockets do not want them.
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 8883 : 1883) : Number(port),
    rejectUnauthorized,
  };
}

function clientOptions(options: LinkOptions): IClientOptions {
  return {
    ...options.target,
    ...options.login,
    protocolVersion: 4,
    clean: true,
    keepalive: options.keepaliveSeconds,
    // Every packet would arm the timer anew: not worth it for a device that is silent most of the time.
    reschedulePings: false,
    resubscribe: false,
    queueQoSZero: false,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // A new connection needs a new password: the connection loop above makes a new client.
    reconnectPeriod: 0,
    timerVariant: 'native',
    log: ignore,
  };
}

function wrapClient(client: MqttClient): Link {
  let lastResort: NodeJS.Timeout | undefined;
  const closed = new Promise<void>((resolve) => {
    client.once('close', () => {
      clearTimeout(lastResort);
      // Calls back what was never acknowledged and lets go of the timers.
      client.end(true);
      resolve();
    });
  });
  return {
    closed,
    publish: (topic, payload, { qos, onDone }) => {
      client.publish(topic, payload, { qos }, (error) => onDone(!error));
    },
    end: () => {
      // mqtt.js would wait for acknowledgements first, without limit.
      if (Object.keys(client.outgoing).length > 0) client.end(true);
      else client.end();
      lastResort = setTimeout(() => client.stream.destroy(), END_TIMEOUT_MS);
    },
    destroy: () => {
      client.stream.destroy();
    },
  };
}

const codeOf = (error: Error | ErrorWithReasonCode): number | undefined =>
  'code' in error && typeof error.code === 'number' ? error.code : undefined;

/** Connects; throws LinkRefused for a CONNACK with another code than 0, any other error for a failed connection. */
export function openLink(options: LinkOptions, signal: AbortSignal): Promise<Link> {
  return new Promise((resolve, reject) => {
    const client = connect(clientOptions(options));
    const fail = (error: unknown): void => {
      signal.removeEventListener('abort', onAbort);
      client.end(true);
      reject(error instanceof Error ? error : new Error('The connection was closed'));
    };
    const onAbort = (): void => fail(signal.reason);
    const onClose = (): void => fail(undefined);
    signal.addEventListener('abort', onAbort, { once: true });
    client.once('connect', () => {
      signal.removeEventListener('abort', onAbort);
      client.removeListener('close', onClose);
      client.on('message', options.onPublish);
      resolve(wrapClient(client));
    });
    client.once('close', onClose);
    // Stays for the client's whole life: an error event that nobody hears ends the process.
    client.on('error', (error) => {
      const code = codeOf(error);
      fail(code === undefined ? error : new LinkRefused(code));
    });
  });
}
