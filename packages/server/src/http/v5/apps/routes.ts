import { AddApplicationRequest, ListApplicationsQuery, UpdateApplicationRequest } from '@muster/contract/v5';
import { type AppId, asId } from '../../../domain/ids.ts';
import type { AppService } from '../../../services/apps.ts';
import { present } from '../../../domain/present.ts';
import { v5Route, type V5Route } from '../route.ts';
import { encodeApp } from './encode.ts';

/** v5 4. */
export function createAppRoutes(apps: AppService): V5Route[] {
  return [
    v5Route('AddApplication', {
      body: AddApplicationRequest,
      handle: async ({ projectId, body }) => encodeApp(await apps.create(projectId, body.app_name)),
    }),
    v5Route('ListApplications', {
      query: ListApplicationsQuery,
      handle: async ({ projectId, query }) => {
        const found = await apps.list(projectId, present({ isDefault: query.default_app }));
        return { applications: found.map(encodeApp) };
      },
    }),
    v5Route('ShowApplication', {
      handle: async ({ projectId, param }) => encodeApp(await apps.get(projectId, asId<AppId>(param('app_id')))),
    }),
    v5Route('UpdateApplication', {
      body: UpdateApplicationRequest,
      handle: async ({ projectId, param, body }) =>
        encodeApp(await apps.rename(projectId, asId<AppId>(param('app_id')), body.app_name)),
    }),
    v5Route('DeleteApplication', {
      handle: ({ projectId, param }) => apps.delete(projectId, asId<AppId>(param('app_id'))),
    }),
  ];
}
