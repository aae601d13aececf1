import { CreateProductRequest, ListProductsQuery, ProductQuery, UpdateProductRequest } from '@muster/contract/v5';
import type { ProductService } from '../../../services/products.ts';
import { withFieldNames } from '../field-names.ts';
import { decodePage, encodePage } from '../page.ts';
import { v5Route, type V5Route } from '../route.ts';
import {
  decodeCreateProduct,
  decodeProductChanges,
  decodeProductFilter,
  decodeProductPlace,
  productFieldNames,
} from './decode.ts';
import { encodeProduct, encodeProductSummary } from './encode.ts';

/** v5 5. */
export function createProductRoutes(products: ProductService): V5Route[] {
  return withFieldNames(productFieldNames, [
    v5Route('CreateProduct', {
      body: CreateProductRequest,
      handle: async ({ projectId, body }) => encodeProduct(await products.create(projectId, decodeCreateProduct(body))),
    }),
    v5Route('ListProducts', {
      query: ListProductsQuery,
      handle: async ({ projectId, query }) => {
        const page = await products.list(decodeProductFilter(projectId, query), decodePage(query));
        return { products: page.items.map(encodeProductSummary), page: encodePage(page) };
      },
    }),
    v5Route('ShowProduct', {
      query: ProductQuery,
      handle: async ({ projectId, param, query }) =>
        encodeProduct(await products.get(decodeProductPlace(projectId, param('product_id'), query.app_id))),
    }),
    v5Route('UpdateProduct', {
      body: UpdateProductRequest,
      handle: async ({ projectId, param, body }) => {
        const place = decodeProductPlace(projectId, param('product_id'), body.app_id);
        return encodeProduct(await products.update(place, decodeProductChanges(body)));
      },
    }),
    v5Route('DeleteProduct', {
      query: ProductQuery,
      handle: ({ projectId, param, query }) =>
        products.delete(decodeProductPlace(projectId, param('product_id'), query.app_id)),
    }),
  ]);
}
