import type { CallOptions } from '../transport.ts';
import { eachListed, type ProjectApi, toQuery } from './project-api.ts';
import type { Action, ActionQuery, CreateAction, PageInfo, UpdateAction } from './wire.ts';

/** Where a rule's events go (v5 15.2). */
export function createActions(api: ProjectApi) {
  type Page = { actions: Action[] } & PageInfo;
  const base = ['routing-rule', 'actions'];
  const list = (query: ActionQuery = {}, options?: CallOptions): Promise<Page> =>
    api.json({ ...options, method: 'GET', path: base, query: toQuery(query) });
  return {
    create: (body: CreateAction, options?: CallOptions): Promise<Action> =>
      api.json({ ...options, method: 'POST', path: base, json: body }),
    list,
    // v5 1: count and marker stand at the top level here.
    listAll: (query: ActionQuery = {}, options?: CallOptions) =>
      eachListed(
        (paged: ActionQuery) => list(paged, options),
        ({ actions, marker }) => ({ items: actions, marker }),
        query,
      ),
    get: (actionId: string, options?: CallOptions): Promise<Action> =>
      api.json({ ...options, method: 'GET', path: [...base, actionId] }),
    update: (actionId: string, body: UpdateAction, options?: CallOptions): Promise<Action> =>
      api.json({ ...options, method: 'PUT', path: [...base, actionId], json: body }),
    delete: (actionId: string, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'DELETE', path: [...base, actionId] }),
  };
}
