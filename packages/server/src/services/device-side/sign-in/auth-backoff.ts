import type { Clock } from '../../../ports/clock.ts';
import { sourceKey } from './source-key.ts';

/** Failed sign-ins by device id and by source address (device 1.5); shared by MQTT and HTTP. */
export interface AuthBackoff {
  /** True: refuse without a password check. */
  isBlocked(deviceId: string, remoteAddress: string): boolean;
  /** A failure of step 5 of device 1.4. */
  recordFailure(deviceId: string, remoteAddress: string): void;
  recordSuccess(deviceId: string, remoteAddress: string): void;
}

export interface AuthBackoffOptions {
  readonly clock: Clock;
  /** Failures within one minute that start the back-off. */
  readonly authFailuresPerMinute: number;
  /** 0 turns the back-off off. */
  readonly authBackoffSeconds: number;
  /** Device ids and addresses with failures that are remembered, each. */
  readonly authBackoffKeysMax: number;
  /** Devices whose last good address is remembered. Only right passwords add to it. */
  readonly spareAddressesMax?: number;
}

const windowMs = 60_000;

interface Failures {
  /** Times of the failures within the window, oldest first. */
  readonly times: number[];
  blockedUntil: number;
}

/** Failures per key, in the order of the last one, so that the key forgotten at the limit is the one quiet for longest. */
class FailureTable {
  readonly #keys = new Map<string, Failures>();
  readonly #options: AuthBackoffOptions;

  constructor(options: AuthBackoffOptions) {
    this.#options = options;
  }

  isBlocked(key: string, nowMs: number): boolean {
    const failures = this.#keys.get(key);
    return failures !== undefined && failures.blockedUntil > nowMs;
  }

  record(key: string, nowMs: number): void {
    const failures = this.#keys.get(key) ?? { times: [], blockedUntil: 0 };
    this.#keys.delete(key);
    failures.times.push(nowMs);
    while ((failures.times[0] ?? nowMs) <= nowMs - windowMs) failures.times.shift();
    if (failures.times.length >= this.#options.authFailuresPerMinute) {
      failures.times.length = 0;
      failures.blockedUntil = nowMs + this.#options.authBackoffSeconds * 1000;
    }
    this.#keys.set(key, failures);
    dropOldest(this.#keys, this.#options.authBackoffKeysMax);
  }
}

export function createAuthBackoff(options: AuthBackoffOptions): AuthBackoff {
  if (options.authBackoffSeconds === 0) return { isBlocked: () => false, recordFailure() {}, recordSuccess() {} };
  const devices = new FailureTable(options);
  const sources = new FailureTable(options);
  const goodSources = new Map<string, string>();
  const { clock } = options;
  return {
    isBlocked(deviceId, remoteAddress) {
      const source = sourceKey(remoteAddress);
      const now = clock.now();
      if (sources.isBlocked(source, now)) return true;
      // device 1.5: a stranger who guesses must not lock the device itself out.
      return goodSources.get(deviceId) !== source && devices.isBlocked(deviceId, now);
    },
    recordFailure(deviceId, remoteAddress) {
      const now = clock.now();
      devices.record(deviceId, now);
      sources.record(sourceKey(remoteAddress), now);
    },
    recordSuccess(deviceId, remoteAddress) {
      goodSources.delete(deviceId);
      goodSources.set(deviceId, sourceKey(remoteAddress));
      dropOldest(goodSources, options.spareAddressesMax ?? 100_000);
    },
  };
}

/** Entries come one at a time, so one too many is the most there can be. */
function dropOldest(map: Map<string, unknown>, max: number): void {
  if (map.size <= max) return;
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}
