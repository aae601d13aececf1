import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readOrRefuse, refusalOf } from './read-table.ts';
import {
  relation,
  relationsOf,
  rowOf,
  sheetOf,
  stylesOf,
  type Workbook,
  workbookEntries,
  workbookFile,
  workbookOf,
} from './workbook-file.ts';
import { type ZipEntry, zipFile } from './zip-file.ts';

const mebibyte = 1024 * 1024;
const sheetName = 'xl/worksheets/sheet1.xml';
const withPart = (part: Omit<ZipEntry, 'name'> & { readonly name?: string }): Buffer =>
  workbookFile({ more: [{ name: sheetName, ...part }] });
const open = '<worksheet><sheetData>';

const zips: readonly (readonly [string, Buffer, RegExp])[] = [
  ['no zip file', Buffer.from('device_id\nd1\n'), /valid/],
  ['nothing', Buffer.alloc(0), /valid/],
  ['an .xls file or one with a password', Buffer.from(`d0cf11e0a1b11ae1${'00'.repeat(600)}`, 'hex'), /password/],
  ['a zip file of something else', zipFile([{ name: 'content.xml', content: '<a/>' }]), /not an .xlsx/],
  ['a workbook in a workbook', zipFile([{ name: 'xl/book.xlsx', content: workbookFile() }]), /not an .xlsx/],
  ['an encrypted part', withPart({ content: 'x', flags: 1 }), /encrypted/],
  ['another compression', withPart({ content: 'x', method: 12 }), /valid/],
  ['a name that leads out', workbookFile({ more: [{ name: '../../etc/passwd', content: 'x' }] }), /valid/],
  ['a name from the root', workbookFile({ more: [{ name: '/etc/passwd', content: 'x' }] }), /valid/],
  ['a name of another system', workbookFile({ more: [{ name: 'C:\\x', content: 'x' }] }), /valid/],
  ['a name with backslashes that leads out', workbookFile({ more: [{ name: '..\\..\\x', content: 'x' }] }), /valid/],
  [
    'two workbooks in one',
    zipFile([...workbookEntries({}), { name: 'XL/workbook.xml', content: workbookOf('') }]),
    /two parts/,
  ],
  [
    'too many parts',
    workbookFile({ more: Array.from({ length: 2100 }, (_, no) => ({ name: `x/${no}`, content: '' })) }),
    /2000 parts/,
  ],
  ['too many parts in 64 bits', workbookFile({ zip: { zip64: true, says: { entries: 2 ** 40 } } }), /2000 parts/],
  ['more entries than there are', workbookFile({ zip: { says: { entries: 20 } } }), /valid/],
  ['a size too small', withPart({ content: sheetOf(rowOf('a')), says: { size: 10 } }), /valid/],
  ['a size too large', withPart({ content: sheetOf(rowOf('a')), says: { size: 100_000 } }), /valid/],
  ['a packed size beyond the end', withPart({ content: 'x', says: { packedSize: 2 ** 31 } }), /valid/],
  ['no compressed data', withPart({ content: 'x', packed: Buffer.from('not deflated') }), /valid/],
  [
    'data that end early',
    withPart({ content: sheetOf(rowOf('a')), packed: deflateRawSync(sheetOf(rowOf('a'))).subarray(0, -9) }),
    /valid/,
  ],
  ['a part beyond the end', withPart({ content: 'x', offset: 2 ** 31 }), /valid/],
  ['a part in the middle of another', withPart({ content: 'x', offset: 7 }), /valid/],
  ['a wrong check sum', withPart({ content: sheetOf(rowOf('a')), says: { sum: 1 } }), /check sum/],
  [
    'a wrong check sum where nothing is compressed',
    withPart({ content: sheetOf(rowOf('a')), stored: true, says: { sum: 1 } }),
    /check sum/,
  ],
];

