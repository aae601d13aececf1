import { sql } from 'kysely';
import { type AppId, asId, type ProductId, type ProjectId } from '../../../domain/ids.ts';
import type { JsonObject } from '../../../domain/json.ts';
import { deletedProductNotice, productNotice } from '../../../domain/notices/product-notices.ts';
import type { Page, PageRequest } from '../../../domain/paging.ts';
import { Problem } from '../../../domain/problem.ts';
import type { NewProduct, Product, ProductFields, ProductTraits } from '../../../domain/product.ts';
import type { ProductStore } from '../../../ports/store/catalogue-stores.ts';
import { getApp } from '../apps/app-store.ts';
import { present } from '../columns.ts';
import { listenersOf, tell } from '../events/publish.ts';
import { selectPage } from '../page.ts';
import { locked, lockProject } from '../locks.ts';
import { all, change, first, type Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import { changeUnique } from '../unique.ts';
import { fieldsOf, productOf, rowOfProduct } from './product-codec.ts';
import { traitColumns } from './trait-columns.ts';

type ProductKey = Pick<Product, 'projectId' | 'appId' | 'productId'>;

const idTaken = {
  key: { table: 'products', columns: ['app_id', 'product_id'] },
  problem: () => new Problem('productExists'),
};

export function createProductStore({ read, write }: Runner, ctx: SqlContext): ProductStore {
  return {
    insert: (product, productsMax) => write(() => insertProduct(ctx, product, productsMax)),
    find: (projectId, productId, appId) => read(() => findProduct(ctx, { projectId, productId, appId })),
    list: (filter, page) => read(() => listProducts(ctx, filter, page)),
    listByTraits: (app, traits, limit) => read(() => listByTraits(ctx, { app, traits, limit })),
    update: (product, changes) => write(() => updateProduct(ctx, product, changes)),
    delete: (product) => write(() => deleteProduct(ctx, product)),
  };
}

function* insertProduct(ctx: SqlContext, product: NewProduct, productsMax: number): Program<Product> {
  yield* lockProject(ctx, product.projectId);
  const app = yield* getApp(ctx, product.projectId, product.appId);
  const taken = yield* first(
    ctx.db
      .selectFrom('products')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('project_id', '=', product.projectId),
  );
  if (taken !== undefined && taken.count >= productsMax) throw new Problem('productLimit');
  yield* changeUnique(ctx, ctx.db.insertInto('products').values(rowOfProduct(product)), [idTaken]);
  const created = { ...product, appName: app.name };
  yield* publishProduct(ctx, 'product:create', { product: created, notice: productNotice(created) });
  return created;
}

const productsWithApp = (ctx: SqlContext, projectId: ProjectId) =>
  ctx.db
    .selectFrom('products')
    .leftJoin('apps', 'apps.app_id', 'products.app_id')
    .selectAll('products')
    .select((eb) => eb.ref('apps.name').$notNull().as('app_name'))
    .where('products.project_id', '=', projectId);

/** v5 5: without an application the default one's, else the oldest of that id. */
export function* findProduct(
  ctx: SqlContext,
  { projectId, productId, appId }: Omit<ProductKey, 'appId'> & { appId: AppId | undefined },
): Program<Product | undefined> {
  let query = productsWithApp(ctx, projectId).where('products.product_id', '=', productId);
  if (appId !== undefined) query = query.where('products.app_id', '=', appId);
  const row = yield* first(query.orderBy('apps.is_default', 'desc').orderBy('products.record_id').limit(1));
  return row && productOf(row);
}

function* listProducts(
  ctx: SqlContext,
  filter: { projectId: ProjectId; appId?: AppId; name?: string },
  page: PageRequest,
): Program<Page<Product>> {
  let base = productsWithApp(ctx, filter.projectId);
  if (filter.appId !== undefined) base = base.where('products.app_id', '=', filter.appId);
  if (filter.name !== undefined) base = base.where('products.name', '=', filter.name);
  return yield* selectPage(base, { key: 'products.record_id', page, decode: productOf });
}

interface TraitsAsked {
  readonly app: Pick<Product, 'projectId' | 'appId'>;
  readonly traits: Partial<ProductTraits>;
  readonly limit: number;
}

function* listByTraits(
  ctx: SqlContext,
  { app: { projectId, appId }, traits, limit }: TraitsAsked,
): Program<readonly ProductId[]> {
  let query = ctx.db
    .selectFrom('product_traits')
    .innerJoin('apps', 'apps.app_id', 'product_traits.app_id')
    .select('product_traits.product_id')
    .where('product_traits.app_id', '=', appId)
    .where('apps.project_id', '=', projectId);
  for (const [column, value] of traitColumns(traits)) query = query.where(column, '=', value);
  const rows = yield* all(query.orderBy('product_traits.record_id').limit(limit));
  return rows.map((row) => asId<ProductId>(row.product_id));
}

function* updateProduct(
  ctx: SqlContext,
  key: ProductKey,
  { name, ...changes }: Partial<ProductFields>,
): Program<Product> {
  const found = productsWithApp(ctx, key.projectId)
    .where('products.app_id', '=', key.appId)
    .where('products.product_id', '=', key.productId);
  const row = yield* first(locked(ctx, found, 'products'));
  if (row === undefined) throw new Problem('productNotFound');
  yield* change(
    ctx.db
      .updateTable('products')
      .set({
        name: name ?? row.name,
        fields: JSON.stringify({ ...fieldsOf(row.fields), ...changes }),
        // Who keeps a parsed model sees by it that there is a newer one.
        revision: sql<number>`revision + 1`,
      })
      .where('app_id', '=', key.appId)
      .where('product_id', '=', key.productId)
      .where('project_id', '=', key.projectId),
  );
  const product = present(yield* findProduct(ctx, key));
  yield* publishProduct(ctx, 'product:update', { product, notice: productNotice(product) });
  return product;
}

/** Packages hold the product as devices do: their files would lose their meaning with it. */
function* deleteProduct(ctx: SqlContext, { projectId, appId, productId }: ProductKey): Program<void> {
  const product = yield* findProduct(ctx, { projectId, appId, productId });
  if (product === undefined) throw new Problem('productNotFound');
  for (const table of ['devices', 'packages'] as const) {
    const user = yield* first(
      ctx.db
        .selectFrom(table)
        .select('app_id')
        .where('app_id', '=', appId)
        .where('product_id', '=', productId)
        .limit(1),
    );
    if (user !== undefined) throw new Problem('productInUse');
  }
  yield* change(
    ctx.db
      .deleteFrom('products')
      .where('app_id', '=', appId)
      .where('product_id', '=', productId)
      .where('project_id', '=', projectId),
  );
  yield* publishProduct(ctx, 'product:delete', { product, notice: deletedProductNotice(product) });
}

function* publishProduct(
  ctx: SqlContext,
  subject: 'product:create' | 'product:update' | 'product:delete',
  { product, notice }: { readonly product: Product; readonly notice: JsonObject },
): Program<void> {
  const { projectId, appId, productId: key } = product;
  const happening = { subject, projectIds: [projectId] };
  const listeners = yield* listenersOf(ctx, happening);
  const about = { kind: 'product', product } as const;
  yield* tell(ctx, happening, { listeners, occurrences: [{ projectId, appId, key, notifyData: notice, about }] });
}
