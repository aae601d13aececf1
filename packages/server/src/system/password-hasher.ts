import { type ScryptOptions, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { Problem } from '../domain/problem.ts';
import type { PasswordHasher } from '../ports/password-hasher.ts';
import { createFairLine } from './fair-line.ts';

export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** 32 MiB and about 80 ms on one core: enough against guessing, little enough for a small machine. */
const defaultCost: ScryptCost = { N: 2 ** 15, r: 8, p: 1 };
const hashBytes = 32;
/** More at once would only push the machine's memory; the rest waits in line. */
const concurrencyMax = 2;
/** About three seconds of work; a longer line would only be served to people who have given up. */
const waitingMax = 64;

/** In the line, where no address is. */
const administration = '';

/** Beyond 64 that wait, both throw rateLimited. Hashes look like `scrypt$32768$8$1$salt$hash`; the cost is read from the hash, so that it can rise without breaking old ones. */
export function createPasswordHasher(cost: ScryptCost = defaultCost): PasswordHasher {
  const line = createFairLine({
    width: concurrencyMax,
    lengthMax: waitingMax,
    refusal: () => new Problem('rateLimited'),
  });
  return {
    hash: async (password) => {
      const salt = randomBytes(16);
      const key = await line(administration, () => scryptKey(password, salt, cost));
      return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$');
    },
    verify: async (password, hash, source) => {
      const parsed = parseHash(hash);
      const { salt, key, at } = parsed ?? { salt: Buffer.alloc(16), key: Buffer.alloc(hashBytes), at: cost };
      const derived = await line(source, () => scryptKey(password, salt, at));
      return timingSafeEqual(derived, key) && parsed !== undefined;
    },
  };
}

function parseHash(hash: string | undefined): { salt: Buffer; key: Buffer; at: ScryptCost } | undefined {
  const [kind, N, r, p, salt = '', key = ''] = hash?.split('$') ?? [];
  const bytes = Buffer.from(key, 'base64url');
  if (kind !== 'scrypt' || bytes.length !== hashBytes) return undefined;
  return { salt: Buffer.from(salt, 'base64url'), key: bytes, at: { N: Number(N), r: Number(r), p: Number(p) } };
}

function scryptKey(password: string, salt: Buffer, { N, r, p }: ScryptCost): Promise<Buffer> {
  const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r };
  return new Promise((resolve, reject) => {
    // Composed and decomposed letters of one password are the same password.
    scrypt(password.normalize('NFKC'), salt, hashBytes, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
