import type { AppId, BatchFileId, ProjectId, RecordId } from './ids.ts';

/** A row of a table file: what its cells show, by the place of their columns; those behind the last one are not there. */
export interface TableRow {
  /** Of the sheet, from 1; the header's included. */
  readonly rowNo: number;
  readonly cells: readonly string[];
}

export const charsOf = ({ cells }: TableRow): number => cells.reduce((sum, { length }) => sum + length, 0);

/** An uploaded table of targets (v5 12). Its rows stay as they are; a task that was made from it has its own copy of them. */
export interface BatchFile {
  readonly fileId: BatchFileId;
  readonly recordId: RecordId;
  readonly projectId: ProjectId;
  /** The application that uploaded it through the legacy API, whose it is (legacy 3.3); absent: it is the project's. */
  readonly appId?: AppId;
  readonly fileName: string;
  /** The names in the header, trimmed and in lower case; empty: a column without a name. */
  readonly columns: readonly string[];
  /** ms since epoch. */
  readonly uploadedAt: number;
  readonly expiresAt: number;
}

/** v5 12: present files of an owner. */
export const batchFilesMax = 10;

/** One data row under the names of its columns; what a row does not say is an empty text. */
export type NamedCells = ReadonlyMap<string, string>;

/** What a task type makes of a row. */
export type RowReading =
  | {
      readonly kind: 'good';
      readonly target: string;
      /** What the run gets. */
      readonly fields: RowFields;
      /** The target of another row that must have had its turn before, if there is such a row (v5 13.3). */
      readonly parent?: string;
    }
  /** Without `target` the row is named by its number. `column` and `reason` are told to the caller (014653). */
  | { readonly kind: 'bad'; readonly target: string | undefined; readonly column: string; readonly reason: string };

/** Plain values by name. */
export type RowFields = Readonly<Record<string, string | number | boolean | null>>;

export interface FileColumn {
  readonly name: string;
  readonly required: boolean;
  /** Columns that stand in for it, all of them together (legacy 3.3). */
  readonly unless?: readonly string[];
  /** What legacy clients say (legacy 3.3): taken from anybody, and in no template. */
  readonly legacy?: true;
  /** What the template shows. */
  readonly example: string;
  readonly meaning: string;
}

/** The files that a task type takes (v5 12). */
export interface FileFormat {
  readonly columns: readonly FileColumn[];
  /** Of the columns that are not required a header must have at least one: with none no row could say anything. */
  readonly wantsMore?: true;
  readRow(cells: NamedCells): RowReading;
}

/** What a file of failed rows tells beside them; it goes through an upload as it is, so they mean nothing there. */
export const reasonColumns: readonly string[] = ['error_code', 'error_message'];

/** Spreadsheets of some countries write CSV with other separators than the comma: the whole header is one name, then. */
function separatorHint(columns: readonly string[]): string {
  const [only = '', ...others] = columns;
  if (others.length > 0) return '';
  const separator = only.includes(';') ? "';'" : only.includes('\t') ? 'tabs' : undefined;
  return separator === undefined ? '' : ` The file seems to be separated by ${separator}; a comma is expected.`;
}

/** What is wrong with a header; undefined: nothing. `columns` as in BatchFile. */
export function columnProblem(columns: readonly string[], format: FileFormat): string | undefined {
  const known = new Set(format.columns.map(({ name }) => name));
  const seen = new Set<string>();
  for (const column of columns) {
    if (column === '' || reasonColumns.includes(column)) continue;
    if (!known.has(column)) return `The column '${column}' is unknown.${separatorHint(columns)}`;
    if (seen.has(column)) return `The column '${column}' is repeated.`;
    seen.add(column);
  }
  const missing = format.columns.find(
    ({ name, required, unless }) => required && !seen.has(name) && !(unless?.every((each) => seen.has(each)) ?? false),
  );
  if (missing !== undefined) return `The column '${missing.name}' is missing.`;
  const others = format.columns.filter(({ required }) => !required).map(({ name }) => name);
  if (format.wantsMore !== true || others.some((name) => seen.has(name))) return undefined;
  return `At least one of the columns ${others.map((name) => `'${name}'`).join(', ')} is required.`;
}

const surplusReason = 'stands behind the last column of the header; a text with a comma wants quotes';

/**
 * A row as its type reads it. A cell that stands behind the header is a slip of the row's, e.g. a comma that wants quotes: which cell is
 * which is no longer known, so such a row names no target.
 */
export function readCells(
  columns: readonly string[],
  cells: readonly string[],
  readRow: FileFormat['readRow'],
): RowReading {
  const surplus = cells.findIndex((cell, index) => index >= columns.length && cell !== '');
  if (surplus !== -1) {
    return { kind: 'bad', target: undefined, column: String(surplus + 1), reason: surplusReason };
  }
  return readRow(nameCells(columns, cells));
}

export const nameCells = (columns: readonly string[], cells: readonly string[]): NamedCells =>
  new Map(columns.flatMap((column, index) => (column === '' ? [] : [[column, cells[index] ?? '']])));
