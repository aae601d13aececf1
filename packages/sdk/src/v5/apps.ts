import type {
  AddApplicationRequest,
  Application,
  ListApplicationsQuery,
  ListApplicationsResponse,
  RenewLegacySecretResponse,
  UpdateApplicationRequest,
} from '@muster/contract/v5';
import type { CallOptions } from '../transport.ts';
import { type ProjectApi, toQuery } from './project-api.ts';

/** Applications, also called resource spaces (v5 4). */
export function createApps(api: ProjectApi) {
  const one = (appId: string): string[] => ['apps', appId];
  const grant = (owner: string, caller: string): string[] => [...one(owner), 'legacy-grants', caller];
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
    /** Extension. Without `secret` one is drawn; the answer is the only place that shows it. */
    renewLegacySecret: (appId: string, secret?: string, options?: CallOptions): Promise<RenewLegacySecretResponse> =>
      api.json({
        ...options,
        method: 'POST',
        path: [...one(appId), 'legacy-secret'],
        json: secret === undefined ? {} : { secret },
      }),
    /** Extension. Its legacy tokens end, too. */
    revokeLegacySecret: (appId: string, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'DELETE', path: [...one(appId), 'legacy-secret'] }),
    /** Extension: the caller may name the owner in calls of the legacy API. */
    grantLegacyAccess: (ownerAppId: string, callerAppId: string, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'PUT', path: grant(ownerAppId, callerAppId) }),
    withdrawLegacyAccess: (ownerAppId: string, callerAppId: string, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'DELETE', path: grant(ownerAppId, callerAppId) }),
  };
}
