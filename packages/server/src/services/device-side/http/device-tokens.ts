import type { DeviceId, ProjectId } from '../../../domain/ids.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Random } from '../../../ports/random.ts';
import { newDownloadToken, hashOfToken } from '../../download-token.ts';

/** Who holds a token. */
export interface TokenHolder {
  readonly deviceId: DeviceId;
  readonly projectId: ProjectId;
  /** Signed in over TLS: the token is good over TLS only. */
  readonly secure: boolean;
}

/** Access tokens of devices that report over HTTP (device 10). In memory: after a restart devices sign in again. */
export interface DeviceTokens {
  /** The device's previous token stays valid for a short while, any older one ends. */
  issue(holder: TokenHolder): string;
  /** Undefined: unknown, expired or revoked. */
  find(token: string): TokenHolder | undefined;
  revoke(deviceIds: readonly DeviceId[]): void;
  /** Counts one call of the device; false: more than it may make. */
  takeCall(deviceId: DeviceId): boolean;
}

export interface DeviceTokensOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Random;
  readonly lifeMs: number;
  /** How long a token outlives the next one. */
  readonly renewalMs: number;
  readonly callsPerSecond: number;
  /** Devices with tokens; beyond, who signed in longest ago has to do it again. */
  readonly devicesMax?: number;
}

interface Issued {
  readonly hash: string;
  readonly holder: TokenHolder;
  expiresAt: number;
}

interface Account {
  readonly tokens: readonly Issued[];
  calls: number;
  filledAt: number;
}

export function createDeviceTokens(options: DeviceTokensOptions): DeviceTokens {
  return new Table(options);
}

class Table implements DeviceTokens {
  readonly #options: DeviceTokensOptions;
  /** In the order of the last sign-in. */
  readonly #accounts = new Map<DeviceId, Account>();
  readonly #issued = new Map<string, Issued>();

  constructor(options: DeviceTokensOptions) {
    this.#options = options;
  }

  issue(holder: TokenHolder): string {
    const { clock, random, lifeMs, renewalMs, callsPerSecond, devicesMax = 100_000 } = this.#options;
    const now = clock.now();
    const { token, hash } = newDownloadToken(random);
    const issued: Issued = { hash, holder, expiresAt: now + lifeMs };
    const known = this.#accounts.get(holder.deviceId);
    const [previous, ...older] = known?.tokens ?? [];
    if (previous !== undefined) previous.expiresAt = Math.min(previous.expiresAt, now + renewalMs);
    for (const old of older) this.#issued.delete(old.hash);
    const tokens = previous === undefined ? [issued] : [issued, previous];
    const { calls, filledAt } = known ?? { calls: callsPerSecond, filledAt: now };
    this.#accounts.delete(holder.deviceId);
    this.#accounts.set(holder.deviceId, { tokens, calls, filledAt });
    this.#issued.set(hash, issued);
    const [oldest] = this.#accounts.keys();
    if (oldest !== undefined && this.#accounts.size > devicesMax) this.revoke([oldest]);
    return token;
  }

  find(token: string): TokenHolder | undefined {
    const issued = this.#issued.get(hashOfToken(token));
    return issued !== undefined && issued.expiresAt > this.#options.clock.now() ? issued.holder : undefined;
  }

  revoke(deviceIds: readonly DeviceId[]): void {
    for (const deviceId of deviceIds) {
      for (const { hash } of this.#accounts.get(deviceId)?.tokens ?? []) this.#issued.delete(hash);
      this.#accounts.delete(deviceId);
    }
  }

  takeCall(deviceId: DeviceId): boolean {
    const account = this.#accounts.get(deviceId);
    if (account === undefined) return false;
    const { clock, callsPerSecond } = this.#options;
    const now = clock.now();
    // A clock that was set back must not empty the bucket.
    const elapsedMs = Math.max(0, now - account.filledAt);
    account.calls = Math.min(Math.max(callsPerSecond, 1), account.calls + (elapsedMs / 1000) * callsPerSecond);
    account.filledAt = now;
    if (account.calls < 1) return false;
    account.calls -= 1;
    return true;
  }
}
