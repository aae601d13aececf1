import type { Random } from '../ports/random.ts';

/** v5 6: what a device gets that brings no secret of its own, 32 random hex. */
export function randomSecret(random: Random): string {
  return Buffer.from(random.bytes(16)).toString('hex');
}
