import type { PacketCodec } from './codec/packet-codec.ts';
import type { ConnectedDevice, PublishOutcome, PublishRequest, Session } from './gateway-hooks.ts';
import type { MqttLimits } from './limits.ts';
import type { EndReason } from './reasons.ts';
import { Subscriptions } from './subscriptions.ts';
import { isOwnSysTopic } from './topics.ts';

/** The connection below a session. */
export interface PacketLink {
  readonly isOpen: boolean;
  readonly unsentBytes: number;
  readonly secure: boolean;
  readonly remoteAddress: string;
  /** False: the reader was too slow, and the connection is closed. */
  send(packet: Buffer): boolean;
  close(reason: EndReason): void;
}

export interface MqttSessionOptions {
  readonly device: ConnectedDevice;
  readonly generation: number;
  readonly link: PacketLink;
  readonly codec: PacketCodec;
  readonly limits: MqttLimits;
}

const packetIdMax = 65_535;

/** Subscriptions and downlinks of one accepted connection. What an idle device does not need is created when it does. */
export class MqttSession implements Session {
  readonly device: ConnectedDevice;
  readonly generation: number;
  readonly #link: PacketLink;
  readonly #codec: PacketCodec;
  readonly #limits: MqttLimits;
  #subscriptions: Subscriptions | undefined;
  /** QoS 1 downlinks without their PUBACK, oldest first. */
  #unacknowledged: Map<number, PublishRequest> | undefined;
  #held: PublishRequest[] | undefined;
  #isDeliverable = false;
  #lastPacketId = 0;

  constructor(options: MqttSessionOptions) {
    this.device = options.device;
    this.generation = options.generation;
    this.#link = options.link;
    this.#codec = options.codec;
    this.#limits = options.limits;
  }

  get isOpen(): boolean {
    return this.#link.isOpen;
  }

  get unsentBytes(): number {
    return this.#link.unsentBytes;
  }

  get secure(): boolean {
    return this.#link.secure;
  }

  get remoteAddress(): string {
    return this.#link.remoteAddress;
  }

  close(reason: EndReason): void {
    this.#link.close(reason);
  }

  /** False: the session has as many filters as it may have (device 2). A known filter gets its new QoS. */
  subscribe(filter: string, qos: 0 | 1): boolean {
    this.#subscriptions ??= new Subscriptions();
    const isFull = this.#subscriptions.size >= this.#limits.subscriptionsMax;
    if (isFull && !this.#subscriptions.has(filter)) return false;
    this.#subscriptions.set(filter, qos);
    return true;
  }

  unsubscribe(filter: string): void {
    this.#subscriptions?.delete(filter);
  }

  /** device 4.1 and 4.2. */
  downlinkQos(topic: string): 0 | 1 | undefined {
    return this.#subscriptions?.qosOf(topic) ?? (isOwnSysTopic(topic, this.device.deviceId) ? 0 : undefined);
  }

  publish(request: PublishRequest): PublishOutcome {
    if (!this.isOpen) return { kind: 'no-session' };
    if (this.#isDeliverable || request.isAnswer) return this.#send(request);
    this.#held ??= [];
    if (this.#held.length >= this.#limits.downlinksHeldMax) return { kind: 'overloaded' };
    this.#held.push(request);
    return { kind: 'held' };
  }

  repeat(packetId: number): PublishOutcome | undefined {
    const request = this.#unacknowledged?.get(packetId);
    if (!this.isOpen || !request?.isRepeatable) return undefined;
    const { topic, payload } = request;
    const isSent = this.#link.send(this.#codec.encodePublish({ topic, payload, packetId, dup: true }));
    return isSent ? { kind: 'sent', qos: 1, packetId } : { kind: 'overloaded' };
  }

  forget(packetId: number): void {
    this.#unacknowledged?.delete(packetId);
  }

  /** A PUBACK came; false if nothing waited for it. */
  acknowledge(packetId: number): boolean {
    const request = this.#unacknowledged?.get(packetId);
    if (!request) return false;
    this.#unacknowledged?.delete(packetId);
    request.onAcknowledged?.();
    return true;
  }

  /** The delivery delay is over (device 4.4): what was held leaves in the order it came. */
  startDelivery(): void {
    this.#isDeliverable = true;
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const request of held) {
      const outcome = this.publish(request);
      request.onOutcome?.(outcome);
    }
  }

  /** The connection is gone: whoever waits for a held downlink learns it. */
  end(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    this.#unacknowledged = undefined;
    this.#subscriptions = undefined;
    for (const request of held) request.onOutcome?.({ kind: 'no-session' });
  }

  #send(request: PublishRequest): PublishOutcome {
    const { topic, payload } = request;
    const qos = this.downlinkQos(topic);
    if (qos === undefined) return { kind: 'not-subscribed' };
    const packetId = qos === 1 ? this.#reservePacketId(request) : undefined;
    if (qos === 1 && packetId === undefined) return { kind: 'overloaded' };
    const isSent = this.#link.send(this.#codec.encodePublish({ topic, payload, packetId, dup: false }));
    if (!isSent) return { kind: 'overloaded' };
    return packetId === undefined ? { kind: 'sent', qos: 0 } : { kind: 'sent', qos: 1, packetId };
  }

  #reservePacketId(request: PublishRequest): number | undefined {
    this.#unacknowledged ??= new Map<number, PublishRequest>();
    const waiting = this.#unacknowledged;
    if (waiting.size >= this.#limits.downlinksUnacknowledgedMax && !forgetOldest(waiting)) return undefined;
    do {
      this.#lastPacketId = this.#lastPacketId === packetIdMax ? 1 : this.#lastPacketId + 1;
    } while (waiting.has(this.#lastPacketId));
    waiting.set(this.#lastPacketId, request.isRepeatable ? request : keepCallback(request));
    return this.#lastPacketId;
  }
}

const noPayload = Buffer.alloc(0);

/** What is sent only once need not stay in memory until a busy device acknowledges it minutes later (device 4.3). */
function keepCallback(request: PublishRequest): PublishRequest {
  const kept = { topic: request.topic, payload: noPayload };
  return request.onAcknowledged ? { ...kept, onAcknowledged: request.onAcknowledged } : kept;
}

/** Makes room by giving up the PUBACK of the oldest downlink that is not sent again: its own answer decides, not its PUBACK. */
function forgetOldest(waiting: Map<number, PublishRequest>): boolean {
  for (const [packetId, request] of waiting) {
    if (request.isRepeatable) continue;
    return waiting.delete(packetId);
  }
  return false;
}
