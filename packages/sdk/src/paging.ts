/** Asks for the page behind `marker`; the first one has none. */
export type FetchPage<T> = (
  marker: string | undefined,
) => Promise<{ items: readonly T[]; marker: string | null | undefined }>;

/** Largest page that lists give (v5 1). */
export const PAGE_LIMIT_MAX = 50;

/** Walks a list by its markers to its end, one page in memory at a time. */
export async function* eachItem<T>(fetchPage: FetchPage<T>): AsyncGenerator<T, void> {
  let marker: string | undefined;
  for (;;) {
    const page = await fetchPage(marker);
    yield* page.items;
    // The server's marker is the last item's record id; the same one again would mean an endless loop.
    if (page.items.length === 0 || !page.marker || page.marker === marker) return;
    marker = page.marker;
  }
}
