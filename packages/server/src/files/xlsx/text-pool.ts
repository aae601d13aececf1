/** Texts by number, as UTF-8 outside the heap: there, hundreds of thousands of small strings would cost several times their length. */
export interface TextPool {
  readonly count: number;
  readonly bytes: number;
  add(text: string): void;
  get(index: number): string | undefined;
}

/** Longer than any text. */
const pageBytes = 256 * 1024;

/** `charsMax`: of one text. */
export function createTextPool(charsMax: number): TextPool {
  if (charsMax * 3 > pageBytes) throw new Error('A text would not fit on a page.');
  const pages: Buffer[] = [];
  let starts = new Uint32Array(1024);
  let ends = new Uint32Array(1024);
  let count = 0;
  let end = 0;

  /** Where a text of so many bytes goes: it lies on one page. */
  const place = (length: number): number => {
    if (pages.length * pageBytes - end >= length) return end;
    pages.push(Buffer.allocUnsafeSlow(pageBytes));
    return (pages.length - 1) * pageBytes;
  };
  const pageOf = (start: number): Buffer => {
    const page = pages[Math.floor(start / pageBytes)];
    if (page === undefined) throw new Error('A text lies on no page.');
    return page;
  };

  return {
    get count() {
      return count;
    },
    get bytes() {
      return pages.length * pageBytes;
    },
    add(text) {
      if (count === starts.length) [starts, ends] = [doubled(starts), doubled(ends)];
      const length = Buffer.byteLength(text);
      if (length > 0) {
        const start = place(length);
        pageOf(start).write(text, start % pageBytes);
        starts[count] = start;
        end = start + length;
      }
      ends[count] = (starts[count] ?? 0) + length;
      count += 1;
    },
    get(index) {
      const [start, stop] = [starts[index], ends[index]];
      if (!(index < count) || start === undefined || stop === undefined) return undefined;
      if (start === stop) return '';
      const at = start % pageBytes;
      return pageOf(start).toString('utf8', at, at + stop - start);
    },
  };
}

function doubled(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(numbers.length * 2);
  more.set(numbers);
  return more;
}
