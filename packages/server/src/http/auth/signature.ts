import { createHash, createHmac } from 'node:crypto';
import type { RequestTarget } from '../request-target.ts';
import { decodePercent } from '../request-target.ts';
import type { SigningAlgorithm } from './authorization-header.ts';

export interface CanonicalParts {
  readonly method: string;
  readonly target: RequestTarget;
  /** Names in the order of SignedHeaders, each with its value. */
  readonly headers: readonly (readonly [string, string])[];
  /** hex(sha256(body)), or the value of X-Sdk-Content-Sha256. */
  readonly payloadHash: string;
}

/** The text of v5 2.2 that both algorithms sign the hash of. */
export function canonicalRequest({ method, target, headers, payloadHash }: CanonicalParts): string {
  return [
    method,
    canonicalPath(target.path),
    canonicalQuery(target.query),
    // Every line ends itself, so an empty line precedes the names.
    headers.map(([name, value]) => `${name}:${value}\n`).join(''),
    headers.map(([name]) => name).join(';'),
    payloadHash,
  ].join('\n');
}

export interface SigningInput {
  readonly algorithm: SigningAlgorithm;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Value of X-Sdk-Date. */
  readonly date: string;
  /** `yyyyMMdd/region/iotdm`; V11 only. */
  readonly info: string | undefined;
}

/** 64 lower hex digits: what an honest client signs (v5 2.2, 2.3). */
export function signatureOf(input: SigningInput, canonical: string): string {
  const hash = createHash('sha256').update(canonical, 'utf8').digest('hex');
  if (input.algorithm === 'SDK-HMAC-SHA256') {
    return hmac(input.secretKey, `${input.algorithm}\n${input.date}\n${hash}`).digest('hex');
  }
  const info = input.info ?? '';
  const text = `${input.algorithm}\n${input.date}\n${info}\n${hash}`;
  return hmac(derivedKey(input, info), text).digest('hex');
}

// v5 2.3: the derived key is used as its hex text.
function derivedKey({ accessKey, secretKey }: SigningInput, info: string): string {
  const pseudoRandomKey = hmac(accessKey, secretKey).digest();
  return createHmac('sha256', pseudoRandomKey).update(`${info}\u0001`, 'utf8').digest('hex');
}

function hmac(key: string, text: string): ReturnType<typeof createHmac> {
  return createHmac('sha256', Buffer.from(key, 'utf8')).update(text, 'utf8');
}

function canonicalPath(path: string): string {
  const encoded = path
    .split('/')
    .map((segment) => encode(decodePercent(segment)))
    .join('/');
  return encoded.endsWith('/') ? encoded : `${encoded}/`;
}

function canonicalQuery(pairs: RequestTarget['query']): string {
  return [...pairs]
    .sort(([keyA, valueA], [keyB, valueB]) => compare(keyA, keyB) || compare(valueA, valueB))
    .map(([key, value]) => `${encode(key)}=${encode(value)}`)
    .join('&');
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

// `A-Za-z0-9-_.~` stay (v5 2.2); these five are left alone by encodeURIComponent.
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
