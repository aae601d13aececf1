import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { TableRow } from '../../src/domain/batch-file.ts';
import { Problem } from '../../src/domain/problem.ts';
import { createTableFiles } from '../../src/files/table-files.ts';
import type { TableFormat, TableLimits } from '../../src/ports/table-files.ts';
import { tableLimits } from '../../src/services/batch-files.ts';

const tables = createTableFiles();
export async function allOf<T>(source: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
}

/** The rows of a file with these bytes. */
export async function readTable(
  content: Buffer | string,
  format: TableFormat,
  given: Partial<TableLimits> = {},
): Promise<readonly TableRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-table-'));
  const path = join(folder, 'table');
  writeFileSync(path, content);
  try {
    return await allOf(tables.read(path, format, { ...tableLimits, ...given }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const cellsOf = async (content: Buffer | string, format: TableFormat): Promise<readonly (readonly string[])[]> =>
  (await readTable(content, format)).map(({ cells }) => cells);

/** What a file is refused with; anything but the problem of contents is a defect. */
export async function refusalOf(content: Buffer | string, format: TableFormat, given: Partial<TableLimits> = {}) {
  const outcome = await readOrRefuse(content, format, given);
  if (typeof outcome !== 'string') throw new Error(`It was read: ${JSON.stringify(outcome).slice(0, 200)}`);
  return outcome;
}

/** The rows, or the sentence that refuses them. */
export async function readOrRefuse(
  content: Buffer | string,
  format: TableFormat,
  given: Partial<TableLimits> = {},
): Promise<readonly TableRow[] | string> {
  try {
    return await readTable(content, format, given);
  } catch (error) {
    if (error instanceof Problem && error.problem === 'batchFileContent' && error.field === 'file')
      return error.message;
    throw error;
  }
}

/** The bytes of a table that the server writes. */
export async function writeTable(rows: readonly (readonly string[])[], format: TableFormat): Promise<Buffer> {
  return buffer(tables.write(rows, format));
}
