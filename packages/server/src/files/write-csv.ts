import { stringify } from 'csv-stringify/sync';

/** Rows of a chunk are put together before they leave. */
const chunkRows = 500;

/** Readers take any of them for the end of a row; the library asks for quotes at CRLF alone. */
const options = { record_delimiter: 'windows', quoted_match: /[\r\n]/ } as const;

/** UTF-8 with CRLF (RFC 4180). */
export async function* writeCsv(
  rows: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
): AsyncGenerator<Buffer> {
  let chunk: (readonly string[])[] = [];
  for await (const row of rows) {
    chunk.push(row);
    if (chunk.length < chunkRows) continue;
    yield textOf(chunk);
    chunk = [];
  }
  if (chunk.length > 0) yield textOf(chunk);
}

const textOf = (rows: readonly (readonly string[])[]): Buffer => Buffer.from(stringify(rows as string[][], options));
