import type { Json } from '../../../domain/json.ts';
import type { SecretBox } from '../../../ports/secret-box.ts';

/**
 * Cells may hold secrets, and are sealed at rest. So many rows that follow each other share one box, which lies with the first of them, at a
 * multiple of this number; the others have an empty text. A box for each row would cost as much as all else that is done with a row; one
 * for many more would be opened whole where a single row is wanted.
 */
const rowsPerBox = 20;

/** How many of `wanted` rows make whole boxes, at least one: what is written in one go begins with a box. */
export const wholeBoxes = (wanted: number): number => Math.max(1, Math.floor(wanted / rowsPerBox)) * rowsPerBox;

/** Where the box of a row lies. */
export const boxSeqOf = (seq: number): number => seq - (seq % rowsPerBox);

/** What to store with each of the rows from number `firstSeq` on. */
export function sealRows(box: SecretBox, firstSeq: number, rows: readonly Json[]): readonly string[] {
  if (boxSeqOf(firstSeq) !== firstSeq) throw new Error(`No box begins at row ${firstSeq}.`);
  return rows.map((_row, index) =>
    index % rowsPerBox === 0 ? box.seal(JSON.stringify(rows.slice(index, index + rowsPerBox))) : '',
  );
}

/** Rows by their numbers, from boxes as they were stored; rows without a box of their own are passed over. */
export function openRows(
  box: SecretBox,
  stored: Iterable<{ readonly seq: number; readonly cells: string }>,
): ReadonlyMap<number, Json> {
  const rows = new Map<number, Json>();
  for (const { seq, cells } of stored) {
    if (cells === '') continue;
    const opened = JSON.parse(box.open(cells)) as readonly Json[];
    for (const [index, row] of opened.entries()) rows.set(seq + index, row);
  }
  return rows;
}
