import type { MqttLimits } from './limits.ts';

type BucketLimits = Pick<MqttLimits, 'uplinkMessagesPerSecond' | 'uplinkBytesPerSecond' | 'uplinkBurstSeconds'>;

/** Token buckets of one connection for messages and bytes (device 2, rate). Both begin full; taking may overdraw them. */
export class UplinkBucket {
  readonly #limits: BucketLimits;
  #messages: number;
  #bytes: number;
  #filledAtMs: number;

  constructor(limits: BucketLimits, nowMs: number) {
    this.#limits = limits;
    this.#messages = limits.uplinkMessagesPerSecond * limits.uplinkBurstSeconds;
    this.#bytes = limits.uplinkBytesPerSecond * limits.uplinkBurstSeconds;
    this.#filledAtMs = nowMs;
  }

  takeMessage(): void {
    this.#messages -= 1;
  }

  takeBytes(count: number): void {
    this.#bytes -= count;
  }

  /** Less than one message or no byte is left, as of the last `fill`: cheap, so that the clock is read only when it matters. */
  get isLow(): boolean {
    return this.#messages < 1 || this.#bytes < 0;
  }

  /** Refills up to now and returns the milliseconds until one message and no debt of bytes is left; 0: go on reading. */
  waitMs(nowMs: number): number {
    const { uplinkMessagesPerSecond, uplinkBytesPerSecond, uplinkBurstSeconds } = this.#limits;
    // A clock that was set back must not empty the bucket.
    const elapsedSeconds = Math.max(0, nowMs - this.#filledAtMs) / 1000;
    this.#filledAtMs = nowMs;
    const refill = (level: number, rate: number): number =>
      Math.min(rate * uplinkBurstSeconds, level + rate * elapsedSeconds);
    this.#messages = refill(this.#messages, uplinkMessagesPerSecond);
    this.#bytes = refill(this.#bytes, uplinkBytesPerSecond);
    if (!this.isLow) return 0;
    const seconds = Math.max((1 - this.#messages) / uplinkMessagesPerSecond, -this.#bytes / uplinkBytesPerSecond);
    return Math.ceil(seconds * 1000) + 1;
  }
}
