import type { TableRow } from '../domain/batch-file.ts';
import type { TableLimits } from '../ports/table-files.ts';
import { asContentProblem, contentProblem } from './content-problem.ts';
import { readSharedStrings } from './xlsx/shared-strings.ts';
import { readSheet } from './xlsx/sheet.ts';
import { readStyles } from './xlsx/styles.ts';
import { findParts } from './xlsx/workbook.ts';
import { openZip, type ZipParts } from './xlsx/zip.ts';

const damaged = 'It is not a valid .xlsx file.';

async function openWorkbook(path: string, inflatedBytesMax: number): Promise<ZipParts> {
  try {
    return await openZip(path, inflatedBytesMax);
  } catch (error) {
    throw asContentProblem(error, damaged);
  }
}

/**
 * v5 12: the first sheet. Rows stream; texts that cells share stay in memory, so they are bounded like everything that is unpacked. Macros
 * and whatever else is in the file are never looked at.
 */
export async function* readXlsx(path: string, limits: TableLimits): AsyncGenerator<TableRow> {
  const zip = await openWorkbook(path, limits.inflatedBytesMax);
  try {
    const parts = await findParts(zip);
    const strings = await readSharedStrings(await zip.open(parts.sharedStrings), limits);
    const styles = await readStyles(await zip.open(parts.styles));
    const sheet = await zip.open(parts.sheet);
    if (sheet === undefined) throw contentProblem('It has no sheet.');
    yield* readSheet(sheet, { strings, styles, limits, uses1904: parts.uses1904 });
  } catch (error) {
    throw asContentProblem(error, damaged);
  } finally {
    zip.close();
  }
}
