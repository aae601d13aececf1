import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { TableRow } from '../domain/batch-file.ts';
import type { TableLimits } from '../ports/table-files.ts';
import { contentProblem } from './content-problem.ts';

/** v5 12: UTF-8 with or without a byte order mark, comma, RFC 4180; LF, CRLF and quoted line breaks. */
export async function* readCsv(path: string, limits: TableLimits): AsyncGenerator<TableRow> {
  const parser = parse({
    relax_column_count: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    // A quote that is never closed must not gather the rest of the file. Blanks around texts and commas behind the last one do not count.
    max_record_size: limits.rowCharsMax * 2,
  });
  pipeline(textOf(path), parser, () => undefined);
  let rowNo = 0;
  try {
    for await (const record of parser as AsyncIterable<readonly string[]>) {
      rowNo += 1;
      const cells = record.map((cell) => cell.trim());
      const width = cells.findLastIndex((cell) => cell !== '') + 1;
      if (width === 0) continue;
      checkSize(cells, { rowNo, width, limits });
      yield { rowNo, cells: width === cells.length ? cells : cells.slice(0, width) };
    }
  } catch (error) {
    throw problemOf(error);
  } finally {
    parser.destroy();
  }
}

/** Strict: what is not UTF-8 is not taken for something else. The mark at the beginning is dropped. */
async function* textOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const file: Readable = createReadStream(path);
  for await (const chunk of file as AsyncIterable<Buffer>) {
    const text = decoder.decode(chunk, { stream: true });
    if (text.includes('\0')) throw contentProblem('It is not a CSV file: it has NUL characters.');
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

interface RowSize {
  readonly rowNo: number;
  /** Columns up to the last one that says something. */
  readonly width: number;
  readonly limits: TableLimits;
}

function checkSize(cells: readonly string[], { rowNo, width, limits }: RowSize): void {
  const { columnsMax, cellCharsMax, rowCharsMax } = limits;
  if (width > columnsMax) throw contentProblem(`Row ${rowNo} has more than ${columnsMax} columns.`);
  let chars = 0;
  for (const { length } of cells) {
    if (length > cellCharsMax) throw contentProblem(`Row ${rowNo} has a cell of more than ${cellCharsMax} characters.`);
    chars += length;
  }
  if (chars > rowCharsMax) throw contentProblem(`Row ${rowNo} has more than ${rowCharsMax} characters.`);
}

function problemOf(error: unknown): unknown {
  if (error instanceof CsvError) {
    const { lines } = error as CsvError & { readonly lines?: number };
    return contentProblem(`It is not a valid CSV file${lines === undefined ? '' : ` near line ${lines}`}.`);
  }
  const isNotUtf8 = error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA';
  return isNotUtf8 ? contentProblem('It is not UTF-8.') : error;
}
