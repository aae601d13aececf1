import type { PagingQuery } from '@muster/contract/v5';
import { eachItem, PAGE_LIMIT_MAX } from '../paging.ts';
import type { ApiCall, Query, Transport } from '../transport.ts';

/** A call below `/v5/iot/{project_id}`. */
export type ProjectCall = ApiCall;

/** What the resource modules are made of: calls of one project. */
export interface ProjectApi {
  json<T>(call: ProjectCall): Promise<T>;
  send(call: ProjectCall): Promise<Response>;
}

/** The transport, narrowed to one project's part of the API. */
export function createProjectApi(transport: Transport, projectId: string): ProjectApi {
  const inProject = (call: ProjectCall): ApiCall => ({ ...call, path: ['v5', 'iot', projectId, ...call.path] });
  return {
    json: (call) => transport.json(inProject(call)),
    send: (call) => transport.send(inProject(call)),
  };
}

/** A typed query as the transport takes it; interfaces have no index signature. */
export const toQuery = (query: object | undefined): Query | undefined => query as Query | undefined;

/** Walks a list from its start in the largest pages; `limit` of the query changes the page, not the number of items. */
export function eachListed<Q extends PagingQuery, P, T>(
  list: (query: Q) => Promise<P>,
  take: (page: P) => { items: readonly T[]; marker: string | null | undefined },
  query: Q,
): AsyncGenerator<T, void> {
  return eachItem(async (marker) => {
    const paged = { limit: PAGE_LIMIT_MAX, ...query, ...(marker === undefined ? {} : { marker, offset: 0 }) };
    return take(await list(paged));
  });
}
