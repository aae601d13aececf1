import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { contentProblem } from '../content-problem.ts';

/** The parts of a zip file by name, read one at a time. Capitals do not tell names apart (ECMA-376-2, 6.2.2). */
export interface ZipParts {
  has(name: string): boolean;
  open(name: string): AsyncIterable<Buffer>;
  close(): void;
}

/** An honest workbook has a few dozen. */
const entriesMax = 2000;

/** `inflatedBytesMax`: of all parts that are opened, whatever the directory says of their sizes. */
export async function openZip(path: string, inflatedBytesMax: number): Promise<ZipParts> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: false });
  try {
    const entries = await entriesOf(zip);
    let left = inflatedBytesMax;
    return {
      has: (name) => entries.has(name.toLowerCase()),
      open(name) {
        const entry = entries.get(name.toLowerCase());
        if (entry === undefined) throw contentProblem('It lacks a part that it names.');
        if (entry.isEncrypted()) throw contentProblem('It is encrypted.');
        // The size that is said is checked by the reader while it inflates.
        left -= entry.uncompressedSize;
        if (left < 0) throw contentProblem(`It unpacks to more than ${inflatedBytesMax} bytes.`);
        return readEntry(zip, entry);
      },
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function entriesOf(zip: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  const entries = new Map<string, Entry>();
  if (zip.entryCount > entriesMax) throw contentProblem(`It has more than ${entriesMax} parts.`);
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName.toLowerCase();
    // Which of the two is meant, programs see differently.
    if (entries.has(name)) throw contentProblem('It has two parts of one name.');
    entries.set(name, entry);
  }
  return entries;
}

/** Inflating notices few of the bytes that were changed on the way; the check sum notices all. */
async function* readEntry(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer> {
  let sum = 0;
  for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (sum !== entry.crc32) throw contentProblem('It is damaged: a check sum is wrong.');
}
