import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import type { TableRow } from '../domain/batch-file.ts';
import { Problem } from '../domain/problem.ts';
import type { TableLimits } from '../ports/table-files.ts';
import { contentProblem } from './content-problem.ts';

interface Parsed {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** v5 12: UTF-8 with or without a byte order mark, comma, RFC 4180; LF, CRLF and quoted line breaks. */
export async function* readCsv(path: string, limits: TableLimits): AsyncGenerator<TableRow> {
  const { columnsMax, cellCharsMax } = limits;
  const parser = parse({
    info: true,
    relax_column_count: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    // A quote that is never closed must not gather the rest of the file.
    max_record_size: columnsMax * 64 + cellCharsMax * 4,
  });
  pipeline(textOf(path), parser, () => undefined);
  let rowNo = 0;
  try {
    for await (const { record } of parser as AsyncIterable<Parsed>) {
      rowNo += 1;
      const cells = record.map((cell) => cell.trim());
      checkSize(cells, rowNo, limits);
      if (cells.some((cell) => cell !== '')) yield { rowNo, cells };
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

function checkSize(cells: readonly string[], rowNo: number, { columnsMax, cellCharsMax }: TableLimits): void {
  if (cells.length > columnsMax) throw contentProblem(`Row ${rowNo} has more than ${columnsMax} columns.`);
  if (cells.some((cell) => cell.length > cellCharsMax)) {
    throw contentProblem(`Row ${rowNo} has a cell of more than ${cellCharsMax} characters.`);
  }
}

function problemOf(error: unknown): unknown {
  if (error instanceof Problem) return error;
  if (error instanceof TypeError) return contentProblem('It is not UTF-8.');
  const { code, lines } = error as CsvError & { lines?: number };
  if (typeof code === 'string' && code.startsWith('CSV_')) {
    return contentProblem(`It is not a valid CSV file${lines === undefined ? '' : ` near line ${lines}`}.`);
  }
  return error;
}
