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

/** Reads and writes tables (v5 12). */
export interface TableFiles {
  /** The rows that are not blank, one after the other; cells as their displayed text, trimmed. Problems: batchFileContent. */
  read(path: string, format: TableFormat, limits: TableLimits): AsyncIterable<TableRow>;
  /** The bytes of a table. */
  write(rows: AsyncIterable<readonly string[]> | Iterable<readonly string[]>, format: TableFormat): Readable;
}
