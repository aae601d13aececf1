import type { App } from '../domain/app.ts';
import { type AppId, asId, type ProjectId, type RecordId } from '../domain/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { AppStore } from '../ports/store/catalogue-stores.ts';
import { requireApp } from './app-scope.ts';

/** Applications, also called resource spaces (v5 4). */
export interface AppService {
  /** Problems: appNameTaken, appLimit. */
  create(projectId: ProjectId, name: string): Promise<App>;
  list(projectId: ProjectId, filter?: { readonly isDefault?: boolean }): Promise<readonly App[]>;
  /** Problems: appNotFound. */
  get(projectId: ProjectId, appId: AppId): Promise<App>;
  /** Without a name nothing changes. Problems: appNotFound, appNameTaken. */
  rename(projectId: ProjectId, appId: AppId, name: string | undefined): Promise<App>;
  /** Problems: appNotFound, appInUse. */
  delete(projectId: ProjectId, appId: AppId): Promise<void>;
}

export interface AppServiceParts {
  readonly store: { readonly apps: AppStore };
  readonly clock: Clock;
  readonly random: Random;
  /** Per project (MUSTER_APPS_MAX). */
  readonly appsMax: number;
}

export function createAppService({ store, clock, random, appsMax }: AppServiceParts): AppService {
  return {
    create: async (projectId, name) => {
      const app = { ...newAppIds(random), projectId, name, isDefault: false, createdAt: clock.now() };
      await store.apps.insert(app, appsMax);
      return app;
    },
    list: (projectId, filter = {}) => store.apps.list(projectId, filter.isDefault),
    get: (projectId, appId) => requireApp(store.apps, projectId, appId),
    rename: (projectId, appId, name) =>
      name === undefined ? requireApp(store.apps, projectId, appId) : store.apps.rename(projectId, appId, name),
    delete: (projectId, appId) => store.apps.delete(projectId, appId),
  };
}

/** v5 1, Ids: 32 hex. */
function newAppIds(random: Random): Pick<App, 'recordId' | 'appId'> {
  const hex = Buffer.from(random.bytes(16)).toString('hex');
  return { recordId: asId<RecordId>(random.orderedId()), appId: asId<AppId>(hex) };
}
