import { Readable } from 'node:stream';
import type { TableFiles } from '../ports/table-files.ts';
import { readCsv } from './read-csv.ts';
import { readXlsx } from './read-xlsx.ts';
import { writeCsv } from './write-csv.ts';
import { writeXlsx } from './write-xlsx.ts';

export function createTableFiles(): TableFiles {
  return {
    read: (path, format, limits) => (format === 'csv' ? readCsv(path, limits) : readXlsx(path, limits)),
    write: (rows, format) => Readable.from(format === 'csv' ? writeCsv(rows) : writeXlsx(rows), { objectMode: false }),
  };
}
