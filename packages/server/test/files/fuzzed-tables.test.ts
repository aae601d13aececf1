import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { displayedNumber } from '../../src/files/xlsx/displayed-text.ts';
import { cellsOf, readOrRefuse, readTable, writeTable } from './read-table.ts';
import { relation, relationsOf, rowOf, stylesOf, workbookEntries, workbookFile } from './workbook-file.ts';
import { zipFile } from './zip-file.ts';

/** Thousands of files, each read whole: a slow machine takes its time. */
vi.setConfig({ testTimeout: 180_000 });

/** What a sheet may hold: XML has no other control characters, and halves of characters are none. */
const cellText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.toWellFormed()),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom(
    '_x0041_',
    '_x005F_x0041_',
    '_x005F_',
    '_xD83D_',
    '1e3',
    '007',
    '+1',
    '=1+1',
    '-0',
    'TRUE',
    ' a ',
    '\t',
  ),
  fc.constantFrom('a\r\nb', 'a\rb', '"', '""', ',', ';', '<&>', ']]>', '&amp;', '\u0001', '\u000b', '\ufeff', '\uffff'),
);
const table = fc.array(fc.array(cellText, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 5 });

/** Cells are trimmed, and what is empty at the end of a row, or a whole row, is not there. */
function readBack(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const trimmed = rows.map((row) => row.map((cell) => cell.trim()));
  return trimmed
    .map((row) => row.slice(0, row.findLastIndex((cell) => cell !== '') + 1))
    .filter((row) => row.length > 0);
}

const withoutNul = (rows: string[][]): string[][] => rows.map((row) => row.map((cell) => cell.replaceAll('\0', '')));

it('reads from a CSV file what it wrote', async () => {
  await fc.assert(
    fc.asyncProperty(table.map(withoutNul), async (rows) => {
      expect(await cellsOf(await writeTable(rows, 'csv'), 'csv')).toEqual(readBack(rows));
    }),
    { numRuns: 300, examples: [[[['a\rb']]], [[['a\nb']]]] },
  );
});

it('reads from a workbook what it wrote', async () => {
  await fc.assert(
    fc.asyncProperty(table.map(withoutNul), async (rows) => {
      expect(await cellsOf(await writeTable(rows, 'xlsx'), 'xlsx')).toEqual(readBack(rows));
    }),
    { numRuns: 300, examples: [[[['_x0041_']]], [[['_x005F_']]], [[['x_x0001_\r\uffff']]]] },
  );
});

const strings = '<si><t>shared</t></si><si><r><t>in </t></r><r><t>pieces</t></r></si>';
const rows =
  rowOf('device_id', 'device_name') +
  '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" s="1"><v>44927</v></c></row>' +
  '<row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3" t="str"><f>A1</f><v>&lt;é課&gt;</v></c></row>';
const styles = stylesOf('yyyy\\-mm\\-dd', '# ?/?');
const valid = { rows, strings, styles };
const whole = workbookFile(valid);
const unpacked = zipFile(workbookEntries(valid).map((entry) => ({ ...entry, stored: true })));

it('refuses a workbook that is cut off anywhere', async () => {
  for (const [bytes, step] of [
    [whole, 1],
    [unpacked, 5],
  ] as const) {
    for (let length = 0; length < bytes.length; length += step) {
      expect(await readOrRefuse(bytes.subarray(0, length), 'xlsx'), `${length}`).toEqual(expect.any(String));
    }
  }
});

it('refuses a workbook with changed bytes, or reads the same rows', async () => {
  const expected = await readTable(whole, 'xlsx');
  const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(whole, unpacked), changes, async (bytes, flips) => {
      const changed = Buffer.from(bytes);
      for (const [at, mask] of flips) changed[at % changed.length] = (changed[at % changed.length] ?? 0) ^ mask;
      const outcome = await readOrRefuse(changed, 'xlsx');
      if (typeof outcome !== 'string') expect(outcome).toEqual(expected);
    }),
    // The name of the styles in the directory.
    { numRuns: 1500, examples: [[whole, [[whole.lastIndexOf('styles.xml'), 1]]]] },
  );
});

