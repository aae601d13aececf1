import { type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import { asId, type RecordId } from '../../domain/ids.ts';
import type { EitherEnd, Page } from '../../domain/paging.ts';
import { all, first, type Program } from './program.ts';

interface PageOptions<Row, Item> {
  /** The column of the record id, with its table. */
  readonly key: string;
  readonly page: EitherEnd;
  readonly decode: (row: Row) => Item;
}

/**
 * One page of a list (v5 1, Paging): two statements, whatever the filters. `base` has them all, and neither order nor limit; its rows
 * must have `record_id`.
 */
export function* selectPage<DB, TB extends keyof DB, Row extends { record_id: string }, Item>(
  base: SelectQueryBuilder<DB, TB, Row>,
  { key, page, decode }: PageOptions<Row, Item>,
): Program<Page<Item>> {
  const ascends = 'order' in page;
  const begins = ascends
    ? sql<SqlBool>`${sql.ref(key)} > ${page.marker}`
    : sql<SqlBool>`${sql.ref(key)} < ${page.marker}`;
  const rows = yield* all<Row>(
    base
      .where(begins)
      .orderBy(sql.ref(key), ascends ? 'asc' : 'desc')
      .limit(page.limit)
      .offset(page.offset),
  );
  const total = yield* first<{ count: number }>(base.clearSelect().select(sql<number>`count(*)`.as('count')));
  const last = rows.at(-1);
  return {
    items: rows.map((row) => decode(row)),
    count: total?.count ?? 0,
    marker: last === undefined ? null : asId<RecordId>(last.record_id),
  };
}
