/**
 * `%` stands for any characters, `_` for one; upper and lower case differ. Pieces between the `%` are looked for from left to right,
 * each once: there is nothing to try again.
 */
export function isLike(text: string, pattern: string): boolean {
  const [first = [], ...rest] = pattern.split('%').map((piece) => [...piece]);
  const chars = [...text];
  if (!fits(chars, first, 0)) return false;
  const last = rest.pop();
  if (last === undefined) return chars.length === first.length;
  let at = first.length;
  for (const piece of rest) {
    while (!fits(chars, piece, at)) {
      at += 1;
      if (at + piece.length > chars.length) return false;
    }
    at += piece.length;
  }
  return at + last.length <= chars.length && fits(chars, last, chars.length - last.length);
}

function fits(chars: readonly string[], piece: readonly string[], at: number): boolean {
  if (at + piece.length > chars.length) return false;
  return piece.every((char, index) => char === '_' || char === chars[at + index]);
}
