import { formatValue } from 'hucre';

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** A fraction is sought up to its largest denominator: beyond four digits that takes seconds for one cell. */
const fineFraction = /\/\s*[?#0]{5}/;

const isPlain = (format: string): boolean =>
  format === '' || format === '@' || /^general$/i.test(format) || fineFraction.test(format);

/** Numbers as people see them: whole ones without exponent, others as they are; a format of the cell's own is applied. */
export function displayedNumber(text: string, format: string | undefined, is1904: boolean): string {
  const value = decimal.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) return text;
  if (format !== undefined && !isPlain(format)) return formatValue(value, format, { is1904 });
  // What a file says in plain digits is kept to the digit, also beyond what a number can hold.
  if (/^-?\d+$/.test(text)) return text;
  return Number.isInteger(value) ? BigInt(value).toString() : String(value);
}
