import { formatValue } from 'hucre';

/** Numbers as people see them: whole ones without exponent, others as they are; a format of the cell's own is applied. */
export function displayedNumber(text: string, format: string | undefined, is1904: boolean): string {
  const value = Number(text);
  if (!Number.isFinite(value)) return text;
  if (format !== undefined && format !== '' && !/^general$/i.test(format) && format !== '@') {
    return formatValue(value, format, { is1904 });
  }
  // What a file says in plain digits is kept to the digit, also beyond what a number can hold.
  if (/^-?\d+$/.test(text)) return text;
  return Number.isInteger(value) ? BigInt(value).toString() : String(value);
}
