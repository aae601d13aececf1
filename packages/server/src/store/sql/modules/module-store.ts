import type { ModuleId, ProjectId } from '../../../domain/ids.ts';
import type { NewOtaModule, OtaModule, OtaModuleFields } from '../../../domain/ota-module.ts';
import type { NewPackage } from '../../../domain/package.ts';
import type { Page, PageRequest } from '../../../domain/paging.ts';
import { Problem } from '../../../domain/problem.ts';
import type { ModuleStore } from '../../../ports/store/catalogue-stores.ts';
import { locked } from '../locks.ts';
import { selectPage } from '../page.ts';
import { change, first, type Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import { changeUnique } from '../unique.ts';
import { moduleOf, rowOfModule } from './module-codec.ts';

const nameTaken = {
  key: { table: 'ota_modules', columns: ['app_id', 'product_id', 'name'] },
  problem: () => new Problem('moduleNameTaken'),
};

export function createModuleStore({ read, write }: Runner, ctx: SqlContext): ModuleStore {
  return {
    insert: (module, modulesMax) => write(() => insertModule(ctx, module, modulesMax)),
    find: (projectId, moduleId) => read(() => findModule(ctx, projectId, moduleId)),
    list: (filter, page) => read(() => listModules(ctx, filter, page)),
    update: (projectId, moduleId, changes) => write(() => updateModule(ctx, { projectId, moduleId, changes })),
    delete: (projectId, moduleId) => write(() => deleteModule(ctx, projectId, moduleId)),
  };
}

/** The product's row is held meanwhile: its modules are counted one insertion after the other, and it does not go. */
function* insertModule(ctx: SqlContext, module: NewOtaModule, modulesMax: number): Program<OtaModule> {
  const { projectId, appId, productId } = module;
  const product = yield* first(
    locked(
      ctx,
      ctx.db
        .selectFrom('products')
        .select('name')
        .where('project_id', '=', projectId)
        .where('app_id', '=', appId)
        .where('product_id', '=', productId),
    ),
  );
  if (product === undefined) throw new Problem('productNotFound', { field: 'productId' });
  const there = ctx.db.selectFrom('ota_modules').where('app_id', '=', appId).where('product_id', '=', productId);
  const named = yield* first(there.select('name').where('name', '=', module.name));
  if (named !== undefined) throw nameTaken.problem();
  const taken = yield* first(there.select((eb) => eb.fn.countAll<number>().as('count')));
  if (taken !== undefined && taken.count >= modulesMax) throw new Problem('moduleLimit');
  yield* changeUnique(ctx, ctx.db.insertInto('ota_modules').values(rowOfModule(module)), [nameTaken]);
  return { ...module, productName: product.name };
}

const modulesWithProduct = (ctx: SqlContext, projectId: ProjectId) =>
  ctx.db
    .selectFrom('ota_modules')
    .innerJoin('products', (join) =>
      join
        .onRef('products.app_id', '=', 'ota_modules.app_id')
        .onRef('products.product_id', '=', 'ota_modules.product_id'),
    )
    .selectAll('ota_modules')
    .select('products.name as product_name')
    .where('ota_modules.project_id', '=', projectId);

const oneModule = (ctx: SqlContext, projectId: ProjectId, moduleId: ModuleId) =>
  modulesWithProduct(ctx, projectId).where('ota_modules.module_id', '=', moduleId);

function* findModule(ctx: SqlContext, projectId: ProjectId, moduleId: ModuleId): Program<OtaModule | undefined> {
  const row = yield* first(oneModule(ctx, projectId, moduleId));
  return row && moduleOf(row);
}

function* listModules(
  ctx: SqlContext,
  { projectId, appId, productId }: Parameters<ModuleStore['list']>[0],
  page: PageRequest,
): Program<Page<OtaModule>> {
  let base = modulesWithProduct(ctx, projectId).where('ota_modules.app_id', '=', appId);
  if (productId !== undefined) base = base.where('ota_modules.product_id', '=', productId);
  return yield* selectPage(base, { key: 'ota_modules.record_id', page, decode: moduleOf });
}

/** Read in order to be changed. */
function* getForChange(ctx: SqlContext, projectId: ProjectId, moduleId: ModuleId): Program<OtaModule> {
  const row = yield* first(locked(ctx, oneModule(ctx, projectId, moduleId), 'ota_modules'));
  if (row === undefined) throw new Problem('moduleNotFound');
  return moduleOf(row);
}

function* updateModule(
  ctx: SqlContext,
  { projectId, moduleId, changes }: { projectId: ProjectId; moduleId: ModuleId; changes: OtaModuleFields },
): Program<OtaModule> {
  const module = { ...(yield* getForChange(ctx, projectId, moduleId)), ...changes };
  yield* change(
    ctx.db
      .updateTable('ota_modules')
      .set({ alias_name: module.aliasName ?? null, description: module.description ?? null })
      .where('module_id', '=', moduleId)
      .where('project_id', '=', projectId),
  );
  return module;
}

/** v5 10: packages hold their module, as they hold their product. */
function* deleteModule(ctx: SqlContext, projectId: ProjectId, moduleId: ModuleId): Program<void> {
  const { appId, productId, name } = yield* getForChange(ctx, projectId, moduleId);
  const user = yield* first(
    ctx.db
      .selectFrom('packages')
      .select('package_id')
      .where('app_id', '=', appId)
      .where('product_id', '=', productId)
      .where('type', '=', 'modulePackage')
      .where('module_name', '=', name)
      .limit(1),
  );
  if (user !== undefined) throw new Problem('moduleInUse');
  yield* change(ctx.db.deleteFrom('ota_modules').where('module_id', '=', moduleId).where('project_id', '=', projectId));
}

/** The module of a package that is being made, if it is of one: it does not go meanwhile (v5 10). */
export function* holdModule(ctx: SqlContext, { appId, productId, moduleName }: NewPackage): Program<void> {
  if (moduleName === undefined) return;
  const module = yield* first(
    locked(
      ctx,
      ctx.db
        .selectFrom('ota_modules')
        .select('module_id')
        .where('app_id', '=', appId)
        .where('product_id', '=', productId)
        .where('name', '=', moduleName),
    ),
  );
  if (module === undefined) throw new Problem('moduleNotFound', { field: 'moduleName' });
}
