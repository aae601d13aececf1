import { CreateOtaModuleRequest, ListOtaModulesQuery, UpdateOtaModuleRequest } from '@muster/contract/v5';
import { asId } from '../../../domain/ids.ts';
import type { ModuleService } from '../../../services/modules.ts';
import { decodePage, encodePage } from '../page.ts';
import { v5Route, type V5Route } from '../route.ts';
import { decodeCreateModule, decodeModuleFields, decodeModuleFilter } from './decode.ts';
import { encodeModule } from './encode.ts';

/** v5 10. */
export function createModuleRoutes(modules: ModuleService): V5Route[] {
  return [
    v5Route('CreateOtaModule', {
      body: CreateOtaModuleRequest,
      handle: async ({ projectId, body }) => encodeModule(await modules.create(projectId, decodeCreateModule(body))),
    }),
    v5Route('ListOtaModules', {
      query: ListOtaModulesQuery,
      handle: async ({ projectId, query }) => {
        const page = await modules.list(decodeModuleFilter(projectId, query), decodePage(query));
        return { modules: page.items.map(encodeModule), page: encodePage(page) };
      },
    }),
    v5Route('ShowOtaModule', {
      handle: async ({ projectId, param }) => encodeModule(await modules.get(projectId, asId(param('module_id')))),
    }),
    v5Route('UpdateOtaModule', {
      body: UpdateOtaModuleRequest,
      handle: async ({ projectId, param, body }) =>
        encodeModule(await modules.update(projectId, asId(param('module_id')), decodeModuleFields(body))),
    }),
    v5Route('DeleteOtaModule', {
      handle: ({ projectId, param }) => modules.delete(projectId, asId(param('module_id'))),
    }),
  ];
}
