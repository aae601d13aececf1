import type { EventEmitter } from 'node:events';
import type { FleetEvents } from './fleet-events.ts';
import type { Limiter } from './limiter.ts';
import { type Link, LinkRefused, type LinkTarget, openLink } from './link.ts';
import { createLogin } from './login.ts';
import { pause } from './pause.ts';
import { hashText } from './random.ts';
import type { FleetStatistics } from './statistics.ts';

/** What all connections of a fleet share. */
export interface ConnectionContext {
  /** Each connect of a device goes to the next one, as behind a balancer: at least one. */
  readonly targets: readonly LinkTarget[];
  readonly keepaliveSeconds: number;
  readonly qos: 0 | 1;
  /** Lets a bounded number of connects run at once. */
  readonly connects: Limiter;
  readonly reconnect: ReconnectPolicy;
  readonly statistics: FleetStatistics;
  readonly events: EventEmitter<FleetEvents>;
}

/** Device 11.6: 1 s doubling to 30 s. */
export interface ReconnectPolicy {
  readonly firstMs: number;
  readonly maxMs: number;
  /** Stop for good on CONNACK 4, as the Python and Java libraries do (device 1.4). */
  readonly giveUpOnBadLogin: boolean;
}

/** The device behind a connection. */
export interface ConnectionOwner {
  readonly deviceId: string;
  readonly secret: string;
  onConnected(): void;
  onPublish(topic: string, payload: Buffer): void;
}

interface Uplink {
  readonly topic: string;
  readonly payload: string;
  readonly onDelivered: () => void;
}

const BAD_LOGIN = 4;
// What libraries keep for a device that is away; older ones are worth less than newer ones.
const OUTBOX_MAX = 100;

/** Keeps one device connected, with pauses that double, and keeps what it said while it was away. */
export class DeviceConnection {
  readonly #context: ConnectionContext;
  readonly #owner: ConnectionOwner;
  readonly #abort = new AbortController();
  readonly #settled = Promise.withResolvers<void>();
  #outbox: Uplink[] = [];
  #link: Link | undefined;
  #awayMs: number | undefined;
  #turn: number;
  #loop: Promise<void> | undefined;

  constructor(context: ConnectionContext, owner: ConnectionOwner) {
    this.#context = context;
    this.#owner = owner;
    this.#turn = hashText(owner.deviceId) >>> 0;
  }

  get connected(): boolean {
    return this.#link !== undefined;
  }

  /** Starts to connect. Settles after the first connection, or when there will be none; never rejects. */
  start(): Promise<void> {
    this.#loop ??= this.#keepConnected().finally(this.#settled.resolve);
    return this.#settled.promise;
  }

  /** Ends the connection and all attempts. */
  async stop(): Promise<void> {
    this.#abort.abort(new Error('The fleet was stopped'));
    this.#outbox = [];
    this.#link?.end();
    await this.#loop;
  }

  /** Breaks the link without a word; the next attempt comes after this time. */
  drop(awayMs: number): void {
    const link = this.#link;
    if (link === undefined) return;
    this.#awayMs = awayMs;
    this.#link = undefined;
    link.destroy();
  }

  /** Sends, now or after the next connect, again if the link ends before PUBACK. Settles when it was delivered. */
  publish(topic: string, payload: string): Promise<void> {
    return new Promise((resolve) => this.#send({ topic, payload, onDelivered: resolve }));
  }

  #send(uplink: Uplink): void {
    if (this.#link === undefined) return this.#keep(uplink);
    const { topic, payload, onDelivered } = uplink;
    const onDone = (delivered: boolean): void => (delivered ? onDelivered() : this.#keep(uplink));
    this.#link.publish(topic, payload, { qos: this.#context.qos, onDone });
  }

  /** For the next connection. */
  #keep(uplink: Uplink): void {
    if (this.#abort.signal.aborted) return;
    if (this.#outbox.length >= OUTBOX_MAX) this.#outbox.shift();
    this.#outbox.push(uplink);
  }

  async #keepConnected(): Promise<void> {
    const { reconnect } = this.#context;
    const { signal } = this.#abort;
    let pauseMs = reconnect.firstMs;
    while (!signal.aborted) {
      try {
        await this.#connectOnce();
        pauseMs = reconnect.firstMs;
      } catch (error) {
        if (signal.aborted) return;
        if (this.#isFinalRefusal(error)) return;
      }
      await pause(this.#awayMs ?? pauseMs, signal).catch(() => undefined);
      if (this.#awayMs === undefined) pauseMs = Math.min(pauseMs * 2, reconnect.maxMs);
      this.#awayMs = undefined;
    }
  }

  /** One connection from its beginning to its end. */
  async #connectOnce(): Promise<void> {
    const { context, owner, signal } = { context: this.#context, owner: this.#owner, signal: this.#abort.signal };
    const open = (): Promise<Link> =>
      openLink(
        {
          target: this.#nextTarget(),
          login: createLogin(owner.deviceId, owner.secret, new Date()),
          keepaliveSeconds: context.keepaliveSeconds,
          onPublish: (topic, payload) => owner.onPublish(topic, payload),
        },
        signal,
      );
    const link = await context.connects.run(open, signal);
    this.#onUp(link);
    await link.closed;
    this.#onDown();
  }

  #nextTarget(): LinkTarget {
    const { targets } = this.#context;
    this.#turn += 1;
    return targets[this.#turn % targets.length] as LinkTarget;
  }

  #onUp(link: Link): void {
    const { statistics, events } = this.#context;
    this.#link = link;
    statistics.connected += 1;
    statistics.connects += 1;
    this.#owner.onConnected();
    const kept = this.#outbox;
    this.#outbox = [];
    for (const uplink of kept) this.#send(uplink);
    this.#settled.resolve();
    events.emit('connected', { deviceId: this.#owner.deviceId });
  }

  #onDown(): void {
    const { statistics, events } = this.#context;
    this.#link = undefined;
    statistics.connected -= 1;
    statistics.disconnects += 1;
    events.emit('disconnected', { deviceId: this.#owner.deviceId });
  }

  #isFinalRefusal(error: unknown): boolean {
    if (!(error instanceof LinkRefused)) return false;
    const { statistics, events, reconnect } = this.#context;
    statistics.refusals += 1;
    events.emit('refused', { deviceId: this.#owner.deviceId, code: error.code });
    return reconnect.giveUpOnBadLogin && error.code === BAD_LOGIN;
  }
}
