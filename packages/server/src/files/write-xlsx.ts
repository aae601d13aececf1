import { writeXlsxStream, XLSX_MAX_ROWS_PER_SHEET } from 'hucre/xlsx';
import { escapeText } from './xlsx/escaped-text.ts';

async function* escaped(
  rows: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
): AsyncGenerator<string[]> {
  for await (const row of rows) yield row.map(escapeText);
}

/** One sheet of texts. */
export async function* writeXlsx(
  rows: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
): AsyncGenerator<Uint8Array> {
  yield* writeXlsxStream(escaped(rows), {
    name: 'Sheet1',
    maxRowsPerSheet: XLSX_MAX_ROWS_PER_SHEET,
  }) as unknown as AsyncIterable<Uint8Array>;
}
