import type { Socket } from 'node:net';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { createPacketCodec } from './codec/packet-codec.ts';
import { Connection } from './connection.ts';
import { DelayLine } from './delay-line.ts';
import type { GatewayContext } from './gateway-context.ts';
import type { GatewayHooks, MqttCounters } from './gateway-hooks.ts';
import type { MqttLimits } from './limits.ts';
import { FlushQueue } from './packet-output.ts';
import type { EndReason } from './reasons.ts';
import type { MqttSession } from './session.ts';
import type { SessionRegistry } from './session-registry.ts';
import type { AuthBackoff } from '../services/device-side/sign-in/auth-backoff.ts';

export interface MqttGatewayOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: MqttLimits;
  readonly hooks: GatewayHooks;
  readonly counters: MqttCounters;
  readonly backoff: AuthBackoff;
  /** Where the sessions of this node stand; shared with whatever sends to them. */
  readonly registry: SessionRegistry;
}

/** The device side of one node: all connections, whatever listener they came through. */
export interface MqttGateway {
  readonly registry: SessionRegistry;
  readonly limits: MqttLimits;
  readonly connectionCount: number;
  /** Connections that have not been accepted yet, or were refused and not closed. */
  readonly pendingCount: number;
  /** Takes over a fresh socket; drops it at once if there are too many. */
  accept(socket: Socket, secure: boolean): void;
  /** Begins to accept devices; before, CONNECT is answered with "server unavailable". */
  start(): void;
  /** Sessions go on, new ones are refused with "server unavailable". */
  drain(): void;
  /** Closes every connection and waits until every sign-in has ended and every session is detached. */
  stop(): Promise<void>;
}

export function createMqttGateway(options: MqttGatewayOptions): MqttGateway {
  return new Gateway(options);
}

class Gateway implements MqttGateway {
  readonly registry: SessionRegistry;
  readonly limits: MqttLimits;
  readonly #options: MqttGatewayOptions;
  readonly #context: GatewayContext;
  readonly #connections = new Set<Connection>();
  readonly #deliveryLine: DelayLine<MqttSession>;
  /** Sign-ins and detachments under way. */
  readonly #work = new Set<Promise<void>>();
  #state: 'starting' | 'ready' | 'draining' = 'starting';
  #pendingCount = 0;
  #sweepTimer: Timer | undefined;

  constructor(options: MqttGatewayOptions) {
    this.#options = options;
    this.registry = options.registry;
    this.limits = options.limits;
    this.#deliveryLine = new DelayLine(options.clock, options.limits.deliveryDelayMilliseconds, (session) =>
      this.#startDelivery(session),
    );
    this.#context = this.#createContext();
    this.#scheduleSweep();
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  get pendingCount(): number {
    return this.#pendingCount;
  }

  accept(socket: Socket, secure: boolean): void {
    const { connectionsMax, connectionsPendingMax } = this.limits;
    if (this.#connections.size >= connectionsMax || this.#pendingCount >= connectionsPendingMax) {
      this.#options.counters.closed('too-many-connections');
      socket.on('error', () => undefined);
      socket.destroy();
      return;
    }
    this.#pendingCount += 1;
    this.#connections.add(new Connection(this.#context, socket, secure));
  }

  start(): void {
    if (this.#state === 'starting') this.#state = 'ready';
  }

  drain(): void {
    this.#state = 'draining';
  }

  async stop(): Promise<void> {
    this.drain();
    this.#sweepTimer?.cancel();
    this.#deliveryLine.stop();
    for (const connection of this.#connections) connection.close('server-shutdown');
    // A sign-in that ends late may still have to be detached.
    while (this.#work.size > 0) await Promise.all(this.#work);
  }

  #createContext(): GatewayContext {
    const { clock, log, limits, hooks, counters, backoff } = this.#options;
    return {
      clock,
      log,
      limits,
      hooks,
      counters,
      backoff,
      codec: createPacketCodec(),
      registry: this.registry,
      flushQueue: new FlushQueue(),
      isReady: () => this.#state === 'ready',
      onActivated: (session) => {
        this.#pendingCount -= 1;
        this.#deliveryLine.add(session);
      },
      onEnded: (session, reason) => this.#onEnded(session, reason),
      onSocketClosed: (connection) => {
        this.#connections.delete(connection);
        if (connection.isPending) this.#pendingCount -= 1;
      },
      track: (work) => this.#track(work),
      notify: (run) => this.#notify(run),
    };
  }

  #track(work: Promise<void>): void {
    this.#work.add(work);
    void work.then(() => this.#work.delete(work));
  }

  #notify(run: () => void): void {
    try {
      run();
    } catch (cause) {
      this.#options.log.error({ err: cause }, 'a hook of the device gateway failed');
    }
  }

  #startDelivery(session: MqttSession): void {
    if (!session.isOpen) return;
    this.#notify(() => session.startDelivery());
    this.#notify(() => this.#options.hooks.onDeliverable(session));
  }

  #onEnded(session: MqttSession, reason: EndReason): void {
    this.registry.remove(session);
    this.#notify(() => session.end());
    this.#track(this.#detach(session, reason));
  }

  async #detach(session: MqttSession, reason: EndReason): Promise<void> {
    try {
      await this.#options.hooks.detach(session, reason);
    } catch (cause) {
      // The record of a session that could not be detached ends with the lease of this node (device 5).
      this.#options.log.error({ err: cause, deviceId: session.device.deviceId }, 'a session could not be detached');
    }
  }

  /** One timer for all connections: keepalive and connect timeouts need no more than this. */
  #scheduleSweep(): void {
    this.#sweepTimer = this.#options.clock.setTimer(this.limits.sweepMilliseconds, () => {
      const now = this.#options.clock.now();
      for (const connection of this.#connections) connection.sweep(now);
      this.#scheduleSweep();
    });
  }
}
