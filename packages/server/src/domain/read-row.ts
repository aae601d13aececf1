import type { FileColumn, FileFormat, NamedCells, RowFields, RowReading } from './batch-file.ts';
import { BadCell, cellOf, readRequired } from './device-cells.ts';

export interface GoodRow {
  readonly target: string;
  readonly fields: RowFields;
  readonly parent?: string | undefined;
}

/** A reader of rows from one that throws BadCell; `targetOf` names the target of a row that is bad elsewhere. */
export function rowReader(
  read: (cells: NamedCells) => GoodRow,
  targetOf: (cells: NamedCells) => string | undefined,
): FileFormat['readRow'] {
  return (cells): RowReading => {
    try {
      const { target, fields, parent } = read(cells);
      return { kind: 'good', target, fields, ...(parent === undefined ? {} : { parent }) };
    } catch (error) {
      if (!(error instanceof BadCell)) throw error;
      return { kind: 'bad', target: targetOf(cells), column: error.column, reason: error.reason };
    }
  };
}

export const deviceIdRule = { shape: 'id', max: 128 } as const;

export const deviceIdColumn: FileColumn = {
  name: 'device_id',
  required: true,
  example: 'press-line_press-07',
  meaning: 'Id of the device.',
};

/** Long texts of bad cells would only repeat themselves as targets. */
export const namedTarget = (cells: NamedCells, column: string): string | undefined =>
  cellOf(cells, column)?.slice(0, 256);

/** v5 12: the files of the types that need no more than the devices. */
export const deviceIdFile: FileFormat = {
  columns: [deviceIdColumn],
  readRow: rowReader(
    (cells) => ({ target: readRequired(cells, 'device_id', deviceIdRule), fields: {} }),
    (cells) => namedTarget(cells, 'device_id'),
  ),
};
