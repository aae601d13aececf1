import { describe, expect, it, test } from 'vitest';
import { createTableFiles } from '../../src/files/table-files.ts';
import { tableLimits } from '../../src/services/batch-files.ts';
import { allOf, cellsOf, readTable, refusalOf } from './read-table.ts';

const mebibyte = 1024 * 1024;

describe('a CSV file is read', () => {
  it.each([
    ['LF', 'a,b\nc,d\n'],
    ['CRLF', 'a,b\r\nc,d\r\n'],
    ['CR', 'a,b\rc,d\r'],
    ['all of them', 'a,b\r\nc,d'],
    ['a byte order mark', '\ufeffa,b\nc,d'],
    ['a byte order mark and quotes', '\ufeff"a","b"\n"c","d"'],
    ['blanks around texts', ' a ,\tb\u00a0\n  c,d  '],
    ['commas behind the last column', `a,b,,,\nc,d${','.repeat(10_000)}`],
  ])('with %s', async (_, text) => {
    expect(await cellsOf(text, 'csv')).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('with quoted commas, quotes and line breaks', async () => {
    expect(await cellsOf('"a,1","say ""b""","c\r\nd\ne"\r\n"",,"f"', 'csv')).toEqual([
      ['a,1', 'say "b"', 'c\r\nd\ne'],
      ['', '', 'f'],
    ]);
  });

  it('with semicolons or tabs as texts with them, which no column is called', async () => {
    expect(await cellsOf('device_id;x\nd1;y', 'csv')).toEqual([['device_id;x'], ['d1;y']]);
    expect(await cellsOf('device_id\tx\n', 'csv')).toEqual([['device_id\tx']]);
  });

  it('with its rows counted, blank ones too, wherever line breaks and characters lie in what is read at once', async () => {
    for (const lineBreak of ['\n', '\r\n', '\r']) {
      for (let shift = 0; shift < 4; shift += 1) {
        const lines = [`${'x'.repeat(shift)}😀é課`, '', ...Array.from({ length: 30_000 }, (_, no) => `課${no}`)];
        const rows = await readTable(lines.join(lineBreak), 'csv');
        expect(rows).toHaveLength(30_001);
        expect(rows.at(-1)).toEqual({ rowNo: 30_002, cells: ['課29999'] });
      }
    }
  });

  it('with a cell of 32,767 characters', async () => {
    const cell = '"'.repeat(32_767);
    expect(await cellsOf(`"${cell.replaceAll('"', '""')}"`, 'csv')).toEqual([[cell]]);
  });
});

describe('a CSV file is refused', () => {
  it.each([
    ['UTF-16, little end first', Buffer.from('\ufeffa,b\nc,d', 'utf16le'), /UTF-8/],
    ['UTF-16, big end first', Buffer.from('\ufeffa,b\nc,d', 'utf16le').swap16(), /UTF-8/],
    ['UTF-16 without a mark', Buffer.from('a,b\nc,d', 'utf16le'), /NUL/],
    ['Latin-1', Buffer.from('a\ncaf\xe9', 'latin1'), /UTF-8/],
    ['a character that ends early', Buffer.from([0x61, 0x0a, 0xe8, 0xaa]), /UTF-8/],
    ['overlong UTF-8', Buffer.from([0x61, 0x0a, 0xc0, 0xaf]), /UTF-8/],
    ['half a character', Buffer.from([0x61, 0x0a, 0xed, 0xa0, 0x80]), /UTF-8/],
    ['a workbook', Buffer.from('504b0304140000000800ff', 'hex'), /UTF-8|NUL/],
    ['a lone quote', 'a\nb"c\n', /valid CSV file near line 2/],
    ['a text behind a quote', 'a\n"b"c\n', /valid CSV file near line 2/],
    ['a quote that is never closed', `a\n"${'b\n'.repeat(10 * mebibyte)}`, /valid CSV/],
    ['a short quote that is never closed', 'a\n"b', /valid CSV/],
    ['a line without an end', 'a'.repeat(20 * mebibyte), /valid CSV/],
    ['a cell of 32,768 characters', 'a'.repeat(32_768), /Row 1 has a cell of more than 32767/],
    ['a long row', `a\n${`${'b'.repeat(30_000)},`.repeat(3)}`, /Row 2 has more than 65536 characters/],
    ['201 columns', `a\n${'b,'.repeat(200)}b`, /Row 2 has more than 200 columns/],
    ['10,000 columns', 'b,'.repeat(10_000), /Row 1 has more than 200 columns/],
  ])('if it is or has %s', async (_, content, reason) => {
    expect(await refusalOf(content, 'csv')).toMatch(reason);
  });
});

test('a file that is gone is no fault of its sender', async () => {
  for (const format of ['csv', 'xlsx'] as const) {
    const rows = createTableFiles().read('/nowhere/at-all', format, tableLimits);
    await expect(allOf(rows)).rejects.toMatchObject({ code: 'ENOENT' });
  }
});
