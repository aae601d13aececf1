import { type AppId, asId } from '../../domain/ids.ts';
import { type LegacySecret, legacySecretShape, liveTokensMax } from '../../domain/legacy-access.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PasswordHasher } from '../../ports/password-hasher.ts';
import type { Random } from '../../ports/random.ts';
import type { Store } from '../../ports/store/store.ts';
import { sourceKey } from '../device-side/sign-in/source-key.ts';
import { hashOfToken } from '../download-token.ts';
import { createLastMinute } from './last-minute.ts';

export interface LegacyProof {
  readonly appId: string;
  readonly secret: string;
  /** Where it comes from. */
  readonly remoteAddress: string;
}

/** Both opaque; the only time that they can be shown. */
export interface IssuedLegacyTokens {
  readonly kind: 'issued';
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresInSeconds: number;
}

export type LegacySignInRefusal =
  | { readonly kind: 'refused'; readonly reason: 'wrong-secret' | 'frozen' | 'wrong-refresh-token' }
  | { readonly kind: 'refused'; readonly reason: 'too-many-failures'; readonly retryAfterMs: number };

/** How legacy applications get tokens, and give them back (legacy 2). */
export interface LegacySignIn {
  /** Problems: rateLimited (too many sign-ins at once). */
  login(proof: LegacyProof): Promise<IssuedLegacyTokens | LegacySignInRefusal>;
  /** As login, by a refresh token, which goes on being good. */
  refresh(proof: LegacyProof & { readonly refreshToken: string }): Promise<IssuedLegacyTokens | LegacySignInRefusal>;
  /** An unknown token has ended already. */
  logout(accessToken: string): Promise<void>;
}

export interface LegacySignInParts {
  readonly store: Pick<Store, 'legacyAccess'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly passwords: PasswordHasher;
  readonly settings: {
    readonly accessTokenLifeMs: number;
    readonly refreshTokenLifeMs: number;
    readonly singleToken: boolean;
    /** 0 turns the limit of failed sign-ins off, too (legacy 1.5). */
    readonly callsPerMinute: number;
  };
}

/** Legacy 1.5: of one address. */
const failuresPerMinute = 20;
const addressesMax = 10_000;

export function createLegacySignIn(parts: LegacySignInParts): LegacySignIn {
  const { store, clock, settings } = parts;
  const failures = createLastMinute({
    clock,
    perMinute: settings.callsPerMinute === 0 ? 0 : failuresPerMinute,
    keysMax: addressesMax,
  });

  const tooMany = (source: string): LegacySignInRefusal | undefined => {
    const retryAfterMs = failures.waitMs(source);
    return retryAfterMs === 0 ? undefined : { kind: 'refused', reason: 'too-many-failures', retryAfterMs };
  };

  /** The secret of the application that has proven itself. */
  async function prove(proof: LegacyProof): Promise<LegacySecret | LegacySignInRefusal> {
    const source = sourceKey(proof.remoteAddress);
    const before = tooMany(source);
    if (before !== undefined) return before;
    const appId = appIdOf(proof.appId);
    const stored = appId && (await store.legacyAccess.findSecret(appId));
    const isShaped = legacySecretShape.test(proof.secret);
    // An unknown application costs as much time as a wrong secret.
    const proven = await parts.passwords.verify(proof.secret, isShaped ? stored?.secretHash : undefined, source);
    // Others that came at the same time may have failed meanwhile: beyond the limit nobody learns whether a secret is right.
    const meanwhile = tooMany(source);
    if (meanwhile !== undefined) return meanwhile;
    if (stored === undefined || !proven) {
      failures.record(source);
      return refused('wrong-secret');
    }
    return stored.frozen ? refused('frozen') : stored;
  }

  return {
    login: async (proof) => {
      const proven = await prove(proof);
      return 'kind' in proven ? proven : issue(parts, proven);
    },
    refresh: async ({ refreshToken, ...proof }) => {
      const proven = await prove(proof);
      if ('kind' in proven) return proven;
      const shown = { appId: proven.appId, hash: hashOfToken(refreshToken), now: clock.now() };
      const isLive = await store.legacyAccess.isRefreshToken(shown);
      return isLive ? issue(parts, proven) : refused('wrong-refresh-token');
    },
    logout: (accessToken) => store.legacyAccess.endAccessToken(hashOfToken(accessToken)),
  };
}

type PlainReason = Exclude<LegacySignInRefusal['reason'], 'too-many-failures'>;

const refused = (reason: PlainReason): LegacySignInRefusal => ({ kind: 'refused', reason });

async function issue(
  { store, clock, random, settings }: LegacySignInParts,
  { appId, secretHash }: LegacySecret,
): Promise<IssuedLegacyTokens | LegacySignInRefusal> {
  const { accessTokenLifeMs, refreshTokenLifeMs, singleToken } = settings;
  const [accessToken, refreshToken] = [newToken(random), newToken(random)];
  const now = clock.now();
  const tokens = {
    appId,
    accessHash: hashOfToken(accessToken),
    refreshHash: hashOfToken(refreshToken),
    accessExpiresAt: now + accessTokenLifeMs,
    refreshExpiresAt: now + refreshTokenLifeMs,
  };
  const issued = await store.legacyAccess.issue(tokens, { secretHash, single: singleToken, tokensMax: liveTokensMax });
  // Replaced or revoked while it was being proven.
  if (!issued) return refused('wrong-secret');
  return { kind: 'issued', accessToken, refreshToken, expiresInSeconds: Math.floor(accessTokenLifeMs / 1000) };
}

/** 256 bits in hex: nothing that any client would encode. */
const newToken = (random: Random): string => Buffer.from(random.bytes(32)).toString('hex');

/** Undefined: nobody's, whatever the database is asked. */
export function appIdOf(text: string): AppId | undefined {
  return /^[A-Za-z0-9_-]{1,36}$/.test(text) ? asId<AppId>(text) : undefined;
}
