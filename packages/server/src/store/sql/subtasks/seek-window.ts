import { first, type Program } from '../program.ts';
import { countOfSeqs, type SeqRange, type SeqSet } from './state-seqs.ts';

/** A page of several sets, in the order of seq. */
export interface Sought {
  readonly taskNo: number;
  readonly sets: readonly SeqSet[];
  /** Subtasks of the task, in whatever state: their seqs are those below it. */
  readonly total: number;
  /** Of the sets, from seq 0 on. */
  readonly count: number;
  /** Where the order starts. */
  readonly from: number;
  readonly limit: number;
  readonly offset: number;
}

/** The page is in the range, after `offset` others. */
export interface Window {
  readonly range: SeqRange;
  readonly offset: number;
}

/** So many rows are walked over; what is more is counted. */
const walkMax = 5000;
/** A guess is meant to fall short, so that what was counted is behind. */
const caution = 0.98;
const roominess = 1.2;

interface Place {
  readonly seq: number;
  /** Rows of the sets from the start up to here. */
  readonly before: number;
}

/**
 * Finds a page deep in several sets without merging what is before it: a place is guessed as if they were spread evenly, and the rows up
 * to it are counted, index by index. Every other step halves what is left, however they are spread.
 */
export function* seekWindow(sought: Sought): Program<Window> {
  const low = yield* seekStart(sought);
  const offset = sought.offset - low.before;
  return { range: { from: low.seq, below: yield* seekEnd(sought, low.seq, offset + sought.limit) }, offset };
}

function* seekStart(sought: Sought): Program<Place> {
  const { from, offset, total, count } = sought;
  let low: Place = { seq: from, before: 0 };
  if (offset <= walkMax) return low;
  let high: Place = { seq: total, before: from === 0 ? count : yield* rowsIn(sought, { from, below: total }) };
  for (let isGuess = true; offset - low.before > walkMax && high.seq - low.seq > walkMax; isGuess = !isGuess) {
    const share = (offset - low.before) / Math.max(1, high.before - low.before);
    const part = isGuess ? Math.min(1, share) * caution : 0.5;
    const seq = low.seq + Math.ceil((high.seq - low.seq) * part);
    const before =
      share < 0.5
        ? low.before + (yield* rowsIn(sought, { from: low.seq, below: seq }))
        : high.before - (yield* rowsIn(sought, { from: seq, below: high.seq }));
    if (before <= offset) low = { seq, before };
    else high = { seq, before };
  }
  return low;
}

function* seekEnd(sought: Sought, from: number, wanted: number): Program<number> {
  const { total, count } = sought;
  for (let width = (wanted * roominess * total) / Math.max(1, count); ; width *= 2) {
    const below = Math.min(total, from + Math.ceil(width));
    if (below === total || (yield* rowsIn(sought, { from, below })) >= wanted) return below;
  }
}

function* rowsIn({ sets, taskNo }: Sought, range: SeqRange): Program<number> {
  return (yield* first<{ count: number }>(countOfSeqs(sets, { taskNo, range })))?.count ?? 0;
}
