import type { RowReading } from './batch-file.ts';
import { type Cause, causeOf } from './problem.ts';

/** A row of a file as it becomes a subtask. */
export interface JudgedRow {
  readonly rowNo: number;
  readonly target: string;
  readonly reading: RowReading;
  /** It fails as it is written (S2). */
  readonly cause: Cause | undefined;
}

/**
 * v5 12: the first good row of a target has it; a bad one hurts nobody. `rowNoOf`: the numbers of earlier good rows by target; this one is
 * added to it.
 */
export function judgeRow(rowNo: number, reading: RowReading, rowNoOf: Map<string, number>): JudgedRow {
  const target = reading.target ?? nameOfRow(rowNo);
  return { rowNo, target, reading, cause: causeOfReading() };

  function causeOfReading(): Cause | undefined {
    if (reading.kind === 'bad') return causeOf('batchRowInvalid', rowNo, reading.column, reading.reason);
    const earlier = rowNoOf.get(target);
    if (earlier !== undefined) return causeOf('batchRowRepeated', rowNo, earlier);
    rowNoOf.set(target, rowNo);
    return undefined;
  }
}

/** What stands for the target of a row that names none; the id of a device has no space. */
const nameOfRow = (rowNo: number): string => `row ${rowNo}`;

export const isNameOfRow = (target: string): boolean => /^row \d+$/.test(target);

const repeatedCode = causeOf('batchRowRepeated').code;

/** The cause as all rows have it that break the same rule in the same column: its sentence names no row. */
export function withoutRow(cause: Cause): Cause {
  if (cause.code === repeatedCode)
    return { code: cause.code, message: 'The row repeats the target of an earlier row.' };
  return { code: cause.code, message: cause.message.replace(/^Row \d+, c/, 'C') };
}
