import { canonicalRequest, signedHeaderNames, type SignableRequest } from './canonical-request.ts';
import { hmacSha256Hex, sha256Hex } from './hash.ts';

/** Name of the algorithm of v5 2.2, as it stands in `Authorization`. */
const SDK_HMAC = 'SDK-HMAC-SHA256';

/** An access key and its secret. */
export interface AccessKey {
  readonly accessKey: string;
  readonly secretKey: string;
}

/** v5 2.2; `canonicalHash` is hex(sha256(canonicalRequest)). */
export function sdkHmacStringToSign(sdkDate: string, canonicalHash: string): string {
  return `${SDK_HMAC}\n${sdkDate}\n${canonicalHash}`;
}

/** Signature of v5 2.2, 64 hex digits. `sdkDate` is the value of `X-Sdk-Date`. */
export async function sdkHmacSignature(key: AccessKey, sdkDate: string, request: SignableRequest): Promise<string> {
  const canonicalHash = await sha256Hex(canonicalRequest(request));
  return hmacSha256Hex(key.secretKey, sdkHmacStringToSign(sdkDate, canonicalHash));
}

/** Value of the header `Authorization` of v5 2.2. */
export async function sdkHmacAuthorization(key: AccessKey, sdkDate: string, request: SignableRequest): Promise<string> {
  const signature = await sdkHmacSignature(key, sdkDate, request);
  return `${SDK_HMAC} Access=${key.accessKey}, SignedHeaders=${signedHeaderNames(request.headers)}, Signature=${signature}`;
}
