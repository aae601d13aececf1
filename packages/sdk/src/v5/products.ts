import type { CallOptions } from '../transport.ts';
import { eachListed, type ProjectApi, toQuery } from './project-api.ts';
import type { CreateProduct, PageInfo, PageQuery, Product, ProductSummary, UpdateProduct } from './wire.ts';

/** Filters of the product list; `product_name` is exact. */
export interface ProductQuery extends PageQuery {
  readonly app_id?: string;
  readonly product_name?: string;
}

/** Products with their service capabilities (v5 5). */
export function createProducts(api: ProjectApi) {
  type Page = { products: ProductSummary[]; page: PageInfo };
  const one = (productId: string): string[] => ['products', productId];
  const list = (query: ProductQuery = {}, options?: CallOptions): Promise<Page> =>
    api.json({ ...options, method: 'GET', path: ['products'], query: toQuery(query) });
  return {
    create: (body: CreateProduct, options?: CallOptions): Promise<Product> =>
      api.json({ ...options, method: 'POST', path: ['products'], json: body }),
    list,
    listAll: (query: ProductQuery = {}, options?: CallOptions) =>
      eachListed(
        (paged: ProductQuery) => list(paged, options),
        ({ products, page }) => ({ items: products, marker: page.marker }),
        query,
      ),
    get: (productId: string, query?: { readonly app_id?: string }, options?: CallOptions): Promise<Product> =>
      api.json({ ...options, method: 'GET', path: one(productId), query: toQuery(query) }),
    update: (productId: string, body: UpdateProduct, options?: CallOptions): Promise<Product> =>
      api.json({ ...options, method: 'PUT', path: one(productId), json: body }),
    delete: (productId: string, query?: { readonly app_id?: string }, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'DELETE', path: one(productId), query: toQuery(query) }),
  };
}
