import { contentProblem } from '../content-problem.ts';
import { readXml } from './xml.ts';

/** The number format of a cell's style, by the number of the style; undefined: general. */
export type Styles = readonly (string | undefined)[];

/** Formats that files name by number alone (ECMA-376, 18.8.30) and that show something else than the number. */
const builtIn: Readonly<Record<number, string>> = {
  9: '0%',
  10: '0.00%',
  14: 'yyyy-mm-dd',
  15: 'yyyy-mm-dd',
  16: 'yyyy-mm-dd',
  17: 'yyyy-mm',
  18: 'hh:mm',
  19: 'hh:mm:ss',
  20: 'hh:mm',
  21: 'hh:mm:ss',
  22: 'yyyy-mm-dd hh:mm',
  45: 'mm:ss',
  46: '[h]:mm:ss',
  47: 'mm:ss',
};

/** What spreadsheet programs take; all stay in memory. */
const stylesMax = 65_536;
const formatCharsMax = 255;

export async function readStyles(source: AsyncIterable<Buffer> | undefined): Promise<Styles> {
  const styles: (string | undefined)[] = [];
  if (source === undefined) return styles;
  const formats = new Map<number, string>();
  let isCellStyles = false;
  await readXml(source, {
    onOpen(name, attributes) {
      if (name === 'numFmt') formats.set(Number(attributes['numFmtId']), checkedFormat(attributes['formatCode'] ?? ''));
      if (name === 'cellXfs') isCellStyles = true;
      if (name === 'xf' && isCellStyles) {
        const id = Number(attributes['numFmtId'] ?? 0);
        styles.push(formats.get(id) ?? builtIn[id]);
      }
      if (styles.length > stylesMax || formats.size > stylesMax) {
        throw contentProblem(`It has more than ${stylesMax} styles.`);
      }
    },
    onClose(name) {
      if (name === 'cellXfs') isCellStyles = false;
    },
  });
  return styles;
}

function checkedFormat(code: string): string {
  if (code.length > formatCharsMax) throw contentProblem(`It has a format of more than ${formatCharsMax} characters.`);
  return code;
}
