import type { JsonObject } from '../json.ts';
import type { Product } from '../product.ts';
import { shownProduct } from '../shown-product.ts';

/** `product:create` and `product:update` (v5 15.5). */
export const productNotice = (product: Product): JsonObject => ({
  body: shownProduct(product) as unknown as JsonObject,
});

/** `product:delete`. */
export const deletedProductNotice = ({ appId, productId, name }: Product): JsonObject => ({
  body: { app_id: appId, product_id: productId, name },
});
