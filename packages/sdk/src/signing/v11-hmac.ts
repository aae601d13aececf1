import { canonicalRequest, signedHeaderNames, type SignableRequest } from './canonical-request.ts';
import { hmacSha256Bytes, hmacSha256Hex, sha256Hex } from './hash.ts';
import type { AccessKey } from './sdk-hmac.ts';

/** Name of the derived-key algorithm of v5 2.3. */
const V11_HMAC = 'V11-HMAC-SHA256';

const SERVICE = 'iotdm';

/** When and where a derived key is valid: one day, one region. */
export interface V11Scope {
  /** Value of `X-Sdk-Date`. */
  readonly sdkDate: string;
  readonly regionId: string;
}

/** v5 2.3: `yyyyMMdd/region/iotdm`. */
export function v11Info(scope: V11Scope): string {
  return `${scope.sdkDate.slice(0, 8)}/${scope.regionId}/${SERVICE}`;
}

/** v5 2.3: HKDF's extract and first expand step; used as ASCII text, not as bytes. */
export async function v11DerivedKey(key: AccessKey, info: string): Promise<string> {
  const pseudoRandomKey = await hmacSha256Bytes(key.accessKey, key.secretKey);
  return hmacSha256Hex(pseudoRandomKey, `${info}\u0001`);
}

/** v5 2.3; `canonicalHash` is hex(sha256(canonicalRequest)). */
export function v11StringToSign(scope: V11Scope, canonicalHash: string): string {
  return `${V11_HMAC}\n${scope.sdkDate}\n${v11Info(scope)}\n${canonicalHash}`;
}

/** Signature of v5 2.3, 64 hex digits. */
export async function v11Signature(key: AccessKey, scope: V11Scope, request: SignableRequest): Promise<string> {
  const canonicalHash = await sha256Hex(canonicalRequest(request));
  const derivedKey = await v11DerivedKey(key, v11Info(scope));
  return hmacSha256Hex(derivedKey, v11StringToSign(scope, canonicalHash));
}

/** Value of the header `Authorization` of v5 2.3. */
export async function v11Authorization(key: AccessKey, scope: V11Scope, request: SignableRequest): Promise<string> {
  const signature = await v11Signature(key, scope, request);
  const credential = `${key.accessKey}/${v11Info(scope)}`;
  return `${V11_HMAC} Credential=${credential}, SignedHeaders=${signedHeaderNames(request.headers)}, Signature=${signature}`;
}
