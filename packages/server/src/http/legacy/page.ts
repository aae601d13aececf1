import type { RecordId } from '../../domain/ids.ts';
import { firstMarker, lastMarker, type OldestFirst, type Page, type PageRequest } from '../../domain/paging.ts';
import { StreamedList } from './streamed-list.ts';

/** A page of a list in the manner of old clients: a number from 0, and a size (legacy 1.4). */
export interface LegacyPage {
  readonly pageNo: number;
  readonly pageSize: number;
}

/** `pageNo` absent: the whole list. */
export type PageOrWhole = Omit<LegacyPage, 'pageNo'> & { readonly pageNo?: number };

/** Beyond the data a page is empty; no number is too large for that. */
const offsetOf = ({ pageNo, pageSize }: LegacyPage): number => Math.min(pageNo * pageSize, Number.MAX_SAFE_INTEGER);

export function decodeNewestFirst(page: LegacyPage): PageRequest {
  return { limit: page.pageSize, marker: lastMarker, offset: offsetOf(page) };
}

function decodeOldestFirst(page: LegacyPage): OldestFirst {
  return { limit: page.pageSize, marker: firstMarker, offset: offsetOf(page), order: 'oldest-first' };
}

/** What a list is answered from. */
export interface ListSource<Item> {
  /** The member that holds it. */
  readonly member: string;
  /** Rows of a list that is whole; further ones are left out (MUSTER_LEGACY_UNPAGED_ROWS_MAX). */
  readonly rowsMax: number;
  /** So many rows of a whole list are held at once; absent: 1000. */
  readonly chunkSize?: number;
  read(page: OldestFirst): Promise<Page<Item>>;
  /** Read in its place where the newest come first. */
  readNewestFirst?(page: PageRequest): Promise<Page<Item>>;
  encode(item: Item): unknown;
}

/** One page, or the whole list, which is read on while it is being sent. */
export async function answerList<Item>(
  page: PageOrWhole,
  source: ListSource<Item>,
): Promise<Readonly<Record<string, unknown>> | StreamedList> {
  const { pageNo, pageSize } = page;
  if (pageNo === undefined) return wholeList(source);
  const { items, count } = await (source.readNewestFirst?.(decodeNewestFirst({ pageNo, pageSize })) ??
    source.read(decodeOldestFirst({ pageNo, pageSize })));
  return { [source.member]: items.map((item) => source.encode(item)), totalCount: count, pageNo, pageSize };
}

async function wholeList<Item>(source: ListSource<Item>): Promise<StreamedList> {
  const { member, rowsMax, encode, chunkSize = 1000 } = source;
  const start = source.readNewestFirst === undefined ? firstMarker : lastMarker;
  const readFrom = (marker: RecordId, limit: number): Promise<Page<Item>> => {
    const page = { limit, marker, offset: 0 };
    return source.readNewestFirst?.(page) ?? source.read({ ...page, order: 'oldest-first' });
  };
  // What is wrong with the question shows here, before anything is sent.
  const first = await readFrom(start, Math.min(chunkSize, rowsMax));
  async function* pages(): AsyncGenerator<readonly unknown[]> {
    let sent = 0;
    for (
      let page = first;
      page.marker !== null;
      page = await readFrom(page.marker, Math.min(chunkSize, rowsMax - sent))
    ) {
      yield page.items.map((item) => encode(item));
      sent += page.items.length;
      if (sent >= rowsMax) return;
    }
  }
  return new StreamedList({ member, pages: pages(), totalCount: first.count });
}
