import type { Readable } from 'node:stream';
import type { TableRow } from '../domain/batch-file.ts';

export type TableFormat = 'xlsx' | 'csv';

/** What a reader of tables refuses to go beyond; each is the problem batchFileContent. */
export interface TableLimits {
  /** Bytes of all that is unpacked. */
  readonly inflatedBytesMax: number;
  readonly columnsMax: number;
  /** Characters of one cell. */
  readonly cellCharsMax: number;
  /** Of all cells of one row. */
  readonly rowCharsMax: number;
  /** Of all cells of all rows. */
  readonly tableCharsMax: number;
}

/** A file that is being received, on the disk of this node. */
export interface SpooledFile {
  readonly path: string;
  readonly size: number;
  /** Idempotent. */
  remove(): Promise<void>;
}

/** Where uploads lie until they are read. */
export interface FileSpool {
  /** Streams `body` to its end. Problems: batchFileTooLarge, and what `body` fails with; nothing stays then. */
  put(body: Readable, bytesMax: number): Promise<SpooledFile>;
}

export type TableRows = AsyncIterable<readonly string[]> | Iterable<readonly string[]>;

export interface ArchiveOptions {
  /** Of the table, without extension; what no file may be named is replaced. */
  readonly name: string;
  readonly format: TableFormat;
  /** What the file in the archive says, ms since epoch. */
  readonly modifiedAt: number;
}

/** Reads and writes tables (v5 12, 14). */
export interface TableFiles {
  /** The rows that are not blank, one after the other; cells as their displayed text, trimmed. Problems: batchFileContent. */
  read(path: string, format: TableFormat, limits: TableLimits): AsyncIterable<TableRow>;
  /** The bytes of a table. */
  write(rows: TableRows, format: TableFormat): Readable;
  /** The bytes of a zip that holds a table for people: nothing in it is run by the program that opens it. */
  archive(rows: TableRows, options: ArchiveOptions): Readable;
}
