import type { AppId, ModuleId, ProductId, ProjectId, RecordId } from './ids.ts';

/** v5 10: modules of one product. */
export const modulesMax = 10;

/** What PUT may change. */
export interface OtaModuleFields {
  readonly aliasName?: string;
  readonly description?: string;
}

/** A part of a product's devices that has a version of its own (v5 10). */
export interface NewOtaModule extends OtaModuleFields {
  readonly recordId: RecordId;
  readonly moduleId: ModuleId;
  readonly projectId: ProjectId;
  readonly appId: AppId;
  readonly productId: ProductId;
  /** Fixed, unique in the product. */
  readonly name: string;
  readonly createdAt: number;
}

export interface OtaModule extends NewOtaModule {
  readonly productName: string;
}
