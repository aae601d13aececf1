import type { ProjectId } from '../domain/ids.ts';
import { parseSearch } from '../domain/search/parse-search.ts';
import type { FoundDevice } from '../ports/store/search-store.ts';
import type { Store } from '../ports/store/store.ts';

export type { FoundDevice };

export type SearchResult = { readonly devices: readonly FoundDevice[] } | { readonly count: number };

/** The search language (v5 6.1). */
export interface SearchService {
  /** Problems: invalidSql. */
  search(projectId: ProjectId, sql: string): Promise<SearchResult>;
}

export function createSearchService({ store }: { readonly store: Pick<Store, 'search'> }): SearchService {
  return {
    search: async (projectId, sql) => {
      const { select, where, ...page } = parseSearch(sql);
      return select === 'count'
        ? { count: await store.search.count(projectId, where) }
        : { devices: await store.search.find(projectId, { where, ...page }) };
    },
  };
}
