import type { Readable } from 'node:stream';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { contentProblem } from '../content-problem.ts';

/** The parts of a zip file by name, read one at a time. */
export interface ZipParts {
  has(name: string): boolean;
  /** Undefined: there is no such part. */
  open(name: string | undefined): Promise<Readable | undefined>;
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
      has: (name) => entries.has(name),
      async open(name) {
        const entry = name === undefined ? undefined : entries.get(name);
        if (entry === undefined) return undefined;
        if (entry.isEncrypted()) throw contentProblem('It is encrypted.');
        // The size that is said is checked by the reader while it inflates.
        left -= entry.uncompressedSize;
        if (left < 0) throw contentProblem(`It unpacks to more than ${inflatedBytesMax} bytes.`);
        return zip.openReadStreamPromise(entry);
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
    entries.set(entry.fileName, entry);
  }
  return entries;
}
