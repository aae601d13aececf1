import { codesOfTimeCause, timeCauses } from '../../../domain/time-cause.ts';
import type { SubtaskChoice } from '../../../ports/store/subtask-store.ts';
import type { Dialect } from '../dialect.ts';
import { nearerEnd } from '../nearer-end.ts';
import type { Statement } from '../program.ts';
import { placesOf, type StatePlace } from './state-places.ts';

/** A page of the subtasks of a task that are in one of these states. */
export interface SeqPage {
  readonly taskNo: number;
  readonly choices: readonly SubtaskChoice[];
  /** By seq. */
  readonly order: 'ASC' | 'DESC';
  /** Where the order starts: at this seq, or below it. */
  readonly from: number;
  readonly limit: number;
  readonly offset: number;
  /** How many there are in all from there on, where it is known: the nearer end is read from then. */
  readonly count: number | undefined;
}

/** Their `seq`, in no order that counts. What is skipped is read off the indexes of the states alone, however much it is (v5 1: any offset). */
export function seqsOf(dialect: Dialect, page: SeqPage): Statement {
  const { limit, offset, isTurned } = nearerEnd(page);
  const order = `ORDER BY seq ${(page.order === 'ASC') === isTurned ? 'DESC' : 'ASC'}`;
  const bound = page.order === 'ASC' ? 'seq >= ?' : 'seq < ?';
  const rowsOf = ({ from, condition }: StatePlace): Rows => ({
    sql: `SELECT seq FROM ${from} WHERE task_no = ? AND ${condition} AND ${bound}`,
    parameters: [page.taskNo, page.from],
  });
  const rows = page.choices.flatMap((choice) => relationsOf(dialect, choice, rowsOf)).toSorted(compoundsFirst);
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

/** A relation of `seq`, of two others or of one table. */
interface Rows extends Statement {
  readonly isCompound?: boolean;
}

/** SQLite reads compounds from left to right. */
const compoundsFirst = (a: Rows, b: Rows): number => Number(b.isCompound ?? false) - Number(a.isCompound ?? false);

function relationsOf(
  dialect: Dialect,
  { state, byTime, cached }: SubtaskChoice,
  rowsOf: (place: StatePlace) => Rows,
): readonly Rows[] {
  const places = placesOf(dialect, state).map(rowsOf);
  if (byTime === true) return [rowsOf(latePlace(dialect))];
  if (byTime === false) return places.map((rows) => compound(rows, 'EXCEPT', rowsOf(latePlace(dialect))));
  if (cached === undefined) return places;
  return places.map((rows) => compound(rows, cached ? 'INTERSECT' : 'EXCEPT', rowsOf(cachedPlace(dialect))));
}

const compound = (left: Rows, word: 'EXCEPT' | 'INTERSECT', right: Rows): Rows => ({
  sql: `${left.sql} ${word} ${right.sql}`,
  parameters: [...left.parameters, ...right.parameters],
  isCompound: true,
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

/** Of commands, which have not left; a subtask may have ended meanwhile. */
const cachedPlace = ({ indexedBy }: Dialect): StatePlace => ({
  from: `commands ${indexedBy('commands_cached')}`,
  condition: `status = 'PENDING' AND task_no IS NOT NULL`,
});
