import type { App } from '../../domain/app.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store/store.ts';
import { hashOfToken } from '../download-token.ts';
import { createLastMinute } from './last-minute.ts';
import { appIdOf } from './legacy-sign-in.ts';

/** What a call brings. */
export interface LegacyCallCredentials {
  /** The header `app_key`. */
  readonly appKey: string | undefined;
  readonly accessToken: string | undefined;
}

export type LegacyAccessRefusal =
  | {
      readonly kind: 'refused';
      readonly reason: 'no-app-key' | 'unknown-app-key' | 'bad-token' | 'unknown-owner' | 'not-granted';
    }
  | { readonly kind: 'refused'; readonly reason: 'throttled'; readonly retryAfterMs: number };

export interface LegacyAccessGiven {
  readonly kind: 'given';
  readonly app: App;
}

/** Who may call, how often, and about whose things (legacy 1.2, 1.5). */
export interface LegacyAccess {
  /** Of a call, which counts against the application's limit from then on. */
  admit(credentials: LegacyCallCredentials): Promise<LegacyAccessGiven | LegacyAccessRefusal>;
  /** The application that a call names, or the caller where it names none. */
  ownerOf(caller: App, named: string | undefined): Promise<LegacyAccessGiven | LegacyAccessRefusal>;
}

export interface LegacyAccessParts {
  readonly store: Pick<Store, 'legacyAccess'>;
  readonly clock: Clock;
  /** In any 60 s, of one application in this process; 0: without limit (MUSTER_LEGACY_CALLS_PER_MINUTE). */
  readonly callsPerMinute: number;
}

/** More applications than any installation has. */
const appsMax = 100_000;

export function createLegacyAccess({ store, clock, callsPerMinute }: LegacyAccessParts): LegacyAccess {
  const calls = createLastMinute({ clock, perMinute: callsPerMinute, keysMax: appsMax });
  return {
    admit: async ({ appKey, accessToken }) => {
      if (appKey === undefined || appKey === '') return refused('no-app-key');
      const appId = appIdOf(appKey);
      const hash = hashOfToken(accessToken ?? '');
      const caller = appId && (await store.legacyAccess.findCaller({ appId, hash, now: clock.now() }));
      if (caller === undefined) return refused('unknown-app-key');
      if (!caller.isSignedIn) return refused('bad-token');
      const retryAfterMs = calls.waitMs(caller.app.appId);
      if (retryAfterMs > 0) return { kind: 'refused', reason: 'throttled', retryAfterMs };
      calls.record(caller.app.appId);
      return { kind: 'given', app: caller.app };
    },
    ownerOf: async (caller, named) => {
      if (named === undefined || named === caller.appId) return { kind: 'given', app: caller };
      const ownerId = appIdOf(named);
      const owner = ownerId && (await store.legacyAccess.findOwner(caller, ownerId));
      if (owner === undefined) return refused('unknown-owner');
      return owner.lets ? { kind: 'given', app: owner.app } : refused('not-granted');
    },
  };
}

type PlainReason = Exclude<LegacyAccessRefusal['reason'], 'throttled'>;

const refused = (reason: PlainReason): LegacyAccessRefusal => ({ kind: 'refused', reason });
