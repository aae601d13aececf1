import { Readable } from 'node:stream';
import { charsOf, type TableRow } from '../domain/batch-file.ts';
import type { TableFiles } from '../ports/table-files.ts';
import { contentProblem } from './content-problem.ts';
import { readCsv } from './read-csv.ts';
import { readXlsx } from './read-xlsx.ts';
import { writeArchive } from './write-archive.ts';
import { writeCsv } from './write-csv.ts';
import { writeXlsx } from './write-xlsx.ts';

export function createTableFiles(): TableFiles {
  return {
    read: (path, format, limits) => {
      const rows = format === 'csv' ? readCsv(path, limits) : readXlsx(path, limits);
      return bounded(rows, limits.tableCharsMax);
    },
    write: (rows, format) => Readable.from(format === 'csv' ? writeCsv(rows) : writeXlsx(rows), { objectMode: false }),
    archive: writeArchive,
  };
}

async function* bounded(rows: AsyncIterable<TableRow>, charsMax: number): AsyncGenerator<TableRow> {
  let chars = 0;
  for await (const row of rows) {
    chars += charsOf(row);
    if (chars > charsMax) throw contentProblem(`Its cells have more than ${charsMax} characters.`);
    yield row;
  }
}
