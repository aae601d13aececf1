import type { RecordId } from '../../domain/ids.ts';
import { type Page, type PageRequest, lastMarker } from '../../domain/paging.ts';

const walkSize = 500;

export interface Filtering<Item> {
  readonly page: PageRequest;
  readonly keep: (item: Item) => boolean;
}

/** A page of what a filter keeps, for lists of administration that are short and whose store knows no such filter. */
export async function filteredPage<Item extends { readonly recordId: RecordId }>(
  list: (page: PageRequest) => Promise<Page<Item>>,
  { page, keep }: Filtering<Item>,
): Promise<Page<Item>> {
  const kept: Item[] = [];
  for (let marker: RecordId | null = lastMarker; marker !== null; ) {
    const part: Page<Item> = await list({ limit: walkSize, marker, offset: 0 });
    kept.push(...part.items.filter(keep));
    marker = part.items.length < walkSize ? null : part.marker;
  }
  return pageOf(kept, page);
}

/** v5 1, Paging, on what is in hand already; sorted by record id, newest first. */
export function pageOf<Item extends { readonly recordId: RecordId }>(
  all: readonly Item[],
  { limit, marker, offset }: PageRequest,
): Page<Item> {
  const items = all.filter(({ recordId }) => recordId < marker).slice(offset, offset + limit);
  return { items, count: all.length, marker: items.at(-1)?.recordId ?? null };
}
