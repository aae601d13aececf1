import type { AppId } from './ids.ts';

/** What a legacy application signs in with (legacy 2). */
export interface LegacySecret {
  readonly appId: AppId;
  readonly secretHash: string;
  /** Revoked: its application is told that it is frozen. */
  readonly frozen: boolean;
}

/** A pair of tokens as it is stored: hashes alone. */
export interface LegacyTokens {
  readonly appId: AppId;
  readonly accessHash: string;
  readonly refreshHash: string;
  readonly accessExpiresAt: number;
  readonly refreshExpiresAt: number;
}

/** Legacy 2: live tokens of an application, of each kind; the oldest gives way. */
export const liveTokensMax = 1000;

/** Legacy 2: what a secret may be. */
export const legacySecretShape = /^[A-Za-z0-9]{8,256}$/;
