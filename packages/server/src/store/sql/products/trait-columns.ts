import type { ProductTraits } from '../../../domain/product.ts';
import type { ProductTraitsTable } from '../legacy-tables.ts';

export type TraitRow = Omit<ProductTraitsTable, 'app_id' | 'product_id' | 'record_id'>;

export const traitsOfRow = (row: TraitRow): ProductTraits => ({
  deviceType: row.device_type,
  model: row.model,
  manufacturerName: row.manufacturer_name ?? undefined,
  manufacturerId: row.manufacturer_id ?? undefined,
  protocolType: row.protocol_type,
});

const columns = {
  deviceType: 'product_traits.device_type',
  model: 'product_traits.model',
  manufacturerName: 'product_traits.manufacturer_name',
  manufacturerId: 'product_traits.manufacturer_id',
  protocolType: 'product_traits.protocol_type',
} as const satisfies Readonly<Record<keyof ProductTraits, string>>;

/** The traits that are asked for, by their columns. */
export function traitColumns(
  traits: Partial<ProductTraits>,
): readonly (readonly [(typeof columns)[keyof ProductTraits], string])[] {
  return (Object.keys(columns) as (keyof ProductTraits)[]).flatMap((name) => {
    const value = traits[name];
    return value === undefined ? [] : [[columns[name], value] as const];
  });
}
