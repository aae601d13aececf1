/**
 * `_x000D_` in a workbook's text is the character of that number: so spreadsheets keep what XML cannot (ECMA-376, ST_Xstring). NUL is none that
 * a text may have here: it stays as it is written.
 */
const escaped = /_x(?!0000)([0-9A-Fa-f]{4})_/g;

export function unescapeText(text: string): string {
  if (!text.includes('_x')) return text;
  return text
    .replace(escaped, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    .toWellFormed();
}

/** Text that only looks like that must not be taken for it, and two characters are none in XML. The writer does the rest. */
export const escapeText = (text: string): string =>
  text
    .replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replaceAll('\ufffe', '_xFFFE_')
    .replaceAll('\uffff', '_xFFFF_');
