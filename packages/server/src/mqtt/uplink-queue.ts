import type { MqttLimits } from './limits.ts';

/** What the queue does to its connection. */
export interface UplinkQueueOwner {
  sendPuback(packetId: number): void;
  /** An effect could not be made durable: the device must send again (device 2, uplink order). */
  onUplinkFailed(cause: unknown): void;
  /** Fewer uplinks are pending again. */
  onUplinkRoom(): void;
}

interface Pending {
  /** 0 for QoS 0. */
  readonly packetId: number;
  readonly bytes: number;
  isSettled: boolean;
}

/** Uplinks of one connection between their handler's call and their PUBACK, in the order sent. */
export class UplinkQueue {
  readonly #owner: UplinkQueueOwner;
  readonly #limits: Pick<MqttLimits, 'uplinksPendingMax' | 'uplinkBytesPendingMax'>;
  #pending: Pending[] = [];
  #bytes = 0;
  #hasFailed = false;

  constructor(owner: UplinkQueueOwner, limits: Pick<MqttLimits, 'uplinksPendingMax' | 'uplinkBytesPendingMax'>) {
    this.#owner = owner;
    this.#limits = limits;
  }

  get isFull(): boolean {
    return this.#pending.length >= this.#limits.uplinksPendingMax || this.#bytes >= this.#limits.uplinkBytesPendingMax;
  }

  /** An uplink that was dropped: acknowledged when its turn comes. */
  pushDropped(packetId: number): void {
    if (this.#pending.length === 0) {
      if (packetId > 0) this.#owner.sendPuback(packetId);
      return;
    }
    this.#pending.push({ packetId, bytes: 0, isSettled: true });
  }

  push(packetId: number, bytes: number, effect: Promise<void>): void {
    const entry: Pending = { packetId, bytes, isSettled: false };
    this.#pending.push(entry);
    this.#bytes += bytes;
    effect.then(
      () => {
        entry.isSettled = true;
        this.#acknowledge();
      },
      (cause: unknown) => {
        if (this.#hasFailed) return;
        this.#hasFailed = true;
        this.#owner.onUplinkFailed(cause);
      },
    );
  }

  /** Acknowledges from the oldest on: later ones wait for it, so that PUBACKs come in order. */
  #acknowledge(): void {
    if (this.#hasFailed) return;
    const wasFull = this.isFull;
    let count = 0;
    for (const entry of this.#pending) {
      if (!entry.isSettled) break;
      count += 1;
      this.#bytes -= entry.bytes;
      if (entry.packetId > 0) this.#owner.sendPuback(entry.packetId);
    }
    if (count === 0) return;
    this.#pending.splice(0, count);
    if (wasFull && !this.isFull) this.#owner.onUplinkRoom();
  }
}
