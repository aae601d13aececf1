import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createTableFiles } from '../../src/files/table-files.ts';
import { escapeText, unescapeText } from '../../src/files/xlsx/escaped-text.ts';
import { tableLimits } from '../../src/services/batch-files.ts';

const tables = createTableFiles();

async function throughWorkbook(texts: readonly string[]): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-workbook-'));
  try {
    const path = join(folder, 'a.xlsx');
    await writeFile(path, await buffer(tables.write([texts], 'xlsx')));
    for await (const { cells } of tables.read(path, 'xlsx', tableLimits)) return cells;
    return [];
  } finally {
    await rm(folder, { recursive: true });
  }
}

it('line breaks of every kind, control characters and what looks like an escape come back from a workbook as they went in', async () => {
  const texts = ['a\r\nb', 'a\rb', 'a\nb', 'a\u0001b', '_x000D_', 'a_x005F_x0041_b', '_x005f_', '_xyz_', 'x_x004_'];
  expect(await throughWorkbook(texts)).toEqual(texts);
});

it('an escape stands for its character, whoever wrote it; not for NUL, and half a pair for none', () => {
  expect(unescapeText('{"a":_x000D_\n1}')).toBe('{"a":\r\n1}');
  expect(unescapeText('_xD83D__xDE00_ _xD83D_')).toBe('😀 \ufffd');
  expect(unescapeText('a_x0000_b')).toBe('a_x0000_b');
});

it('every text is itself again', () => {
  const pieces = fc.constantFrom('_', 'x', '0', '5F', '0041', '_x0041_', '_x005F_', 'é', '\r');
  fc.assert(
    fc.property(
      fc.array(pieces).map((parts) => parts.join('')),
      (text) => {
        expect(unescapeText(escapeText(text))).toBe(text);
      },
    ),
  );
});
