import { type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import { asId, type RecordId } from '../../domain/ids.ts';
import { type EitherEnd, firstMarker, lastMarker, type Page } from '../../domain/paging.ts';
import { nearerEnd, type Stretch } from './nearer-end.ts';
import { all, first, type Program } from './program.ts';

interface PageOptions<Row, Item> {
  /** The column of the record id, with its table. */
  readonly key: string;
  readonly page: EitherEnd;
  readonly decode: (row: Row) => Item;
}

/**
 * One page of a list (v5 1, Paging): two statements at most, whatever the filters. `base` has them all, and neither order nor limit; its
 * rows must have `record_id`.
 */
export function* selectPage<DB, TB extends keyof DB, Row extends { record_id: string }, Item>(
  base: SelectQueryBuilder<DB, TB, Row>,
  { key, page, decode }: PageOptions<Row, Item>,
): Program<Page<Item>> {
  const column = sql.ref(key);
  const begins = 'order' in page ? sql<SqlBool>`${column} > ${page.marker}` : sql<SqlBool>`${column} < ${page.marker}`;
  const { rows, count } = yield* readPage<Row>(page, {
    read: ({ limit, offset, direction }) =>
      all<Row>(base.where(begins).orderBy(column, direction).limit(limit).offset(offset)),
    count: () => countRows(base),
  });
  const last = rows.at(-1);
  return {
    items: rows.map((row) => decode(row)),
    count,
    marker: last === undefined ? null : asId<RecordId>(last.record_id),
  };
}

export interface PageReader<Row> {
  /** From the marker on, whichever way it is read. */
  read(stretch: Stretch & { readonly direction: 'asc' | 'desc' }): Program<readonly Row[]>;
  /** All that match, whatever the marker. */
  count(): Program<number>;
}

/** A first page that is not full holds all there are; any other is read from the end that is nearer, once they are counted. */
export function* readPage<Row>(
  page: EitherEnd,
  { read, count }: PageReader<Row>,
): Program<{ readonly rows: readonly Row[]; readonly count: number }> {
  const { limit, offset, marker } = page;
  const ascends = 'order' in page;
  const isWhole = marker === (ascends ? firstMarker : lastMarker);
  if (isWhole && offset === 0) {
    const rows = yield* read({ limit, offset, isTurned: false, direction: ascends ? 'asc' : 'desc' });
    return { rows, count: rows.length < limit ? rows.length : yield* count() };
  }
  const counted = yield* count();
  const stretch = nearerEnd({ limit, offset, count: isWhole ? counted : undefined });
  const rows = yield* read({ ...stretch, direction: ascends === stretch.isTurned ? 'desc' : 'asc' });
  return { rows: stretch.isTurned ? rows.toReversed() : rows, count: counted };
}

export function* countRows<DB, TB extends keyof DB, Row>(rows: SelectQueryBuilder<DB, TB, Row>): Program<number> {
  const total = yield* first<{ count: number }>(rows.clearSelect().select(sql<number>`count(*)`.as('count')));
  return total?.count ?? 0;
}
