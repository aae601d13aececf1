import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { expect, onTestFinished, test } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { entryName } from '../../src/files/entry-name.ts';
import { createTableFiles } from '../../src/files/table-files.ts';
import { writeXlsx } from '../../src/files/write-xlsx.ts';

const tables = createTableFiles();
const limits = {
  ...{ inflatedBytesMax: 1024 ** 3, columnsMax: 10, cellCharsMax: 40_000 },
  ...{ rowCharsMax: 400_000, tableCharsMax: 1024 ** 3 },
};
const modifiedAt = Date.UTC(2026, 10, 22, 1, 55, 13);

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'muster-archive-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

/** The entries of a zip with what they hold. */
async function unzip(zip: Buffer): Promise<ReadonlyMap<string, Buffer>> {
  const archive = await fromBufferPromise(zip, { lazyEntries: true });
  const entries = new Map<string, Buffer>();
  for await (const entry of archive.eachEntry()) {
    entries.set(entry.fileName, await buffer(await archive.openReadStreamPromise(entry)));
  }
  return entries;
}

async function readTable(bytes: Buffer, format: 'xlsx' | 'csv'): Promise<readonly (readonly string[])[]> {
  const path = join(await folder(), 'table');
  await writeFile(path, bytes);
  const rows: (readonly string[])[] = [];
  for await (const { cells } of tables.read(path, format, limits)) rows.push(cells);
  return rows;
}

async function archived(rows: readonly (readonly string[])[], format: 'xlsx' | 'csv'): Promise<Buffer> {
  const entries = await unzip(await buffer(tables.archive(rows, { name: 'a', format, modifiedAt })));
  expect([...entries.keys()]).toEqual([`a.${format}`]);
  return entries.get(`a.${format}`) ?? Buffer.alloc(0);
}

const formulas = ['=1+1', '+1', '-1', '@A1', '\t=1', '＝1'];

test('no cell of an archived table is a formula; a table to be read back is left as it is', async () => {
  expect((await archived([formulas], 'csv')).toString()).toBe(`${formulas.map((cell) => `'${cell}`).join(',')}\r\n`);
  expect((await buffer(tables.write([['=1', '-1']], 'csv'))).toString()).toBe('=1,-1\r\n');

  const book = await unzip(await archived([['=1+1', '-1']], 'xlsx'));
  const sheet = book.get('xl/worksheets/sheet1.xml')?.toString() ?? '';
  expect(sheet).toContain('=1+1');
  expect(sheet).not.toMatch(/<f[ >]/);
  expect(sheet.match(/t="inlineStr"/g)).toHaveLength(2);
});

test('a workbook goes on in another sheet, with its first row again', async () => {
  const rows = [['head'], ...Array.from({ length: 5 }, (_, n) => [`row ${n}`])];
  const sheets = await unzip(await buffer(Readable.from(writeXlsx(rows, 3), { objectMode: false })));
  const textsOf = (name: string) =>
    [...(sheets.get(`xl/worksheets/${name}.xml`)?.toString() ?? '').matchAll(/<t[^>]*>([^<]*)</g)].map(
      ([, text]) => text,
    );
  expect(['sheet1', 'sheet2', 'sheet3'].map(textsOf)).toEqual([
    ['head', 'row 0', 'row 1'],
    ['head', 'row 2', 'row 3'],
    ['head', 'row 4'],
  ]);
  expect(sheets.has('xl/worksheets/sheet4.xml')).toBe(false);
});

test('a cell that is too long for a workbook ends with a mark; a .csv has all of it', async () => {
  const long = 'x'.repeat(40_000);
  const [[cell = ''] = []] = await readTable(await archived([[long]], 'xlsx'), 'xlsx');
  expect(cell).toHaveLength(32_767);
  expect(cell.endsWith('x…')).toBe(true);
  expect(await readTable(await archived([[long]], 'csv'), 'csv')).toEqual([[long]]);
});

test('a name in an archive can be unpacked anywhere', () => {
  expect(entryName('fw_240_line3', 'csv')).toBe('fw_240_line3.csv');
  expect(entryName('固件'.repeat(64), 'xlsx')).toBe(`${'固件'.repeat(33)}.xlsx`);
  expect(entryName('../../etc/passwd\0', 'csv')).toBe('______etc_passwd_.csv');
  expect(entryName('COM1', 'csv')).toBe('_COM1.csv');
  expect(entryName('', 'csv')).toBe('_.csv');
});

test('rows that fail make the archive fail, and one that is given up gives up its rows', async () => {
  const broken = async function* (): AsyncGenerator<readonly string[]> {
    yield ['a'];
    throw new Error('The rows broke.');
  };
  for (const format of ['xlsx', 'csv'] as const) {
    const file = createWriteStream(join(await folder(), 'a.zip'));
    const written = pipeline(tables.archive(broken(), { name: 'a', format, modifiedAt }), file);
    await expect(written).rejects.toThrow('The rows broke.');

    let ended = (): void => undefined;
    const end = new Promise<void>((resolve) => (ended = resolve));
    const endless = async function* (): AsyncGenerator<readonly string[]> {
      try {
        for (let n = 0; ; n += 1) yield [`${n} ${Math.sin(n)}`];
      } finally {
        ended();
      }
    };
    for await (const _ of tables.archive(endless(), { name: 'a', format, modifiedAt })) break;
    await end;
  }
});
