import { timingSafeEqual } from 'node:crypto';
import { Problem } from '../../domain/problem.ts';
import { parseBasicTime } from '../../domain/time.ts';
import type { Credentials } from '../../services/credentials.ts';
import { isJsonMediaType } from '../request-body.ts';
import { algorithmOf, parseAuthorization, type SignedAuthorization } from './authorization-header.ts';
import type { Authenticate, Claim, IncomingCall } from './authenticator.ts';
import { type HeaderList, headerList, onlyValue } from './header-list.ts';
import { canonicalRequest, signatureOf } from './signature.ts';

/** v5 2.2: how far the client's clock may be off. */
const skewMsMax = 15 * 60_000;
const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const unsignedPayload = 'UNSIGNED-PAYLOAD';

const refused = (): Problem => new Problem('authenticationFailed');

/** v5 2: a known algorithm in Authorization decides, else X-Auth-Token. */
export function createAuthenticator(credentials: Credentials, clock: { now(): number }): Authenticate {
  return async (call) => {
    const headers = headerList(call.rawHeaders);
    // A repeated Authorization is nobody's honest request.
    if ((headers.get('authorization')?.length ?? 0) > 1) throw refused();
    const authorization = onlyValue(headers, 'authorization');
    if (authorization !== undefined && algorithmOf(authorization) !== undefined) {
      return claimOfSignature(credentials, { call, headers, authorization, now: clock.now() });
    }
    const token = onlyValue(headers, 'x-auth-token');
    const caller = token === undefined ? undefined : await credentials.ofToken(token);
    if (caller === undefined) throw refused();
    return { caller, prove: () => {} };
  };
}

interface SignedCall {
  readonly call: IncomingCall;
  readonly headers: HeaderList;
  readonly authorization: string;
  readonly now: number;
}

async function claimOfSignature(credentials: Credentials, signed: SignedCall): Promise<Claim> {
  const { headers } = signed;
  const parsed = parseAuthorization(signed.authorization);
  if (parsed === undefined) throw refused();
  const date = checkedDate(headers, parsed, signed.now);
  const signedValues = parsed.signedHeaders.map((name) => [name, onlyValue(headers, name) ?? refuse()] as const);
  const declaredHash = checkedPayloadHash(headers, parsed);
  const key = await credentials.ofAccessKey(parsed.accessKey);
  if (key === undefined) throw refused();
  const checkSignature = (payloadHash: string): void => {
    const { method, target } = signed.call;
    const canonical = canonicalRequest({ method, target, headers: signedValues, payloadHash });
    const expected = signatureOf({ ...parsed, secretKey: key.secretKey, date }, canonical);
    if (!timingSafeEqual(Buffer.from(expected), Buffer.from(parsed.signature))) throw refused();
  };
  // v5 2.2: what X-Sdk-Content-Sha256 says is what is signed, so a stranger's body need not be taken at all.
  if (declaredHash !== undefined) checkSignature(declaredHash);
  const prove = (bodySha256: string): void => {
    if (!coversBody(headers, declaredHash ?? bodySha256, bodySha256)) throw refused();
    if (declaredHash === undefined) checkSignature(bodySha256);
  };
  return { caller: key.caller, prove };
}

function refuse(): never {
  throw refused();
}

// v5 2.2: host and x-sdk-date must be signed, the clocks agree within 15 min; 2.3: the day and the service of the derived key.
function checkedDate(headers: HeaderList, { signedHeaders, info }: SignedAuthorization, now: number): string {
  if (!signedHeaders.includes('host') || !signedHeaders.includes('x-sdk-date')) throw refused();
  // v5 2.2: temporary keys are not supported.
  if (headers.has('x-security-token')) throw refused();
  const date = onlyValue(headers, 'x-sdk-date') ?? '';
  const at = parseBasicTime(date);
  if (at === undefined || Math.abs(now - at) > skewMsMax) throw refused();
  if (info !== undefined && !isInfoOf(info, date)) throw refused();
  return date;
}

function isInfoOf(info: string, date: string): boolean {
  const [day, region, service, ...more] = info.split('/');
  return more.length === 0 && day === date.slice(0, 8) && region !== '' && service === 'iotdm';
}

function checkedPayloadHash(headers: HeaderList, { signedHeaders }: SignedAuthorization): string | undefined {
  if (!headers.has('x-sdk-content-sha256')) return undefined;
  // v5 2.2: it must be signed, or anybody on the way could declare the body free.
  if (!signedHeaders.includes('x-sdk-content-sha256')) throw refused();
  return onlyValue(headers, 'x-sdk-content-sha256') ?? refuse();
}

function coversBody(headers: HeaderList, payloadHash: string, bodySha256: string): boolean {
  if (payloadHash !== unsignedPayload) return payloadHash.toLowerCase() === bodySha256;
  if (bodySha256 === emptySha256 && !headers.has('content-type')) return true;
  // A JSON body must be covered by the signature; a body without a type is read as JSON.
  return headers.has('content-type') && !isJsonMediaType(headers.get('content-type')?.join(','));
}
