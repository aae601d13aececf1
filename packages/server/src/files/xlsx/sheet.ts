import type { Readable } from 'node:stream';
import type { TableRow } from '../../domain/batch-file.ts';
import type { TableLimits } from '../../ports/table-files.ts';
import { contentProblem } from '../content-problem.ts';
import { displayedNumber } from './displayed-text.ts';
import { unescapeText } from './escaped-text.ts';
import type { Styles } from './styles.ts';
import { walkXml } from './xml.ts';

export interface SheetContext {
  readonly strings: readonly string[];
  readonly styles: Styles;
  readonly limits: TableLimits;
  readonly uses1904: boolean;
}

interface Cell {
  readonly column: number;
  readonly type: string;
  readonly style: number;
  text: string;
}

/** The rows that say something. */
export async function* readSheet(source: Readable, context: SheetContext): AsyncGenerator<TableRow> {
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
  #rowNo = 0;
  #cells: string[] = [];
  #column = -1;
  #cell: Cell | undefined;
  #isText = false;
  #hints = 0;

  constructor(context: SheetContext) {
    this.#context = context;
  }

  take(): readonly TableRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  onOpen(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'row') this.#beginRow(attributes['r']);
    else if (name === 'c') this.#beginCell(attributes);
    else if (name === 'rPh') this.#hints += 1;
    this.#isText = (name === 'v' || name === 't') && this.#hints === 0;
  }

  onText(text: string): void {
    if (!this.#isText || this.#cell === undefined) return;
    this.#cell.text += text;
    const { cellCharsMax } = this.#context.limits;
    if (this.#cell.text.length > cellCharsMax) {
      throw contentProblem(`Row ${this.#rowNo} has a cell of more than ${cellCharsMax} characters.`);
    }
  }

  onClose(name: string): void {
    this.#isText = false;
    if (name === 'rPh') this.#hints -= 1;
    else if (name === 'c') this.#endCell();
    else if (name === 'row') this.#endRow();
  }

  /** Rows and cells may leave out their places: then they follow the one before. */
  #beginRow(place: string | undefined): void {
    const rowNo = place === undefined ? this.#rowNo + 1 : Number(place);
    if (!Number.isSafeInteger(rowNo) || rowNo <= this.#rowNo) throw contentProblem('Its rows are out of order.');
    this.#rowNo = rowNo;
    this.#cells = [];
    this.#column = -1;
  }

  #beginCell({ r: place, t: type = 'n', s: style = '0' }: Readonly<Record<string, string>>): void {
    const column = place === undefined ? this.#column + 1 : columnOf(place);
    const { columnsMax } = this.#context.limits;
    if (!(column > this.#column)) throw contentProblem(`The cells of row ${this.#rowNo} are out of order.`);
    if (column >= columnsMax) throw contentProblem(`Row ${this.#rowNo} has more than ${columnsMax} columns.`);
    this.#column = column;
    this.#cell = { column, type, style: Number(style), text: '' };
  }

  #endCell(): void {
    const cell = this.#cell;
    this.#cell = undefined;
    if (cell === undefined || cell.text === '') return;
    while (this.#cells.length < cell.column) this.#cells.push('');
    this.#cells.push(this.#shown(cell).trim());
  }

  #shown({ type, style, text }: Cell): string {
    const { strings, styles, uses1904 } = this.#context;
    switch (type) {
      case 's': {
        const shared = strings[Number(text)];
        if (shared === undefined) throw contentProblem(`Row ${this.#rowNo} names a text that is not there.`);
        return shared;
      }
      case 'b':
        return text === '1' ? 'TRUE' : 'FALSE';
      case 'n':
        return displayedNumber(text, styles[style], uses1904);
      default:
        // Texts in place, results of formulas, errors such as #REF!, ISO dates.
        return unescapeText(text);
    }
  }

  #endRow(): void {
    if (this.#cells.some((cell) => cell !== '')) this.#rows.push({ rowNo: this.#rowNo, cells: this.#cells });
    this.#cells = [];
  }
}

/** `BC12` is column 54, counted from 0. */
function columnOf(place: string): number {
  const letters = /^[A-Z]{1,3}(?=\d+$)/.exec(place)?.[0];
  if (letters === undefined) throw contentProblem('A cell has no valid place.');
  let column = 0;
  for (const letter of letters) column = column * 26 + (letter.charCodeAt(0) - 64);
  return column - 1;
}
