import type { Steps } from './steps.ts';

/**
 * `%` stands for any characters, `_` for one; upper and lower case differ. Pieces between the `%` are looked for from left to right,
 * each once: there is nothing to try again. Undefined: it took too many steps.
 */
export function isLike(text: string, pattern: string, steps: Steps): boolean | undefined {
  if (!steps.take(text.length + pattern.length)) return undefined;
  const [first = [], ...rest] = pattern.split('%').map((piece) => [...piece]);
  const chars = [...text];
  if (!fits(chars, first, { at: 0, steps })) return false;
  const last = rest.pop();
  if (last === undefined) return chars.length === first.length;
  let at = first.length;
  for (const piece of rest) {
    while (!fits(chars, piece, { at, steps })) {
      at += 1;
      if (steps.areUsedUp) return undefined;
      if (at + piece.length > chars.length) return false;
    }
    at += piece.length;
  }
  return at + last.length <= chars.length && fits(chars, last, { at: chars.length - last.length, steps });
}

function fits(
  chars: readonly string[],
  piece: readonly string[],
  { at, steps }: { readonly at: number; readonly steps: Steps },
): boolean {
  if (at + piece.length > chars.length) return false;
  const differs = piece.findIndex((char, index) => char !== '_' && char !== chars[at + index]);
  steps.take(differs < 0 ? piece.length : differs + 1);
  return differs < 0;
}
