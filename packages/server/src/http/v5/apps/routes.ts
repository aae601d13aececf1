import {
  AddApplicationRequest,
  ListApplicationsQuery,
  RenewLegacySecretRequest,
  UpdateApplicationRequest,
} from '@muster/contract/v5';
import { type AppId, asId } from '../../../domain/ids.ts';
import type { AppService } from '../../../services/apps.ts';
import type { LegacyCredentials } from '../../../services/legacy-access/legacy-credentials.ts';
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

/** v5 4, Extension: what legacy clients of an application sign in with, and whose things they may use (legacy 2). */
export function createLegacyCredentialRoutes(credentials: LegacyCredentials): V5Route[] {
  const grantOf = (param: (name: string) => string) => ({
    ownerId: asId<AppId>(param('owner_app_id')),
    callerId: asId<AppId>(param('caller_app_id')),
  });
  return [
    v5Route('RenewLegacySecret', {
      body: RenewLegacySecretRequest,
      handle: async ({ projectId, param, body }) => {
        const appId = asId<AppId>(param('app_id'));
        return { app_id: appId, secret: await credentials.renewSecret(projectId, appId, body.secret) };
      },
    }),
    v5Route('RevokeLegacySecret', {
      handle: ({ projectId, param }) => credentials.revokeSecret(projectId, asId<AppId>(param('app_id'))),
    }),
    v5Route('CreateLegacyGrant', {
      handle: ({ projectId, param }) => credentials.grant(projectId, grantOf(param)),
    }),
    v5Route('DeleteLegacyGrant', {
      handle: ({ projectId, param }) => credentials.withdrawGrant(projectId, grantOf(param)),
    }),
  ];
}
