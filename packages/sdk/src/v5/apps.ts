import type {
  AddApplicationRequest,
  Application,
  ListApplicationsQuery,
  ListApplicationsResponse,
  UpdateApplicationRequest,
} from '@muster/contract/v5';
import type { CallOptions } from '../transport.ts';
import { type ProjectApi, toQuery } from './project-api.ts';

/** Applications, also called resource spaces (v5 4). */
export function createApps(api: ProjectApi) {
  const one = (appId: string): string[] => ['apps', appId];
  return {
    create: (body: AddApplicationRequest, options?: CallOptions): Promise<Application> =>
      api.json({ ...options, method: 'POST', path: ['apps'], json: body }),
    /** All at once: this list has no paging. */
    list: (query?: ListApplicationsQuery, options?: CallOptions): Promise<ListApplicationsResponse> =>
      api.json({ ...options, method: 'GET', path: ['apps'], query: toQuery(query) }),
    get: (appId: string, options?: CallOptions): Promise<Application> =>
      api.json({ ...options, method: 'GET', path: one(appId) }),
    update: (appId: string, body: UpdateApplicationRequest, options?: CallOptions): Promise<Application> =>
      api.json({ ...options, method: 'PUT', path: one(appId), json: body }),
    delete: (appId: string, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'DELETE', path: one(appId) }),
  };
}
