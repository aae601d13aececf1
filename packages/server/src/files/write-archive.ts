import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { ArchiveOptions, TableRows } from '../ports/table-files.ts';
import { entryName } from './entry-name.ts';
import { writeCsv } from './write-csv.ts';
import { writeXlsx } from './write-xlsx.ts';

/** A zip of one table. Whoever gives up on it gives up on the rows, too. */
export function writeArchive(rows: TableRows, { name, format, modifiedAt }: ArchiveOptions): Readable {
  const table = Readable.from(format === 'csv' ? writeCsv(rows, { guardsFormulas: true }) : writeXlsx(rows), {
    objectMode: false,
  });
  const zip = new ZipFile();
  // It is a PassThrough; the types know less of it.
  const archive = zip.outputStream as Readable;
  const fail = (error: Error): void => void archive.destroy(error);
  table.on('error', fail);
  zip.on('error', fail);
  archive.on('close', () => table.destroy());
  // A workbook is a zip already.
  zip.addReadStream(table, entryName(name, format), { mtime: new Date(modifiedAt), compress: format === 'csv' });
  zip.end();
  return archive;
}
