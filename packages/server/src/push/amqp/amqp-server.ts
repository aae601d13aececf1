import type { Socket } from 'node:net';
import type { ProjectId } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Random } from '../../ports/random.ts';
import type { QueueMessageStore, QueueStore } from '../../ports/store/queue-store.ts';
import { type AmqpListener, createAmqpListener } from './amqp-listener.ts';
import { type Consumer, ConsumerConnection, type SignIn } from './consumer-connection.ts';
import { type AmqpLimits, defaultAmqpLimits } from './limits.ts';
import { createQueuePump } from './queue-pump.ts';
import { createSettlementWriter } from './settlement-writer.ts';

export interface AmqpServerParts {
  readonly store: { readonly queues: QueueStore; readonly queueMessages: QueueMessageStore };
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly signIn: SignIn;
  /** Part of what messages are held under: what an earlier life of this node held is free. */
  readonly nodeName: string;
  readonly settings: AmqpServerSettings;
}

export interface AmqpServerSettings {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Undefined: not over TLS. */
  readonly tls: { readonly port: number; readonly cert: string; readonly key: string } | undefined;
  readonly limits?: Partial<AmqpLimits>;
}

export interface AmqpPorts {
  readonly port: number;
  readonly tlsPort: number | undefined;
}

/** AMQP 1.0 for the consumers of queues (v5 15.6). */
export interface AmqpServer {
  /** Rejects with the failure of the listener that it names. */
  start(): Promise<AmqpPorts>;
  /** Says goodbye, writes what was settled, frees the rest; idempotent. */
  stop(): Promise<void>;
  /** There may be something new in a queue. */
  nudge(): void;
  /** The project's access code was replaced: who signed in with another key has to go. */
  closeConsumers(projectId: ProjectId, exceptKey: string): void;
  /** This node was taken for dead, and what it held has been given to others. */
  closeAll(): void;
}

/** A listener that cannot have its port. */
export class ListenFailure extends Error {
  readonly isSecure: boolean;

  constructor(cause: unknown, isSecure: boolean) {
    super('A listener cannot be started.', { cause });
    this.isSecure = isSecure;
  }
}

const goodbyeMs = 1500;
const writeWithinMs = 2000;
const stopping = { condition: 'amqp:connection:forced', description: 'The server stops.' };
const lost = { condition: 'amqp:connection:forced', description: 'The server has lost its place among the others.' };
const replaced = { condition: 'amqp:connection:forced', description: 'The access code was replaced.' };

export function createAmqpServer(parts: AmqpServerParts): AmqpServer {
  return new Server(parts);
}

class Server implements AmqpServer {
  readonly #parts: AmqpServerParts;
  readonly #limits: AmqpLimits;
  readonly #connections = new Set<ConsumerConnection>();
  readonly #perKey = new Map<string, number>();
  readonly #writer;
  readonly #pump;
  readonly #plain: AmqpListener;
  readonly #secure: AmqpListener | undefined;
  #whenEmpty: (() => void) | undefined;
  #stopped: Promise<void> | undefined;

  constructor(parts: AmqpServerParts) {
    const { store, clock, log, metrics, settings } = parts;
    this.#parts = parts;
    this.#limits = { ...defaultAmqpLimits, ...settings.limits };
    const common = { messages: store.queueMessages, clock, log };
    this.#pump = createQueuePump(common);
    this.#writer = createSettlementWriter({ ...common, onFreed: () => this.#pump.nudge() });
    this.#plain = this.#createListener(settings.port);
    this.#secure = settings.tls && this.#createListener(settings.tls.port, settings.tls);
    metrics.gauge('amqp_connections', () => this.#connections.size);
  }

  async start(): Promise<AmqpPorts> {
    await this.#parts.store.queueMessages.releaseNode(this.#parts.nodeName);
    for (const listener of [this.#plain, this.#secure]) {
      try {
        await listener?.start();
      } catch (error) {
        throw new ListenFailure(error, listener === this.#secure);
      }
    }
    this.#pump.start();
    return { port: this.#plain.port, tlsPort: this.#secure?.port };
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  nudge(): void {
    this.#pump.nudge();
  }

  closeConsumers(projectId: ProjectId, exceptKey: string): void {
    for (const connection of this.#connections) connection.expel(projectId, exceptKey, replaced);
  }

  closeAll(): void {
    for (const connection of this.#connections) connection.close(lost);
  }

  async #stop(): Promise<void> {
    const listeners = [this.#plain, this.#secure].filter((listener) => listener !== undefined);
    for (const listener of listeners) listener.close();
    await this.#pump.stop();
    const gone = new Promise<void>((resolve) => {
      this.#whenEmpty = resolve;
    });
    for (const connection of this.#connections) connection.close(stopping);
    if (this.#connections.size > 0) {
      const timer = this.#parts.clock.setTimer(goodbyeMs, () => this.#whenEmpty?.());
      await gone;
      timer.cancel();
    }
    await Promise.all(listeners.map((listener) => listener.stop()));
    await this.#writer.stop(writeWithinMs);
  }

  #createListener(port: number, tls?: { readonly cert: string; readonly key: string }): AmqpListener {
    const { host } = this.#parts.settings;
    const { connectionsMax, openTimeoutMs: handshakeTimeoutMs } = this.#limits;
    const secure = tls === undefined ? {} : { tls: { cert: tls.cert, key: tls.key } };
    const accept = (socket: Socket): void => this.#accept(socket);
    return createAmqpListener({ host, port, connectionsMax, handshakeTimeoutMs, accept, ...secure });
  }

  #accept(socket: Socket): void {
    // Of both listeners together.
    if (this.#connections.size >= this.#limits.connectionsMax) return void socket.destroy();
    const { store, ...common } = this.#parts;
    const made = { limits: this.#limits, writer: this.#writer, pump: this.#pump, queues: store.queues };
    const connection = new ConsumerConnection(socket, { ...common, ...made }, this);
    this.#connections.add(connection);
  }

  // What connections tell.

  onSignedIn(_connection: ConsumerConnection, { accessKey }: Consumer): boolean {
    const count = (this.#perKey.get(accessKey) ?? 0) + 1;
    this.#perKey.set(accessKey, count);
    return count <= this.#limits.connectionsPerKeyMax;
  }

  onClosed(connection: ConsumerConnection): void {
    this.#connections.delete(connection);
    const key = connection.consumer?.accessKey;
    if (key !== undefined) {
      const left = (this.#perKey.get(key) ?? 1) - 1;
      if (left === 0) this.#perKey.delete(key);
      else this.#perKey.set(key, left);
    }
    if (this.#connections.size === 0) this.#whenEmpty?.();
  }
}
