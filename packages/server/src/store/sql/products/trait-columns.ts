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
  deviceType: 'device_type',
  model: 'model',
  manufacturerName: 'manufacturer_name',
  manufacturerId: 'manufacturer_id',
  protocolType: 'protocol_type',
} as const satisfies Readonly<Record<keyof ProductTraits, keyof TraitRow>>;

/** The traits that are asked for, by their columns. */
export function traitColumns(traits: Partial<ProductTraits>): readonly (readonly [keyof TraitRow, string])[] {
  return (Object.keys(columns) as (keyof ProductTraits)[]).flatMap((name) => {
    const value = traits[name];
    return value === undefined ? [] : [[columns[name], value] as const];
  });
}
