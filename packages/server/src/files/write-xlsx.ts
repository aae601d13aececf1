import { writeXlsxStream, XLSX_MAX_ROWS_PER_SHEET } from 'hucre/xlsx';

/** One sheet of texts. */
export async function* writeXlsx(
  rows: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
): AsyncGenerator<Uint8Array> {
  yield* writeXlsxStream(rows as AsyncIterable<string[]>, {
    name: 'Sheet1',
    maxRowsPerSheet: XLSX_MAX_ROWS_PER_SHEET,
  }) as unknown as AsyncIterable<Uint8Array>;
}
