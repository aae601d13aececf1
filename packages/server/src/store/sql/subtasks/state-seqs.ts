import { codesOfTimeCause, timeCauses } from '../../../domain/time-cause.ts';
import type { SubtaskChoice } from '../../../ports/store/subtask-store.ts';
import type { Dialect } from '../dialect.ts';
import { nearerEnd } from '../nearer-end.ts';
import type { Statement } from '../program.ts';
import { placesOf, type StatePlace } from './state-places.ts';

/** The seqs from `from` on that are below `below`. */
export interface SeqRange {
  readonly from: number;
  readonly below: number;
}

/** A page of the subtasks of a task that are in one of some states. */
export interface SeqPage {
  readonly taskNo: number;
  readonly sets: readonly SeqSet[];
  /** By seq. */
  readonly order: 'ASC' | 'DESC';
  readonly range: SeqRange;
  readonly limit: number;
  readonly offset: number;
  /** How many there are in the range, where it is known: the nearer end is read from then. */
  readonly count: number | undefined;
}

/** Subtasks by the indexes that have them in the order of seq: those at `place`, all or in so far as they are at another one as well. */
export interface SeqSet {
  readonly place: StatePlace;
  /** What is there is part of what is at `place`. */
  readonly part?: { readonly place: StatePlace; readonly isMeant: boolean };
}

/** Sets that share nothing. */
export function setsOf(dialect: Dialect, choices: readonly SubtaskChoice[]): readonly SeqSet[] {
  return choices.flatMap(({ state, byTime, cached }): readonly SeqSet[] => {
    const sets = placesOf(dialect, state).map((place) => ({ place }));
    if (byTime === true) return [{ place: latePlace(dialect) }];
    if (byTime === false) return sets.map((set) => ({ ...set, part: { place: latePlace(dialect), isMeant: false } }));
    if (cached === undefined) return sets;
    return sets.map((set) => ({ ...set, part: { place: cachedPlace(dialect), isMeant: cached } }));
  });
}

/** Their `seq`, in no order that counts. What is skipped is read off the indexes of the states alone. */
export function seqsOf(dialect: Dialect, page: SeqPage): Statement {
  const { limit, offset, isTurned } = nearerEnd(page);
  const order = `ORDER BY seq ${(page.order === 'ASC') === isTurned ? 'DESC' : 'ASC'}`;
  const rows = page.sets.map((set) => rowsOf(set, page)).toSorted(compoundsFirst);
  const parameters = rows.flatMap((each) => each.parameters);
  if (rows.length === 1 || dialect.mergesOrdered) {
    const texts = rows.map(({ sql, isCompound }, index) =>
      isCompound && index > 0 ? `SELECT seq FROM (${sql}) part` : sql,
    );
    return {
      sql: `${texts.join(' UNION ALL ')} ${order} LIMIT ? OFFSET ?`,
      parameters: [...parameters, limit, offset],
    };
  }
  const parts = rows.map(({ sql }) => `SELECT seq FROM (${sql} ${order} LIMIT ?) part`);
  return {
    sql: `SELECT seq FROM (${parts.join(' UNION ALL ')}) parts ${order} LIMIT ? OFFSET ?`,
    parameters: [...rows.flatMap((each) => [...each.parameters, limit + offset]), limit, offset],
  };
}

/** How many there are in a range, as `count`: each index is counted by itself, which is the fastest a database reads one. */
export function countOfSeqs(sets: readonly SeqSet[], of: Pick<SeqPage, 'taskNo' | 'range'>): Statement {
  const counts = sets.flatMap(({ place, part }) => {
    if (part === undefined) return [{ sign: '+', place }];
    if (part.isMeant) return [{ sign: '+', place: part.place }];
    return [
      { sign: '+', place },
      { sign: '-', place: part.place },
    ];
  });
  const terms = counts.map(({ sign, place }) => ({ sign, ...rowsAt('count(*)', place, of) }));
  return {
    sql: `SELECT 0 ${terms.map(({ sign, sql }) => `${sign} (${sql})`).join(' ')} AS count`,
    parameters: terms.flatMap(({ parameters }) => parameters),
  };
}

/** A relation of `seq`, of two others or of one table. */
interface Rows extends Statement {
  readonly isCompound: boolean;
}

/** SQLite reads compounds from left to right. */
const compoundsFirst = (a: Rows, b: Rows): number => Number(b.isCompound) - Number(a.isCompound);

function rowsOf({ place, part }: SeqSet, of: Pick<SeqPage, 'taskNo' | 'range'>): Rows {
  const left = rowsAt('seq', place, of);
  if (part === undefined) return { ...left, isCompound: false };
  const right = rowsAt('seq', part.place, of);
  return {
    sql: `${left.sql} ${part.isMeant ? 'INTERSECT' : 'EXCEPT'} ${right.sql}`,
    parameters: [...left.parameters, ...right.parameters],
    isCompound: true,
  };
}

const rowsAt = (
  what: 'seq' | 'count(*)',
  { from, condition }: StatePlace,
  { taskNo, range }: Pick<SeqPage, 'taskNo' | 'range'>,
): Statement => ({
  sql: `SELECT ${what} FROM ${from} WHERE task_no = ? AND ${condition} AND seq >= ? AND seq < ?`,
  parameters: [taskNo, range.from, range.below],
});

/** In the order of the index `subtasks_late`: a code that is added needs a new one. */
export const timeCodes = timeCauses
  .flatMap(codesOfTimeCause)
  .map((code) => `'${code}'`)
  .join(', ');

const latePlace = ({ indexedBy }: Dialect): StatePlace => ({
  from: `subtasks ${indexedBy('subtasks_late')}`,
  condition: `state = 'Fail' AND error_code IN (${timeCodes})`,
});

/** Of commands, which have not left: a subtask that ends lets go of its command in the same transaction. */
const cachedPlace = ({ indexedBy }: Dialect): StatePlace => ({
  from: `commands ${indexedBy('commands_cached')}`,
  condition: `status = 'PENDING' AND task_no IS NOT NULL`,
});
