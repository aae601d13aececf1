import type { LegacyAnswerOf } from '@muster/contract/legacy';
import type { Authorizer } from '../credentials.ts';
import { MusterError } from '../muster-error.ts';
import type { Transport } from '../transport.ts';

type TokenDocument = LegacyAnswerOf<'Login'>;

/** An application and its secret (legacy 2). */
export interface LegacyCredentials {
  readonly appId: string;
  readonly secret: string;
}

const security = ['iocm', 'app', 'sec', 'v1.1.0'];
/** A token is renewed so long before it ends, or when a tenth of its life is left. */
const marginMs = 60_000;

interface SignedIn {
  readonly tokens: TokenDocument;
  /** ms since epoch. */
  readonly renewAt: number;
}

/**
 * Signs in when the first call needs a token, renews it by its refresh token before it ends, and signs in anew where the server refuses
 * either. All calls that start meanwhile wait for the same sign-in; a failed one is not remembered.
 */
export function createLegacyAuthorizer(transport: Transport, credentials: LegacyCredentials): Authorizer {
  let pending: Promise<SignedIn> | undefined;
  let current: SignedIn | undefined;

  const begin = (work: Promise<TokenDocument>): Promise<SignedIn> => {
    const signing = work.then((tokens) => ({ tokens, renewAt: renewalOf(tokens) }));
    const started = signing.catch((error: unknown) => {
      if (pending === started) pending = undefined;
      throw error;
    });
    return started;
  };

  return {
    async headersFor() {
      pending ??= begin(login(transport, credentials));
      let signedIn = await pending;
      if (Date.now() >= signedIn.renewAt) {
        // Of those that find it too old together the first renews it.
        if (signedIn === current) {
          current = undefined;
          pending = begin(renewed(transport, credentials, signedIn.tokens));
        }
        signedIn = await pending;
      }
      current = signedIn;
      return { app_key: credentials.appId, Authorization: bearer(signedIn) };
    },
    renew(refused) {
      if (current !== undefined && refused['Authorization'] === bearer(current)) {
        current = undefined;
        pending = undefined;
      }
      return true;
    },
    isRefusal: async (response) => response.status === 403 && (await codeOf(response)) === badToken,
  };
}

const bearer = ({ tokens }: SignedIn): string => `Bearer ${tokens.accessToken}`;

function renewalOf({ expiresIn }: TokenDocument): number {
  const lifeMs = expiresIn * 1000;
  return Date.now() + lifeMs - Math.min(marginMs, lifeMs / 10);
}

/** Legacy 1.5: missing, unknown, expired, revoked, or not of this application. */
const badToken = '1010005';

/** Of a copy: the answer is still to be read. */
async function codeOf(response: Response): Promise<unknown> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  return typeof body === 'object' && body !== null ? Reflect.get(body, 'error_code') : undefined;
}

/** As a form: every server of this API takes one. */
const login = (transport: Transport, { appId, secret }: LegacyCredentials): Promise<TokenDocument> =>
  transport.json({ method: 'POST', path: [...security, 'login'], form: new URLSearchParams({ appId, secret }) });

async function renewed(
  transport: Transport,
  credentials: LegacyCredentials,
  { refreshToken }: TokenDocument,
): Promise<TokenDocument> {
  const json = { ...credentials, refreshToken };
  try {
    return await transport.json({ method: 'POST', path: [...security, 'refreshToken'], json });
  } catch (error) {
    // A refresh token that is good no longer is no reason to stop.
    if (error instanceof MusterError && error.status === 401) return login(transport, credentials);
    throw error;
  }
}
