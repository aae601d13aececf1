import { type ZipEntry, type ZipOptions, zipFile } from './zip-file.ts';

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const ofPackages = 'http://schemas.openxmlformats.org/package/2006/relationships';
const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** The documents of a workbook; what is not said is that of a plain one. */
export interface Workbook {
  /** What is in the element of the rows. */
  readonly rows?: string;
  /** The whole document of the sheet, instead of `rows`. */
  readonly sheet?: string | Buffer;
  /** The items of the shared texts. */
  readonly strings?: string;
  readonly styles?: string;
  readonly workbook?: string;
  readonly relations?: string;
  /** Parts beside those, or with changes to them by name. */
  readonly more?: readonly ZipEntry[];
  readonly zip?: ZipOptions;
}

export const sheetOf = (rows: string, around = { before: '', behind: '' }): string =>
  `${head}<worksheet xmlns="${main}">${around.before}<sheetData>${rows}</sheetData>${around.behind}</worksheet>`;

export const relationsOf = (relations: string): string =>
  `${head}<Relationships xmlns="${ofPackages}">${relations}</Relationships>`;

export const relation = (id: string, kind: string, target: string): string =>
  `<Relationship Id="${id}" Type="${office}/${kind}" Target="${target}"/>`;

export const workbookOf = (sheets: string, properties = ''): string =>
  `${head}<workbook xmlns="${main}" xmlns:r="${office}">${properties}<sheets>${sheets}</sheets></workbook>`;

/** The cell formats by the codes of number formats. */
export const stylesOf = (...codes: readonly string[]): string => {
  const escaped = codes.map((code) => code.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;'));
  const formats = escaped.map((code, index) => `<numFmt numFmtId="${164 + index}" formatCode="${code}"/>`);
  const cells = escaped.map((_, index) => `<xf numFmtId="${164 + index}"/>`);
  return `<numFmts>${formats.join('')}</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf/>${cells.join('')}</cellXfs>`;
};

/** A row of texts in place. */
export const rowOf = (...texts: readonly string[]): string =>
  `<row>${texts.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join('')}</row>`;

export function workbookEntries(given: Workbook): readonly ZipEntry[] {
  const { rows = rowOf('device_id') + rowOf('d1'), strings = '', styles = '' } = given;
  const relations =
    relation('rId1', 'worksheet', 'worksheets/sheet1.xml') +
    relation('rId2', 'sharedStrings', 'sharedStrings.xml') +
    relation('rId3', 'styles', 'styles.xml');
  return [
    { name: '_rels/.rels', content: relationsOf(relation('rId1', 'officeDocument', 'xl/workbook.xml')) },
    {
      name: 'xl/workbook.xml',
      content: given.workbook ?? workbookOf('<sheet name="Sheet1" sheetId="1" r:id="rId1"/>'),
    },
    { name: 'xl/_rels/workbook.xml.rels', content: given.relations ?? relationsOf(relations) },
    { name: 'xl/sharedStrings.xml', content: `${head}<sst xmlns="${main}">${strings}</sst>` },
    { name: 'xl/styles.xml', content: `${head}<styleSheet xmlns="${main}">${styles}</styleSheet>` },
    { name: 'xl/worksheets/sheet1.xml', content: given.sheet ?? sheetOf(rows) },
  ];
}

/** Its bytes. */
export function workbookFile(given: Workbook = {}): Buffer {
  const { more = [], zip } = given;
  const changed = new Map(more.map((entry) => [entry.name, entry]));
  const own = workbookEntries(given).map((entry) => {
    const change = changed.get(entry.name);
    changed.delete(entry.name);
    return change ?? entry;
  });
  return zipFile([...own, ...changed.values()], zip);
}
