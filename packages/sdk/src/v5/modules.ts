import type {
  CreateOtaModuleRequest,
  ListOtaModulesQuery,
  ListOtaModulesResponse,
  OtaModule,
  UpdateOtaModuleRequest,
} from '@muster/contract/v5';
import type { CallOptions } from '../transport.ts';
import { eachListed, type ProjectApi, toQuery } from './project-api.ts';

/** OTA modules, which module packages are for (v5 10). */
export function createModules(api: ProjectApi) {
  const base = ['ota-upgrades', 'modules'];
  const one = (moduleId: string): string[] => [...base, moduleId];
  const list = (query: ListOtaModulesQuery, options?: CallOptions): Promise<ListOtaModulesResponse> =>
    api.json({ ...options, method: 'GET', path: base, query: toQuery(query) });
  return {
    create: (body: CreateOtaModuleRequest, options?: CallOptions): Promise<OtaModule> =>
      api.json({ ...options, method: 'POST', path: base, json: body }),
    list,
    listAll: (query: ListOtaModulesQuery, options?: CallOptions) =>
      eachListed(
        (paged: ListOtaModulesQuery) => list(paged, options),
        ({ modules, page }) => ({ items: modules, marker: page.marker }),
        query,
      ),
    get: (moduleId: string, options?: CallOptions): Promise<OtaModule> =>
      api.json({ ...options, method: 'GET', path: one(moduleId) }),
    update: (moduleId: string, body: UpdateOtaModuleRequest, options?: CallOptions): Promise<OtaModule> =>
      api.json({ ...options, method: 'PUT', path: one(moduleId), json: body }),
    delete: (moduleId: string, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'DELETE', path: one(moduleId) }),
  };
}
