import { Type } from 'typebox';
import type { Static } from 'typebox';
import { PageInfo, id, pagingQuery, shown, string, tag, ver } from './primitives.ts';

// v5 10. A module is of one product; its name is fixed.
const changeable = {
  alias_name: Type.Optional(tag(64, 'Name for people.')),
  description: Type.Optional(string(1024, 'What the module is.')),
};

export const CreateOtaModuleRequest = Type.Object({
  app_id: id(36, 'Owner.'),
  product_id: id(36, 'Product the module is part of.'),
  module_name: ver(64, 'Name, unique in the product; cannot be changed.'),
  ...changeable,
});
export type CreateOtaModuleRequest = Static<typeof CreateOtaModuleRequest>;

/** PUT: what is absent stays as it is. */
export const UpdateOtaModuleRequest = Type.Object(changeable);
export type UpdateOtaModuleRequest = Static<typeof UpdateOtaModuleRequest>;

export const ListOtaModulesQuery = Type.Object({
  app_id: id(36, 'Only modules of this application.'),
  product_id: Type.Optional(id(36, 'Only modules of this product.', 0)),
  ...pagingQuery,
});
export type ListOtaModulesQuery = Static<typeof ListOtaModulesQuery>;

export const OtaModule = Type.Object({
  module_id: shown('Module id, 24 hex.'),
  app_id: shown('Owner.'),
  product_id: shown('Product the module is part of.'),
  product_name: shown("Product's name."),
  module_name: shown('Name.'),
  alias_name: Type.Optional(shown('Name for people.')),
  description: Type.Optional(shown('What the module is.')),
  create_time: shown("Creation time, yyyyMMdd'T'HHmmss'Z'."),
});
export type OtaModule = Static<typeof OtaModule>;

export const ListOtaModulesResponse = Type.Object({
  modules: Type.Array(OtaModule, { description: 'This page.' }),
  page: PageInfo,
});
export type ListOtaModulesResponse = Static<typeof ListOtaModulesResponse>;
