import type { Row } from '../sql/program.ts';

/**
 * Makes rows of arrays of values, in the order of their columns. The driver's own row objects are dictionaries: making and reading one
 * takes twice as long as copying an object that has all columns and setting them.
 */
export function rowMaker(names: readonly string[]): (values: readonly unknown[]) => Row {
  // Parsed, because an object that got so many properties one by one becomes a dictionary as well.
  const empty = JSON.parse(`{${names.map((name) => `${JSON.stringify(name)}:null`).join()}}`) as Record<
    string,
    unknown
  >;
  return (values) => {
    const row = { ...empty };
    names.forEach((name, index) => {
      row[name] = values[index];
    });
    return row;
  };
}
