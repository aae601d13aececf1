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

export const pageSizeMax = 50;
export const offsetMax = 500;
export const lastMarker = 'ffffffffffffffffffffffff' as RecordId;
