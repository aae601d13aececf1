import type { CallOptions } from '../transport.ts';
import { type ProjectApi, toQuery } from './project-api.ts';
import type { App } from './wire.ts';

/** Applications, also called resource spaces (v5 4). */
export function createApps(api: ProjectApi) {
  const one = (appId: string): string[] => ['apps', appId];
  return {
    create: (body: { readonly app_name: string }, options?: CallOptions): Promise<App> =>
      api.json({ ...options, method: 'POST', path: ['apps'], json: body }),
    /** All at once: this list has no paging. */
    list: (query?: { readonly default_app?: boolean }, options?: CallOptions): Promise<{ applications: App[] }> =>
      api.json({ ...options, method: 'GET', path: ['apps'], query: toQuery(query) }),
    get: (appId: string, options?: CallOptions): Promise<App> =>
      api.json({ ...options, method: 'GET', path: one(appId) }),
    update: (appId: string, body: { readonly app_name?: string }, options?: CallOptions): Promise<App> =>
      api.json({ ...options, method: 'PUT', path: one(appId), json: body }),
    delete: (appId: string, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'DELETE', path: one(appId) }),
  };
}
