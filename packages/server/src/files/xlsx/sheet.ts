import type { TableRow } from '../../domain/batch-file.ts';
import type { TableLimits } from '../../ports/table-files.ts';
import { contentProblem } from '../content-problem.ts';
import { displayedNumber } from './displayed-text.ts';
import { unescapeText } from './escaped-text.ts';
import type { Styles } from './styles.ts';
import type { TextPool } from './text-pool.ts';
import { walkXml } from './xml.ts';

export interface SheetContext {
  readonly strings: TextPool;
  readonly styles: Styles;
  readonly limits: TableLimits;
  readonly uses1904: boolean;
}

interface Cell {
  readonly column: number;
  readonly type: string;
  readonly style: number;
  text: string;
  hasFormula: boolean;
  hasValue: boolean;
}

/** Of a sheet (ECMA-376): beyond, a number is no place. */
const rowsMax = 1_048_576;
const ofCells: ReadonlySet<string> = new Set(['row', 'c', 'v', 'f', 'is', 'r', 't']);
const othersMax = 1_000_000;

/** The rows that say something. */
export async function* readSheet(source: AsyncIterable<Buffer>, context: SheetContext): AsyncGenerator<TableRow> {
  const reader = new SheetReader(context);
  const walk = walkXml(source, {
    onOpen: (name, attributes) => reader.onOpen(name, attributes),
    onText: (text) => reader.onText(text),
    onClose: (name) => reader.onClose(name),
  });
  for await (const _ of walk) yield* reader.take();
}

/** Gathers the rows of one piece of the document. */
class SheetReader {
  readonly #context: SheetContext;
  #rows: TableRow[] = [];
  /** Inside of the cells' own element: others of its name are in what programs add behind it. */
  #isData = false;
  #rowNo = 0;
  #cells: string[] = [];
  #chars = 0;
  #column = -1;
  #cell: Cell | undefined;
  #isText = false;
  #hints = 0;
  #others = 0;

  constructor(context: SheetContext) {
    this.#context = context;
  }

  take(): readonly TableRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  onOpen(name: string, attributes: Readonly<Record<string, string>>): void {
    this.#isText = false;
    if (!this.#isData || !ofCells.has(name)) this.#countOther();
    if (name === 'sheetData') this.#isData = true;
    else if (!this.#isData) return;
    else if (name === 'row') this.#beginRow(attributes['r']);
    else if (name === 'c') this.#beginCell(attributes);
    else if (name === 'rPh') this.#hints += 1;
    else if (this.#cell !== undefined) this.#beginPart(this.#cell, name);
  }

  onText(text: string): void {
    if (!this.#isText || this.#cell === undefined) return;
    this.#cell.text += text;
    this.#checkLength(this.#cell.text);
  }

  onClose(name: string): void {
    this.#isText = false;
    if (!this.#isData) return;
    if (name === 'rPh') this.#hints -= 1;
    else if (name === 'c') this.#endCell();
    else if (name === 'row') this.#endRow();
    else if (name === 'sheetData') this.#isData = false;
  }

  /** Widths, links, fonts and the like are read past, and however little each costs, there may not be any number of them. */
  #countOther(): void {
    this.#others += 1;
    if (this.#others > othersMax)
      throw contentProblem(`Its sheet has more than ${othersMax} elements beside its cells.`);
  }

  /** Rows and cells may leave out their places: then they follow the one before. */
  #beginRow(place: string | undefined): void {
    const rowNo = place === undefined ? this.#rowNo + 1 : numberOf(place);
    if (!(rowNo > this.#rowNo && rowNo <= rowsMax)) throw contentProblem('Its rows are out of order.');
    this.#rowNo = rowNo;
    this.#cells = [];
    this.#chars = 0;
    this.#column = -1;
  }

  #beginCell({ r: place, t: type = 'n', s: style = '0' }: Readonly<Record<string, string>>): void {
    const column = place === undefined ? this.#column + 1 : columnOf(place, this.#rowNo);
    if (!(column > this.#column)) throw contentProblem(`The cells of row ${this.#rowNo} are out of order.`);
    this.#column = column;
    this.#cell = { column, type, style: Number(style), text: '', hasFormula: false, hasValue: false };
  }

  #beginPart(cell: Cell, name: string): void {
    if (name === 'f') cell.hasFormula = true;
    if (name === 'v') cell.hasValue = true;
    this.#isText = (name === 'v' || name === 't') && this.#hints === 0;
  }

  #endCell(): void {
    const cell = this.#cell;
    this.#cell = undefined;
    if (cell === undefined) return;
    // Taken for empty, a whole column would be lost without a word: programs that do not calculate write such files.
    if (cell.hasFormula && !hasResult(cell))
      throw contentProblem(`Row ${this.#rowNo} has a formula without its result.`);
    const text = cell.text === '' ? '' : this.#shown(cell).trim();
    if (text !== '') this.#addText(cell.column, text);
  }

  #addText(column: number, text: string): void {
    const { columnsMax, rowCharsMax } = this.#context.limits;
    this.#checkLength(text);
    if (column >= columnsMax) throw contentProblem(`Row ${this.#rowNo} has more than ${columnsMax} columns.`);
    this.#chars += text.length;
    // Many cells may name one long text that they share.
    if (this.#chars > rowCharsMax) throw contentProblem(`Row ${this.#rowNo} has more than ${rowCharsMax} characters.`);
    while (this.#cells.length < column) this.#cells.push('');
    this.#cells.push(text);
  }

  #shown({ type, style, text }: Cell): string {
    const { strings, styles, uses1904 } = this.#context;
    switch (type) {
      case 's': {
        const shared = strings.get(numberOf(text));
        if (shared === undefined) throw contentProblem(`Row ${this.#rowNo} names a text that is not there.`);
        return shared;
      }
      case 'b':
        return text === '1' || text === 'true' ? 'TRUE' : 'FALSE';
      case 'n':
        return displayedNumber(text, styles[style], uses1904);
      default:
        // Texts in place, results of formulas, errors such as #REF!, ISO dates.
        return unescapeText(text);
    }
  }

  #endRow(): void {
    if (this.#cells.length > 0) this.#rows.push({ rowNo: this.#rowNo, cells: this.#cells });
    this.#cells = [];
  }

  #checkLength({ length }: string): void {
    const { cellCharsMax } = this.#context.limits;
    if (length > cellCharsMax) {
      throw contentProblem(`Row ${this.#rowNo} has a cell of more than ${cellCharsMax} characters.`);
    }
  }
}

/** Some programs write an empty value for none; only a text may be empty. */
const hasResult = ({ hasValue, text, type }: Cell): boolean => hasValue && (text !== '' || type === 'str');

const numberOf = (text: string): number => (/^\d{1,10}$/.test(text) ? Number(text) : Number.NaN);

/** `BC12` is column 54 of row 12, counted from 0. */
function columnOf(place: string, rowNo: number): number {
  const [, letters = '', digits = ''] = /^([A-Z]{1,3})(\d{1,7})$/.exec(place) ?? [];
  if (letters === '') throw contentProblem('A cell has no valid place.');
  if (Number(digits) !== rowNo) throw contentProblem(`A cell of row ${rowNo} says that it is in another row.`);
  let column = 0;
  for (const letter of letters) column = column * 26 + (letter.charCodeAt(0) - 64);
  return column - 1;
}
