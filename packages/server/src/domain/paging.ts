import type { RecordId } from './ids.ts';

/** v5 1, Paging: ids below `marker`, skip `offset`, take `limit`, ids descending. */
export interface PageRequest {
  readonly limit: number;
  readonly marker: RecordId;
  readonly offset: number;
}

/** `count` is all matches whatever marker and offset; `marker` the record id of the last item, null on an empty page. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly count: number;
  readonly marker: RecordId | null;
}

/** The same from the other end: ids above `marker`, ascending. */
export interface OldestFirst extends PageRequest {
  readonly order: 'oldest-first';
}

/** Lists that legacy clients walk can be read from either end. */
export type EitherEnd = PageRequest | OldestFirst;

export const pageSizeMax = 50;
export const offsetMax = 500;
export const lastMarker = 'ffffffffffffffffffffffff' as RecordId;
/** Of lists that begin with the oldest. */
export const firstMarker = '' as RecordId;
