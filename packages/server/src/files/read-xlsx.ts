import { open } from 'node:fs/promises';
import type { TableRow } from '../domain/batch-file.ts';
import type { TableLimits } from '../ports/table-files.ts';
import { asContentProblem, contentProblem } from './content-problem.ts';
import { readSharedStrings } from './xlsx/shared-strings.ts';
import { readSheet } from './xlsx/sheet.ts';
import { readStyles } from './xlsx/styles.ts';
import { findParts } from './xlsx/workbook.ts';
import { openZip, type ZipParts } from './xlsx/zip.ts';

const damaged = 'It is not a valid .xlsx file.';

/** What .xls files begin with, and .xlsx files that have a password. */
const compoundFileMark = Buffer.from('d0cf11e0a1b11ae1', 'hex');

/**
 * v5 12: the first sheet. Rows stream; texts that cells share stay in memory, so they are bounded like everything that is unpacked. Macros
 * and whatever else is in the file are never looked at.
 */
export async function* readXlsx(path: string, limits: TableLimits): AsyncGenerator<TableRow> {
  const zip = await openWorkbook(path, limits.inflatedBytesMax);
  try {
    const parts = await findParts(zip);
    const strings = await readSharedStrings(openIfNamed(zip, parts.sharedStrings), limits);
    const styles = await readStyles(openIfNamed(zip, parts.styles));
    yield* readSheet(zip.open(parts.sheet), { strings, styles, limits, uses1904: parts.uses1904 });
  } catch (error) {
    throw asContentProblem(error, damaged);
  } finally {
    zip.close();
  }
}

const openIfNamed = (zip: ZipParts, name: string | undefined): AsyncIterable<Buffer> | undefined =>
  name === undefined ? undefined : zip.open(name);

async function openWorkbook(path: string, inflatedBytesMax: number): Promise<ZipParts> {
  if (await beginsWith(path, compoundFileMark)) {
    throw contentProblem('It is an .xls file or has a password; save it as .xlsx without one.');
  }
  try {
    return await openZip(path, inflatedBytesMax);
  } catch (error) {
    throw asContentProblem(error, damaged);
  }
}

async function beginsWith(path: string, mark: Buffer): Promise<boolean> {
  await using file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(mark.length), 0, mark.length, 0);
  return buffer.equals(mark);
}
