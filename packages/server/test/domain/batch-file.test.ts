import { expect, it } from 'vitest';
import { columnProblem, type FileFormat } from '../../src/domain/batch-file.ts';

const format: Pick<FileFormat, 'columns'> = {
  columns: [{ name: 'device_id', required: true, example: 'd', meaning: 'Device.' }],
};
const problemOf = (...columns: string[]) => columnProblem(columns, format as FileFormat);

it('a header that is one cell with another separator in it is told to be so', () => {
  expect(problemOf('device_id;device_name')).toBe(
    "The column 'device_id;device_name' is unknown. The file seems to be separated by ';'; a comma is expected.",
  );
  expect(problemOf('device_id\tdevice_name')).toMatch(/separated by tabs; a comma is expected\.$/);
});

it('a column that is unknown for another reason gets no such hint', () => {
  expect(problemOf('colour')).toBe("The column 'colour' is unknown.");
  expect(problemOf('device_id', 'a;b')).toBe("The column 'a;b' is unknown.");
  expect(problemOf('device_id')).toBeUndefined();
});
