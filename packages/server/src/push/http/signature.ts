import { createHash } from 'node:crypto';
import type { Random } from '../../ports/random.ts';

/** v5 15.3: headers by which a receiver that knows the token can tell that a post is ours. `now` in ms since epoch. */
export function signatureHeaders(token: string, now: number, random: Random): Record<string, string> {
  const timestamp = String(now);
  const nonce = Buffer.from(random.bytes(16)).toString('hex');
  // Bytewise: all three are ASCII, where code units sort as bytes do.
  const joined = [token, timestamp, nonce].sort().join('');
  return { timestamp, nonce, signature: createHash('sha256').update(joined, 'utf8').digest('hex') };
}
