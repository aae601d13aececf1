import type { Insertable, Selectable } from 'kysely';
import { type AppId, asId, type ModuleId, type ProductId, type ProjectId, type RecordId } from '../../../domain/ids.ts';
import type { NewOtaModule, OtaModule } from '../../../domain/ota-module.ts';
import type { OtaModulesTable } from '../tables.ts';

export type ModuleRow = Selectable<OtaModulesTable> & { readonly product_name: string };

export function moduleOf(row: ModuleRow): OtaModule {
  return {
    recordId: asId<RecordId>(row.record_id),
    moduleId: asId<ModuleId>(row.module_id),
    projectId: asId<ProjectId>(row.project_id),
    appId: asId<AppId>(row.app_id),
    productId: asId<ProductId>(row.product_id),
    productName: row.product_name,
    name: row.name,
    ...(row.alias_name === null ? {} : { aliasName: row.alias_name }),
    ...(row.description === null ? {} : { description: row.description }),
    createdAt: row.created_at,
  };
}

export function rowOfModule(module: NewOtaModule): Insertable<OtaModulesTable> {
  return {
    module_id: module.moduleId,
    record_id: module.recordId,
    project_id: module.projectId,
    app_id: module.appId,
    product_id: module.productId,
    name: module.name,
    alias_name: module.aliasName ?? null,
    description: module.description ?? null,
    created_at: module.createdAt,
  };
}
