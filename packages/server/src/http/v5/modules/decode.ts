import type { Decoded } from '@muster/contract';
import type { CreateOtaModuleRequest, ListOtaModulesQuery, UpdateOtaModuleRequest } from '@muster/contract/v5';
import { type AppId, asId, type ProductId, type ProjectId } from '../../../domain/ids.ts';
import type { OtaModuleFields } from '../../../domain/ota-module.ts';
import type { CreateModule, ModuleFilter } from '../../../services/modules.ts';
import { present } from '../../../domain/present.ts';

export function decodeCreateModule(body: Decoded<typeof CreateOtaModuleRequest>): CreateModule {
  return {
    appId: asId<AppId>(body.app_id),
    productId: asId<ProductId>(body.product_id),
    name: body.module_name,
    fields: decodeModuleFields(body),
  };
}

export function decodeModuleFields(body: Decoded<typeof UpdateOtaModuleRequest>): OtaModuleFields {
  return present({ aliasName: body.alias_name, description: body.description });
}

export function decodeModuleFilter(projectId: ProjectId, query: Decoded<typeof ListOtaModulesQuery>): ModuleFilter {
  return present({
    projectId,
    appId: asId<AppId>(query.app_id),
    productId: query.product_id as ProductId | undefined,
  });
}
