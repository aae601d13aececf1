import { expect, test } from 'vitest';
import { cellsOf, readTable } from './read-table.ts';
import {
  relation,
  relationsOf,
  rowOf,
  sheetOf,
  stylesOf,
  workbookEntries,
  workbookFile,
  workbookOf,
} from './workbook-file.ts';
import { zipFile } from './zip-file.ts';

const cells = (rows: string, more = {}) => cellsOf(workbookFile({ rows, ...more }), 'xlsx');

test('texts are read in place, shared, in pieces, without phonetic hints and with what XML cannot hold', async () => {
  const strings =
    '<si><t>one</t></si><si><r><rPr><b/></rPr><t xml:space="preserve">rich </t></r><r><t>text</t></r></si>' +
    '<si><t>課</t><rPh sb="0" eb="1"><t>か</t></rPh><phoneticPr fontId="1"/></si><si/><si><t>a_x000D__x005F_x0041_b</t></si>';
  const rows =
    '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c><c t="s"><v>3</v></c><c t="s"><v>4</v></c>' +
    '<c t="inlineStr"><is><r><t>in </t></r><r><t>place</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is></c>' +
    '<c t="inlineStr"><is><t><![CDATA[<&]]></t></is></c><c t="str"><f>A1</f><v>_x0041_&#x1F600;</v></c></row>';
  expect(await cells(rows, { strings })).toEqual([
    ['one', 'rich text', '課', '', 'a\r_x0041_b', 'in place', '<&', 'A😀'],
  ]);
});

test('numbers, truths, errors and dates are read as they are shown', async () => {
  const styles = stylesOf('yyyy\\-mm\\-dd hh:mm', '0.00', '@', '# ?/?', '"n"0;"m"0');
  const rows =
    '<row><c><v>1e21</v></c><c><v>12345678901234567890</v></c><c><v>0.1</v></c><c><v>-7.0</v></c><c t="b"><v>1</v></c>' +
    '<c t="b"><v>true</v></c><c t="b"><v>0</v></c><c t="e"><v>#REF!</v></c><c t="d"><v>2026-01-02</v></c>' +
    '<c s="1"><v>44927.5</v></c><c s="2"><v>3.14159</v></c><c s="3"><v>007</v></c><c s="4"><v>0.5</v></c>' +
    '<c s="5"><v>-3</v></c><c s="99"><v>5</v></c><c><v>0x1F</v></c></row>';
  expect(await cells(rows, { styles })).toEqual([
    [
      ...[
        '1000000000000000000000',
        '12345678901234567890',
        '0.1',
        '-7',
        'TRUE',
        'TRUE',
        'FALSE',
        '#REF!',
        '2026-01-02',
      ],
      ...['2023-01-01 12:00', '3.14', '007', '1/2', 'm3', '5', '0x1F'],
    ],
  ]);
});

test('a formula whose stored result is an empty text is an empty cell', async () => {
  const rows = '<row><c t="str"><f>A1</f><v></v></c><c t="str"><f>A1</f><v/></c><c t="str"><v>x</v></c></row>';
  expect(await cells(rows)).toEqual([['', '', 'x']]);
});

test('rows and cells stand where they say, or behind the one before; merged and blank cells are empty', async () => {
  const rows =
    '<row r="3"><c r="B3" t="str"><v>b</v></c><c t="str"><v>c</v></c></row><row><c r="A4"/></row>' +
    '<row r="1048576"><c r="A1048576" t="str"><v>last</v></c><c r="XFD1048576" s="1"/></row>';
  const sheet = sheetOf(rows, {
    before: '<cols><col min="1" max="16384"/></cols>',
    behind: '<mergeCells><mergeCell ref="B3:B9"/></mergeCells>',
  });
  expect(await readTable(workbookFile({ sheet }), 'xlsx')).toEqual([
    { rowNo: 3, cells: ['', 'b', 'c'] },
    { rowNo: 1_048_576, cells: ['last'] },
  ]);
});

