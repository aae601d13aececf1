import type {
  CreateProductRequest,
  ListProductsQuery,
  ListProductsResponse,
  Product,
  ProductQuery,
  UpdateProductRequest,
} from '@muster/contract/v5';
import type { ReadonlyDeep } from '../readonly-deep.ts';
import type { CallOptions } from '../transport.ts';
import { eachListed, type ProjectApi, toQuery } from './project-api.ts';

/** Products with their service capabilities (v5 5). */
export function createProducts(api: ProjectApi) {
  const one = (productId: string): string[] => ['products', productId];
  const list = (query: ListProductsQuery = {}, options?: CallOptions): Promise<ListProductsResponse> =>
    api.json({ ...options, method: 'GET', path: ['products'], query: toQuery(query) });
  return {
    create: (body: ReadonlyDeep<CreateProductRequest>, options?: CallOptions): Promise<Product> =>
      api.json({ ...options, method: 'POST', path: ['products'], json: body }),
    list,
    listAll: (query: ListProductsQuery = {}, options?: CallOptions) =>
      eachListed(
        (paged: ListProductsQuery) => list(paged, options),
        ({ products, page }) => ({ items: products, marker: page.marker }),
        query,
      ),
    get: (productId: string, query?: ProductQuery, options?: CallOptions): Promise<Product> =>
      api.json({ ...options, method: 'GET', path: one(productId), query: toQuery(query) }),
    update: (productId: string, body: ReadonlyDeep<UpdateProductRequest>, options?: CallOptions): Promise<Product> =>
      api.json({ ...options, method: 'PUT', path: one(productId), json: body }),
    delete: (productId: string, query?: ProductQuery, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'DELETE', path: one(productId), query: toQuery(query) }),
  };
}
