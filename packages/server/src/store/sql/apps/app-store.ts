import type { App } from '../../../domain/app.ts';
import type { AppId, ProjectId } from '../../../domain/ids.ts';
import { Problem } from '../../../domain/problem.ts';
import type { AppStore } from '../../../ports/store/catalogue-stores.ts';
import { flagOf } from '../columns.ts';
import { lockProject } from '../locks.ts';
import { all, change, first, type Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import { changeUnique } from '../unique.ts';
import { isUnfinished } from '../unfinished.ts';
import { appOf, rowOfApp } from './app-codec.ts';

const nameTaken = {
  key: { table: 'apps', columns: ['project_id', 'name'] },
  problem: () => new Problem('appNameTaken'),
};

export function createAppStore({ read, write }: Runner, ctx: SqlContext): AppStore {
  return {
    insert: (app, appsMax) => write(() => insertApp(ctx, app, appsMax)),
    find: (projectId, appId) => read(() => findApp(ctx, projectId, appId)),
    findDefault: (projectId) => read(() => findDefault(ctx, projectId)),
    list: (projectId, isDefault) => read(() => listApps(ctx, projectId, isDefault)),
    rename: (projectId, appId, name) => write(() => renameApp(ctx, { projectId, appId, name })),
    delete: (projectId, appId) => write(() => deleteApp(ctx, projectId, appId)),
  };
}

function* insertApp(ctx: SqlContext, app: App, appsMax: number): Program<void> {
  yield* lockProject(ctx, app.projectId);
  const taken = yield* first(
    ctx.db
      .selectFrom('apps')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('project_id', '=', app.projectId),
  );
  if (taken !== undefined && taken.count >= appsMax) throw new Problem('appLimit');
  yield* changeUnique(ctx, ctx.db.insertInto('apps').values(rowOfApp(app)), [nameTaken]);
}

function* findApp(ctx: SqlContext, projectId: ProjectId, appId: AppId): Program<App | undefined> {
  const row = yield* first(
    ctx.db.selectFrom('apps').selectAll().where('app_id', '=', appId).where('project_id', '=', projectId),
  );
  return row && appOf(row);
}

/** Applications are always 403 001000, whoever names them (v5 1, References). */
export function* getApp(ctx: SqlContext, projectId: ProjectId, appId: AppId): Program<App> {
  const app = yield* findApp(ctx, projectId, appId);
  if (app === undefined) throw new Problem('appNotFound');
  return app;
}

function* findDefault(ctx: SqlContext, projectId: ProjectId): Program<App | undefined> {
  const [app] = yield* listApps(ctx, projectId, true);
  return app;
}

function* listApps(ctx: SqlContext, projectId: ProjectId, isDefault?: boolean): Program<readonly App[]> {
  let query = ctx.db.selectFrom('apps').selectAll().where('project_id', '=', projectId);
  if (isDefault !== undefined) query = query.where('is_default', '=', flagOf(isDefault));
  const rows = yield* all(query.orderBy('record_id', 'desc'));
  return rows.map(appOf);
}

function* renameApp(
  ctx: SqlContext,
  { projectId, appId, name }: Pick<App, 'projectId' | 'appId' | 'name'>,
): Program<App> {
  const renaming = ctx.db
    .updateTable('apps')
    .set({ name })
    .where('app_id', '=', appId)
    .where('project_id', '=', projectId);
  yield* changeUnique(ctx, renaming, [nameTaken]);
  return yield* getApp(ctx, projectId, appId);
}

/** v5 4: not the default one, and not one that owns anything. Devices need no look: they have products. */
function* deleteApp(ctx: SqlContext, projectId: ProjectId, appId: AppId): Program<void> {
  const { db } = ctx;
  const app = yield* getApp(ctx, projectId, appId);
  const owned = yield* all(
    db
      .selectFrom('products')
      .select('app_id')
      .where('app_id', '=', appId)
      .union(db.selectFrom('device_groups').select('app_id').where('app_id', '=', appId))
      .union(db.selectFrom('packages').select('app_id').where('app_id', '=', appId))
      .union(
        db
          .selectFrom('tasks')
          .select('app_id')
          .where('project_id', '=', projectId)
          .where('app_id', '=', appId)
          .where(isUnfinished),
      ),
  );
  if (app.isDefault || owned.length > 0) throw new Problem('appInUse');
  yield* change(db.deleteFrom('apps').where('app_id', '=', appId).where('project_id', '=', projectId));
}
