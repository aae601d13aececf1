import { stringify } from 'csv-stringify/sync';
import type { TableRows } from '../ports/table-files.ts';

export interface CsvOptions {
  /**
   * A cell that a spreadsheet would run (it begins with `=`, `+`, `-`, `@`, a tab or a carriage return) gets a `'` in front. Never where
   * the file is to be read back.
   */
  readonly guardsFormulas: boolean;
}

/** Rows of a chunk are put together before they leave. */
const chunkRows = 500;

/** Readers take any of them for the end of a row; the library asks for quotes at CRLF alone. */
const format = { record_delimiter: 'windows', quoted_match: /[\r\n]/ } as const;

/** UTF-8 with CRLF (RFC 4180). */
export async function* writeCsv(
  rows: TableRows,
  options: CsvOptions = { guardsFormulas: false },
): AsyncGenerator<Buffer> {
  let chunk: (readonly string[])[] = [];
  for await (const row of rows) {
    chunk.push(row);
    if (chunk.length < chunkRows) continue;
    yield textOf(chunk, options);
    chunk = [];
  }
  if (chunk.length > 0) yield textOf(chunk, options);
}

const textOf = (rows: readonly (readonly string[])[], { guardsFormulas }: CsvOptions): Buffer =>
  Buffer.from(stringify(rows as string[][], { ...format, escape_formulas: guardsFormulas }));
