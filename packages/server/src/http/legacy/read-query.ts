/** The query of a legacy address by name (legacy 1.2): of a repeated name the first counts, what cannot be decoded is taken as it is. */
export function readLegacyQuery(url: string): Readonly<Record<string, string>> {
  const mark = url.indexOf('?');
  return mark === -1 ? {} : readPairs(url.slice(mark + 1));
}

/** `a=1&&b=2`: pairs without a name mean nothing. */
export function readPairs(text: string): Readonly<Record<string, string>> {
  const values = new Map<string, string>();
  for (const part of text.split('&')) {
    const [name = '', ...rest] = part.split('=');
    const key = decodeLoosely(name);
    if (key !== '' && !values.has(key)) values.set(key, decodeLoosely(rest.join('=')));
  }
  // Own properties, whatever the names.
  return Object.fromEntries(values);
}

/** A plus sign is a blank; a percent sequence that is none stays, and so does all of them where they give no UTF-8 together. */
function decodeLoosely(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  return spaced.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}