const documents: readonly (readonly [string, Workbook, RegExp])[] = [
  ['no sheet', { workbook: workbookOf('') }, /no sheet/],
  ['a sheet that is hidden alone', { workbook: workbookOf('<sheet state="hidden" r:id="rId1"/>') }, /no sheet/],
  ['a sheet that is not there', { relations: relationsOf(relation('rId1', 'worksheet', 'gone.xml')) }, /lacks a part/],
  [
    'a sheet elsewhere',
    { relations: relationsOf(relation('rId1', 'worksheet', 'http://x/').replace('/>', ' TargetMode="External"/>')) },
    /no sheet/,
  ],
  [
    'a sheet outside',
    { relations: relationsOf(relation('rId1', 'worksheet', '../../../../etc/passwd')) },
    /lacks a part/,
  ],
  [
    'styles that are not there',
    {
      relations: relationsOf(relation('rId1', 'worksheet', 'worksheets/sheet1.xml') + relation('b', 'styles', 'gone')),
    },
    /lacks a part/,
  ],
  ['relations without an end', { relations: relationsOf('<Relationship Id="a"/>'.repeat(10_001)) }, /relations/],
  ['sheets without an end', { workbook: workbookOf('<sheet/>'.repeat(10_001)) }, /sheets/],
  ['a document type', { sheet: `<!DOCTYPE worksheet>${sheetOf(rowOf('a'))}` }, /document type/],
  [
    'entities that multiply',
    { sheet: `<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>${sheetOf(rowOf('&b;'))}` },
    /document type/,
  ],
  [
    'an entity of a file',
    { strings: '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><si><t>&a;</t></si>' },
    /valid|document type/,
  ],
  ['an entity that nobody declares', { rows: rowOf('&other;') }, /valid/],
  ['a character that XML does not have', { rows: rowOf('&#0;') }, /valid/],
  ['half a character', { rows: rowOf('&#xD800;') }, /valid/],
  ['elements without an end', { sheet: '<a>'.repeat(100_000) }, /deep/],
  [
    'elements without number behind its cells',
    { sheet: sheetOf(rowOf('a')).replace('</sheetData>', `</sheetData>${'<a/>'.repeat(1_000_001)}`) },
    /beside its cells/,
  ],
  ['elements without number in a cell', { rows: `<row><c>${'<a/>'.repeat(1_000_001)}</c></row>` }, /beside its cells/],
  ['a sheet that ends early', { sheet: sheetOf(rowOf('a')).slice(0, -30) }, /valid/],
  ['elements that cross', { rows: '<row><c></row></c>' }, /valid/],
  ['bytes that are not UTF-8', { sheet: Buffer.from(sheetOf(rowOf('\xe9')), 'latin1') }, /valid/],
  ['UTF-16', { sheet: Buffer.from(`\ufeff${sheetOf(rowOf('a'))}`, 'utf16le') }, /valid/],
  ['a long text', { rows: rowOf('a'.repeat(2 * mebibyte)) }, /characters|too long/],
  ['a long attribute', { rows: `<row r="${'1'.repeat(2 * mebibyte)}"/>` }, /too long/],
  ['a long name', { sheet: `<${'a'.repeat(2 * mebibyte)}` }, /too long/],
  ['a long comment', { sheet: `${open}<!--${'a'.repeat(2 * mebibyte)}` }, /too long/],
  ['long character data', { sheet: `${open}<![CDATA[${'a'.repeat(2 * mebibyte)}` }, /too long/],
  ['a long instruction', { sheet: `${open}<?x ${'a'.repeat(2 * mebibyte)}` }, /too long/],
  ['blanks without an end', { sheet: `${open}<row ${' '.repeat(2 * mebibyte)}` }, /too long/],
  [
    'attributes without an end',
    { sheet: `${open}<row ${Array.from({ length: 200_000 }, (_, no) => `a${no}="1"`).join(' ')}` },
    /too long/,
  ],
  ['a long shared text in pieces', { strings: `<si>${`<r><t>${'a'.repeat(999)}</t></r>`.repeat(40)}</si>` }, /32767/],
  ['a long text in pieces', { rows: `<row><c>${`<t>${'a'.repeat(999)}</t>`.repeat(40)}</c></row>` }, /32767/],
  ['too many styles', { styles: `<cellXfs>${'<xf/>'.repeat(70_000)}</cellXfs>` }, /styles/],
  ['a long format', { styles: stylesOf('0'.repeat(300)) }, /255/],
  ['rows out of order', { rows: '<row r="2"/><row r="1"/>' }, /out of order/],
  ['a repeated row', { rows: '<row r="2"/><row r="2"/>' }, /out of order/],
  ['a row beyond the last', { rows: '<row r="1048577"/>' }, /out of order/],
  ['a row behind the last', { rows: '<row r="1048576"/><row/>' }, /out of order/],
  ['a row beyond all numbers', { rows: '<row r="9007199254740991"/>' }, /out of order/],
  ['a row that is no number', { rows: '<row r="1e3"/>' }, /out of order/],
  ['a cell of no place', { rows: '<row><c r="1A"/></row>' }, /valid place/],
  ['a cell of another row', { rows: '<row r="1"><c r="A2" t="str"><v>a</v></c></row>' }, /another row/],
  ['a repeated cell', { rows: '<row><c r="A1"/><c r="A1"/></row>' }, /cells of row 1 are out of order/],
  ['cells out of order', { rows: '<row><c r="B1"/><c r="A1"/></row>' }, /cells of row 1 are out of order/],
  ['10,000 columns', { rows: rowOf(...Array.from({ length: 10_000 }, () => 'x')) }, /200 columns/],
  ['a cell behind the last column', { rows: '<row><c r="XFE1" t="str"><v>a</v></c></row>' }, /200 columns/],
  ['a shared text that is not there', { rows: '<row><c t="s"><v>0</v></c></row>' }, /not there/],
  ['a shared text of no number', { rows: '<row><c t="s"><v>-1</v></c></row>', strings: '<si/>' }, /not there/],
  ['a formula without its result', { rows: '<row><c><f>A1</f></c></row>' }, /Row 1 has a formula without/],
  ['a formula with a value of nothing', { rows: '<row><c><f>A1</f><v /></c></row>' }, /Row 1 has a formula without/],
  ['a formula with an empty value', { rows: '<row><c><f>A1</f><v></v></c></row>' }, /Row 1 has a formula without/],
];

