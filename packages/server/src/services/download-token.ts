import { createHash } from 'node:crypto';
import type { Random } from '../ports/random.ts';

export interface DownloadToken {
  /** 32 random bytes in base64url, for the device alone. */
  readonly token: string;
  /** What is stored of it. */
  readonly hash: string;
}

/** Device 8.2. */
export function newDownloadToken(random: Random): DownloadToken {
  const token = Buffer.from(random.bytes(32)).toString('base64url');
  return { token, hash: hashOfToken(token) };
}

/** SHA-256 of the token's text, lower hex. */
export function hashOfToken(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('hex');
}
