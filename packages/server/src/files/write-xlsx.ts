import { writeXlsxStream, XLSX_MAX_ROWS_PER_SHEET } from 'hucre/xlsx';
import type { TableRows } from '../ports/table-files.ts';
import { escapeText } from './xlsx/escaped-text.ts';

/** Programs refuse a workbook with a longer cell. */
const cellCharsMax = 32_767;

/** Sheets of texts, never formulas; each that is full is followed by another, which begins with the first row again. */
export async function* writeXlsx(
  rows: TableRows,
  rowsPerSheet: number = XLSX_MAX_ROWS_PER_SHEET,
): AsyncGenerator<Uint8Array> {
  yield* writeXlsxStream(fitting(rows), {
    name: 'Sheet1',
    maxRowsPerSheet: rowsPerSheet,
  }) as unknown as AsyncIterable<Uint8Array>;
}

async function* fitting(rows: TableRows): AsyncGenerator<string[]> {
  for await (const row of rows) yield row.map((cell) => escapeText(shortened(cell)));
}

const shortened = (cell: string): string =>
  cell.length > cellCharsMax ? `${cell.slice(0, cellCharsMax - 1).toWellFormed()}…` : cell;
