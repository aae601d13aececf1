import type { Product as WireProduct, ProductSummary } from '@muster/contract/v5';
import type { Product } from '../../../domain/product.ts';
import { productSummary, shownProduct } from '../../../domain/shown-product.ts';

// The protocol and the services are stored as the schema let them in.

export const encodeProductSummary = (product: Product): ProductSummary => productSummary(product) as ProductSummary;

export const encodeProduct = (product: Product): WireProduct => shownProduct(product) as unknown as WireProduct;
