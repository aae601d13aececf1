import { timingSafeEqual } from 'node:crypto';
import type { ProjectId } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store/store.ts';
import type { AuthBackoff } from '../device-side/sign-in/auth-backoff.ts';
import { hashOfCode } from './access-codes.ts';

/** What an AMQP consumer says when it signs in. */
export interface ConsumerCredentials {
  readonly user: string;
  readonly password: string;
  readonly address: string;
}

export interface SignedInConsumer {
  readonly projectId: ProjectId;
  readonly accessKey: string;
}

/** v5 15.6. Undefined: refused, and it is not told why. Rejects when the store does. */
export type ConsumerSignIn = (credentials: ConsumerCredentials) => Promise<SignedInConsumer | undefined>;

export interface ConsumerSignInParts {
  readonly store: Pick<Store, 'accessCodes'>;
  readonly clock: Clock;
  readonly backoff: AuthBackoff;
}

/** v5 15.6: how far the timestamp of a user name may be off the server's clock, either way. */
const toleranceMs = 5 * 60_000;

export function createConsumerSignIn({ store, clock, backoff }: ConsumerSignInParts): ConsumerSignIn {
  return async ({ user, password, address }) => {
    const parsed = parseConsumerUser(user);
    const accessKey = parsed?.accessKey ?? '';
    if (backoff.isBlocked(accessKey, address)) return undefined;
    const code = parsed && (await store.accessCodes.find(accessKey));
    const isRight = isCode(password, code?.codeHash) && code?.type === 'AMQP';
    const isTimely = parsed !== undefined && Math.abs(clock.now() - parsed.timestamp) <= toleranceMs;
    if (code === undefined || !isRight) {
      backoff.recordFailure(accessKey, address);
      return undefined;
    }
    // Its clock is wrong, but it is who it says: no guess, so nothing to slow down.
    if (!isTimely) return undefined;
    backoff.recordSuccess(accessKey, address);
    return { projectId: code.projectId, accessKey };
  };
}

const noCode = hashOfCode('');

/** The work and its time do not tell whether the key exists. */
function isCode(password: string, codeHash: string | undefined): boolean {
  const isEqual = timingSafeEqual(Buffer.from(hashOfCode(password)), Buffer.from(codeHash ?? noCode));
  return isEqual && codeHash !== undefined;
}

/** `instanceId` says which of several instances of the original a consumer means; here there is one. */
const part = /^(?:accessKey=(?<key>[A-Za-z0-9]{8})|timestamp=(?<at>\d{13})|instanceId=[A-Za-z0-9-]{1,64})$/;
const userBytesMax = 256;

/** v5 15.6: parts in any order, each once, with or without `|` at the end. Undefined: not such a name. */
export function parseConsumerUser(user: string): { accessKey: string; timestamp: number } | undefined {
  if (user.length > userBytesMax) return undefined;
  const parts = user.replace(/\|$/, '').split('|');
  const matches = parts.map((text) => part.exec(text));
  const names = new Set(parts.map((text) => text.split('=')[0]));
  if (matches.includes(null) || names.size < parts.length) return undefined;
  const accessKey = matches.find((match) => match?.groups?.['key'])?.groups?.['key'];
  const timestamp = matches.find((match) => match?.groups?.['at'])?.groups?.['at'];
  return accessKey === undefined || timestamp === undefined ? undefined : { accessKey, timestamp: Number(timestamp) };
}