test('a million blank rows and columns without texts say nothing', async () => {
  const blank = '<row><c s="1"/></row>'.repeat(1_000_000);
  const wide = `<row>${'<c s="1"/>'.repeat(16_384)}</row>`;
  expect(await readTable(workbookFile({ rows: rowOf('a') + blank + wide + rowOf('b') }), 'xlsx')).toEqual([
    { rowNo: 1, cells: ['a'] },
    { rowNo: 1_000_003, cells: ['b'] },
  ]);
});

test('names with prefixes, other places of the parts and capitals in their names are as good', async () => {
  const x = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const sheet = `<x:worksheet xmlns:x="${x}"><x:sheetData><x:row><x:c t="s"><x:v>0</x:v></x:c></x:row></x:sheetData></x:worksheet>`;
  const entries = workbookEntries({ sheet, strings: '<si><t>shared</t></si>' });
  const moved = entries.map((entry) => ({ ...entry, name: entry.name.replace('xl/workbook', 'xl/Workbook2') }));
  const workbook = `<x:workbook xmlns:x="${x}" xmlns:o="urn:o"><x:sheets><x:sheet name="a" o:id="rId1"/></x:sheets></x:workbook>`;
  const more = [
    ...moved.slice(3),
    { name: '_rels/.rels', content: relationsOf(relation('r', 'officeDocument', '/xl/workbook2.xml')) },
    { name: 'XL/Workbook2.xml', content: workbook },
    { name: 'xl/_rels/workbook2.xml.rels', content: moved[2]?.content ?? '' },
  ];
  expect(await cellsOf(zipFile(more), 'xlsx')).toEqual([['shared']]);
});

test('the first sheet is the first that people see and that has cells', async () => {
  const workbook = workbookOf(
    '<sheet name="hidden" state="hidden" sheetId="1" r:id="h"/><sheet name="never" state="veryHidden" sheetId="2" r:id="h"/>' +
      '<sheet name="chart" sheetId="3" r:id="c"/><sheet name="data" sheetId="4" r:id="d"/><sheet name="rest" sheetId="5" r:id="h"/>',
  );
  const relations = relationsOf(
    relation('h', 'worksheet', 'worksheets/hidden.xml') +
      relation('c', 'chartsheet', 'chartsheets/sheet1.xml') +
      relation('d', 'worksheet', '/xl/worksheets/sheet1.xml'),
  );
  const more = [
    { name: 'xl/worksheets/hidden.xml', content: sheetOf(rowOf('hidden')) },
    { name: 'xl/chartsheets/sheet1.xml', content: '<chartsheet/>' },
  ];
  expect(await cells(rowOf('data'), { workbook, relations, more })).toEqual([['data']]);
});

test('days may be counted from 1904', async () => {
  const workbook = workbookOf('<sheet name="a" sheetId="1" r:id="rId1"/>', '<workbookPr date1904="1"/>');
  const styles = stylesOf('yyyy\\-mm\\-dd');
  expect(await cells('<row><c s="1"><v>0</v></c></row>', { workbook, styles })).toEqual([['1904-01-01']]);
});

test('macros, controls and whatever else is in a workbook are never looked at', async () => {
  const behind =
    '<drawing r:id="rId9" xmlns:r="urn:r"/><controls><anchor><from><row>5</row><c r="ZZZ9" t="s"><v>77</v></c></from></anchor></controls>';
  const more = [
    { name: 'xl/vbaProject.bin', content: Buffer.from('d0cf11e0a1b11ae1', 'hex') },
    { name: '[Content_Types].xml', content: 'application/vnd.ms-excel.sheet.macroEnabled.main+xml' },
    { name: 'customXml/item1.xml', content: '<!DOCTYPE a><a' },
  ];
  expect(await cellsOf(workbookFile({ sheet: sheetOf(rowOf('a'), { before: '', behind }), more }), 'xlsx')).toEqual([
    ['a'],
  ]);
});

test('a workbook whose end is told in 64 bits, and one with parts that are not compressed, is read', async () => {
  expect(await cellsOf(workbookFile({ zip: { zip64: true } }), 'xlsx')).toEqual([['device_id'], ['d1']]);
  const more = workbookEntries({}).map((entry) => ({ ...entry, stored: true }));
  expect(await cellsOf(workbookFile({ more }), 'xlsx')).toEqual([['device_id'], ['d1']]);
});
