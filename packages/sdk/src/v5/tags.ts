import type {
  BindTagsRequest,
  PagingQuery,
  QueryTagResourcesRequest,
  QueryTagResourcesResponse,
  UnbindTagsRequest,
} from '@muster/contract/v5';
import type { ReadonlyDeep } from '../readonly-deep.ts';
import type { CallOptions } from '../transport.ts';
import { eachListed, type ProjectApi, toQuery } from './project-api.ts';

/** Tags of devices (v5 8). */
export function createTags(api: ProjectApi) {
  const list = (
    body: ReadonlyDeep<QueryTagResourcesRequest>,
    query: PagingQuery = {},
    options?: CallOptions,
  ): Promise<QueryTagResourcesResponse> =>
    api.json({ ...options, method: 'POST', path: ['tags', 'query-resources'], query: toQuery(query), json: body });
  return {
    /** A key that is there already gets the new value. */
    bind: (body: ReadonlyDeep<BindTagsRequest>, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'POST', path: ['tags', 'bind-resource'], json: body }),
    unbind: (body: ReadonlyDeep<UnbindTagsRequest>, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'POST', path: ['tags', 'unbind-resource'], json: body }),
    /** What has at least one of the tags. */
    listResources: list,
    listAllResources: (body: ReadonlyDeep<QueryTagResourcesRequest>, query: PagingQuery = {}, options?: CallOptions) =>
      eachListed(
        (paged: PagingQuery) => list(body, paged, options),
        ({ resources, page }) => ({ items: resources, marker: page.marker }),
        query,
      ),
  };
}
