import { type AppId, asId, type ModuleId, type ProductId, type ProjectId, type RecordId } from '../domain/ids.ts';
import { modulesMax, type OtaModule, type OtaModuleFields } from '../domain/ota-module.ts';
import type { Page, PageRequest } from '../domain/paging.ts';
import { Problem } from '../domain/problem.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { AppStore, ModuleStore } from '../ports/store/catalogue-stores.ts';
import { requireApp } from './app-scope.ts';

export interface CreateModule {
  readonly appId: AppId;
  readonly productId: ProductId;
  readonly name: string;
  readonly fields: OtaModuleFields;
}

export interface ModuleFilter {
  readonly projectId: ProjectId;
  readonly appId: AppId;
  readonly productId?: ProductId;
}

/** OTA modules (v5 10): what module packages are for. */
export interface ModuleService {
  /** Problems: appNotFound, productNotFound, moduleNameTaken, moduleLimit. */
  create(projectId: ProjectId, command: CreateModule): Promise<OtaModule>;
  /** Problems: appNotFound. */
  list(filter: ModuleFilter, page: PageRequest): Promise<Page<OtaModule>>;
  /** Problems: moduleNotFound. */
  get(projectId: ProjectId, moduleId: ModuleId): Promise<OtaModule>;
  /** What is absent stays as it is. Problems: moduleNotFound. */
  update(projectId: ProjectId, moduleId: ModuleId, changes: OtaModuleFields): Promise<OtaModule>;
  /** Problems: moduleNotFound, moduleInUse. */
  delete(projectId: ProjectId, moduleId: ModuleId): Promise<void>;
}

export interface ModuleServiceParts {
  readonly store: { readonly apps: AppStore; readonly modules: ModuleStore };
  readonly clock: Clock;
  readonly random: Random;
}

export function createModuleService({ store, clock, random }: ModuleServiceParts): ModuleService {
  return {
    create: async (projectId, { appId, productId, name, fields }) => {
      await requireApp(store.apps, projectId, appId);
      const moduleId = asId<ModuleId>(random.orderedId());
      const identity = { recordId: asId<RecordId>(moduleId), moduleId, projectId, appId, productId };
      return store.modules.insert({ ...fields, ...identity, name, createdAt: clock.now() }, modulesMax);
    },
    list: async (filter, page) => {
      await requireApp(store.apps, filter.projectId, filter.appId);
      return store.modules.list(filter, page);
    },
    get: async (projectId, moduleId) => {
      const module = await store.modules.find(projectId, moduleId);
      if (module === undefined) throw new Problem('moduleNotFound');
      return module;
    },
    update: (projectId, moduleId, changes) => store.modules.update(projectId, moduleId, changes),
    delete: (projectId, moduleId) => store.modules.delete(projectId, moduleId),
  };
}