/** Documents put together from what means something in them. */
const xml = fc
  .array(
    fc.constantFrom(
      ...['<row>', '</row>', '<row r="2">', '<row r="1048576">', '<c>', '</c>', '<c t="s">', '<c t="b">', '<c s="1">'],
      ...[
        '<c r="B2">',
        '<v>',
        '</v>',
        '<f>',
        '</f>',
        '<is>',
        '</is>',
        '<t>',
        '</t>',
        '<rPh>',
        '</rPh>',
        '1',
        '44927.5',
      ],
      ...[
        '-1',
        '1e400',
        'a',
        '&amp;',
        '&#10;',
        '<![CDATA[x]]>',
        '<!-- x -->',
        '<?x y?>',
        '</sheetData>',
        '<sheetData>',
      ],
      ...['<x:row>', '</x:row>', '<si>', '</si>', ' ', '\u00a0', '_x0009_'],
    ),
    { maxLength: 40 },
  )
  .map((pieces) => pieces.join(''));

it('answers any document of a sheet or of texts with rows or with a refusal', async () => {
  await fc.assert(
    fc.asyncProperty(xml, xml, async (inRows, inStrings) => {
      await readOrRefuse(workbookFile({ rows: inRows, strings: inStrings, styles }), 'xlsx');
      await readOrRefuse(workbookFile({ rows: `<row><c>${inRows}`, styles: inStrings }), 'xlsx');
    }),
    { numRuns: 500 },
  );
});

it('answers any relations with rows or with a refusal', async () => {
  const target = fc.oneof(fc.constantFrom('', '/', '..', 'workbook.xml', 'sharedStrings.xml', '%00'), fc.webPath());
  await fc.assert(
    fc.asyncProperty(target, target, async (sheet, shared) => {
      const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll("'", '').replaceAll('"', '');
      const relations =
        relation('rId1', 'worksheet', escaped(sheet)) + relation('rId2', 'sharedStrings', escaped(shared));
      await readOrRefuse(workbookFile({ relations: relationsOf(relations) }), 'xlsx');
    }),
    { numRuns: 300 },
  );
});

it('answers any bytes as CSV with rows or with a refusal', async () => {
  const pieces = fc.constantFrom(...['"', '""', ',', '\n', '\r', '\r\n', 'a', '\ufeff', ' ', '\0', '😀', '\ud83d']);
  const content = fc.oneof(
    fc.array(pieces, { maxLength: 60 }).map((each) => Buffer.from(each.join(''))),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  );
  await fc.assert(
    fc.asyncProperty(content, async (bytes) => {
      await readOrRefuse(bytes, 'csv');
    }),
    { numRuns: 1500, examples: [[Buffer.from('a"')]] },
  );
});

it('shows any number in any format as a text, at once', () => {
  const formats = fc
    .array(
      fc.constantFrom(
        ...[
          '0',
          '#',
          '?',
          '.',
          ',',
          '/',
          ' ',
          '%',
          'E+',
          'E-',
          ';',
          '"a"',
          '"',
          '\\',
          '_',
          '*',
          '@',
          'General',
          '[Red]',
        ],
        ...['[>1]', '[h]', '[', ']', '[$-409]', 'yyyy', 'mm', 'dd', 'hh', 'ss', '.000', 'AM/PM', '9', '??????', '-'],
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join('').slice(0, 255));
  const numbers = fc.oneof(fc.double({ noNaN: true }), fc.integer(), fc.constantFrom(44927.5, 1e-300, 1e21, -1));
  fc.assert(
    fc.property(numbers, formats, fc.boolean(), (value, format, is1904) => {
      expect(displayedNumber(String(value), format, is1904)).toEqual(expect.any(String));
    }),
    // A hundred times what the slowest of them takes.
    {
      numRuns: 3000,
      interruptAfterTimeLimit: 20_000,
      markInterruptAsFailure: true,
      examples: [[1e-300, '# ?/??????????', false]],
    },
  );
});
