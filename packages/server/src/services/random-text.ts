import type { Random } from '../ports/random.ts';

/** So many characters of an alphabet of at most 256, each as likely as any other. */
export function randomText(random: Random, alphabet: string, length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of random.bytes(2 * length)) {
      // A byte beyond the last whole round of the alphabet would favour its beginning.
      if (byte < 256 - (256 % alphabet.length) && text.length < length) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}
