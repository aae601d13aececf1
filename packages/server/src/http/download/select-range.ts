/** Inclusive byte positions; `unsatisfiable` begins behind the end of the file. */
export type SelectedRange = { readonly start: number; readonly end: number } | 'whole' | 'unsatisfiable';

export interface RangeHeaders {
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
}

/** What an If-Range may name. */
export interface Validators {
  readonly etag: string;
  readonly lastModified: string;
}

/** Device 8.3: one range is served; several, or what is no range at all, and an If-Range of another file give the whole file. */
export function selectRange({ range, ifRange }: RangeHeaders, size: number, validators: Validators): SelectedRange {
  if (range === undefined) return 'whole';
  if (ifRange !== undefined && ifRange !== validators.etag && ifRange !== validators.lastModified) return 'whole';
  const match = /^bytes=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i.exec(range);
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return 'whole';
  return first === ''
    ? suffixOf(Number(last), size)
    : spanOf(Number(first), last === '' ? size - 1 : Number(last), size);
}

function suffixOf(length: number, size: number): SelectedRange {
  return length === 0 ? 'unsatisfiable' : { start: Math.max(0, size - length), end: size - 1 };
}

function spanOf(start: number, end: number, size: number): SelectedRange {
  if (start >= size) return 'unsatisfiable';
  // Backwards is malformed.
  return end < start ? 'whole' : { start, end: Math.min(end, size - 1) };
}
