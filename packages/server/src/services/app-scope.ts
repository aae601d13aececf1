import type { App } from '../domain/app.ts';
import type { AppId, ProjectId } from '../domain/ids.ts';
import { Problem } from '../domain/problem.ts';
import type { AppStore } from '../ports/store/catalogue-stores.ts';

/** The application that a new object belongs to; without an id the default one (v5 1, `app_id`). Problems: appNotFound. */
export async function owningApp(apps: AppStore, projectId: ProjectId, appId: AppId | undefined): Promise<App> {
  if (appId !== undefined) return requireApp(apps, projectId, appId);
  const app = await apps.findDefault(projectId);
  if (app === undefined) throw new Error(`The project ${projectId} has no default application.`);
  return app;
}

/** v5 1, References: an unknown application is 403 001000 wherever it is named, in a list's filter too. */
export async function requireApp(apps: AppStore, projectId: ProjectId, appId: AppId): Promise<App> {
  const app = await apps.find(projectId, appId);
  if (app === undefined) throw new Problem('appNotFound');
  return app;
}

/** As `requireApp` where the filter names one; without an application a list has all of them. */
export async function checkAppFilter(apps: AppStore, projectId: ProjectId, appId: AppId | undefined): Promise<void> {
  if (appId !== undefined) await requireApp(apps, projectId, appId);
}