describe('a workbook is refused with a reason', () => {
  it.each(zips)('if it is or has %s', async (_, content, reason) => {
    expect(await refusalOf(content, 'xlsx')).toMatch(reason);
  });

  it.each(documents)('if it has %s', async (_, workbook, reason) => {
    expect(await refusalOf(workbookFile(workbook), 'xlsx')).toMatch(reason);
  });

  it('if what is read of it unpacks to more than it may, however often one part lies in it', async () => {
    const rows = rowOf('a'.repeat(30_000)).repeat(100);
    expect(await refusalOf(workbookFile({ rows }), 'xlsx', { inflatedBytesMax: mebibyte })).toMatch(/unpacks to more/);
    const relations = ['worksheet', 'sharedStrings', 'styles'].map((kind, no) =>
      relation(`rId${no + 1}`, kind, 'worksheets/sheet1.xml'),
    );
    const rowsOfOne = `<row><c t="str"><v>${'a'.repeat(20_000)}</v></c></row>`.repeat(20);
    const one = workbookFile({ rows: rowsOfOne, relations: relationsOf(relations.join('')) });
    expect(await readOrRefuse(one, 'xlsx', { inflatedBytesMax: 2 * mebibyte })).toHaveLength(20);
    expect(await refusalOf(one, 'xlsx', { inflatedBytesMax: mebibyte })).toMatch(/unpacks to more/);
  });

  it('if cells that share a long text make a row of too many characters', async () => {
    const strings = `<si><t>${'a'.repeat(32_767)}</t></si>`;
    const rows = `<row>${'<c t="s"><v>0</v></c>'.repeat(3)}</row>`;
    expect(await refusalOf(workbookFile({ strings, rows }), 'xlsx')).toMatch(/65536 characters/);
  });

  it('if cells that share a long text make a table of too many characters', async () => {
    const strings = `<si><t>${'a'.repeat(32_000)}</t></si>`;
    const rows = '<row><c t="s"><v>0</v></c></row>'.repeat(40);
    expect(await readOrRefuse(workbookFile({ strings, rows }), 'xlsx')).toHaveLength(40);
    expect(await refusalOf(workbookFile({ strings, rows }), 'xlsx', { tableCharsMax: mebibyte })).toMatch(
      /1048576 char/,
    );
  });

  it('if its shared texts do not fit in memory', async () => {
    const item = `<si><t>${'課'.repeat(30_000)}</t></si>`;
    expect(await refusalOf(workbookFile({ strings: item.repeat(800) }), 'xlsx')).toMatch(/too much text/);
    expect(await refusalOf(workbookFile({ strings: '<si/>'.repeat(2_000_500) }), 'xlsx')).toMatch(/too much text/);
  });
});

it('shows a fraction of too many digits as its number, at once', async () => {
  const styles = stylesOf('# ?/??????????', '[>9]0;# ?/ #########');
  const rows = `<row><c s="1"><v>1e-300</v></c><c s="2"><v>0.1</v></c></row>`;
  expect(await readOrRefuse(workbookFile({ styles, rows }), 'xlsx')).toEqual([{ rowNo: 1, cells: ['1e-300', '0.1'] }]);
});
