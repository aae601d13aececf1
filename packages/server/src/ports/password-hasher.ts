/**
 * One-way hashing of the passwords of people; slow on purpose, off the event loop. Both throw rateLimited when too many wait: those of the
 * address that most of them come from.
 */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** False where the hash is absent, after as much work as for a wrong password. `source`: the address that asks (sourceKey). */
  verify(password: string, hash: string | undefined, source: string): Promise<boolean>;
}
