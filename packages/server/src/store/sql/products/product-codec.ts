import type { Insertable, Selectable } from 'kysely';
import { type AppId, asId, type ProductId, type ProjectId, type RecordId } from '../../../domain/ids.ts';
import type { NewProduct, Product, ProductFields } from '../../../domain/product.ts';
import type { ProductsTable } from '../tables.ts';

export type ProductRow = Selectable<ProductsTable> & { app_name: string };

/** What PUT may change, without the name, which has a column of its own (it is searched). */
export type StoredFields = Omit<ProductFields, 'name'>;

/** Written by this file alone, from what services have checked. */
export const fieldsOf = (text: string): StoredFields => JSON.parse(text) as StoredFields;

export function productOf(row: ProductRow): Product {
  return {
    ...fieldsOf(row.fields),
    recordId: asId<RecordId>(row.record_id),
    projectId: asId<ProjectId>(row.project_id),
    appId: asId<AppId>(row.app_id),
    appName: row.app_name,
    productId: asId<ProductId>(row.product_id),
    name: row.name,
    createdAt: row.created_at,
  };
}

export function rowOfProduct(product: NewProduct): Insertable<ProductsTable> {
  const { recordId, projectId, appId, productId, createdAt, name, ...fields } = product;
  return {
    record_id: recordId,
    project_id: projectId,
    app_id: appId,
    product_id: productId,
    name,
    fields: JSON.stringify(fields),
    created_at: createdAt,
  };
}
