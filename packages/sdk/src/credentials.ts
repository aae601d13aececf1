import type { SignableRequest } from './signing/canonical-request.ts';
import { sdkHmacAuthorization } from './signing/sdk-hmac.ts';
import { v11Authorization } from './signing/v11-hmac.ts';

/** An access key (v5 2.2, 2.3), a token, or what a token is made from (v5 2.1). */
export type Credentials =
  | { readonly kind: 'aksk'; readonly accessKey: string; readonly secretKey: string }
  | { readonly kind: 'token'; readonly token: string }
  | {
      readonly kind: 'password';
      readonly domain: string;
      readonly user: string;
      readonly password: string;
      /** Name of the project that the token is for. */
      readonly project: string;
    };

/** Headers that prove who asks. `renew` forgets a token that the server refused; false = there is nothing newer. */
export interface Authorizer {
  /** It wants the hash of the body, which browsers work out on secure origins only. */
  readonly signsBody?: true;
  headersFor(request: SignableRequest): Promise<Record<string, string>>;
  renew(refused: Record<string, string>): boolean;
  /** Whether an answer says that what `headersFor` gave is good no longer; absent: 401 does. */
  isRefusal?(response: Response): Promise<boolean>;
}

/** Where and how signatures are made. */
export interface SigningOptions {
  readonly regionId: string;
  /** true: `V11-HMAC-SHA256` with a key derived per day and region. */
  readonly derived: boolean;
}

/** ts-basic, `yyyyMMdd'T'HHmmss'Z'`. */
const basicTime = (time: Date): string =>
  time
    .toISOString()
    .replace(/\.\d{3}/, '')
    .replace(/[-:]/g, '');

/** Signs every request with the present time; the server allows 15 minutes of difference (v5 2.2). */
export function createSigner(
  key: { readonly accessKey: string; readonly secretKey: string },
  options: SigningOptions,
): Authorizer {
  return {
    signsBody: true,
    async headersFor(request) {
      const sdkDate = basicTime(new Date());
      const signed = { ...request, headers: { ...request.headers, 'x-sdk-date': sdkDate } };
      const authorization = options.derived
        ? await v11Authorization(key, { sdkDate, regionId: options.regionId }, signed)
        : await sdkHmacAuthorization(key, sdkDate, signed);
      return { 'X-Sdk-Date': sdkDate, Authorization: authorization };
    },
    renew: () => false,
  };
}

const TOKEN_HEADER = 'X-Auth-Token';

/** Sends one fixed token. */
export function createTokenBearer(token: string): Authorizer {
  return { headersFor: async () => ({ [TOKEN_HEADER]: token }), renew: () => false };
}

/** Fetches a token when the first request needs one, and once more when the server refuses it. */
export function createTokenRenewer(fetchToken: () => Promise<string>): Authorizer {
  let pending: Promise<string> | undefined;
  let current: string | undefined;
  return {
    async headersFor() {
      // One sign-in serves all requests that start meanwhile; a failed one is not remembered.
      pending ??= fetchToken().catch((error: unknown) => {
        pending = undefined;
        throw error;
      });
      current = await pending;
      return { [TOKEN_HEADER]: current };
    },
    renew(refused) {
      if (refused[TOKEN_HEADER] === current) pending = undefined;
      return true;
    },
  };
}
