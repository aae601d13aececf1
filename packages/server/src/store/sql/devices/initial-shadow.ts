import type { NewDevice } from '../../../domain/device.ts';
import type { Json, JsonObject } from '../../../domain/json.ts';
import type { ProductModel } from '../../../domain/product.ts';

/** v5 6, `shadow`: the product's default values, with what the caller gave on top. Services without either have no entry. */
export function initialShadow(model: ProductModel, desired: NewDevice['desired']): ReadonlyMap<string, JsonObject> {
  const shadow = new Map<string, JsonObject>();
  for (const { service_id, properties } of model.capabilities) {
    const defaults: Record<string, Json> = {};
    for (const { property_name, default_value } of properties ?? []) {
      if (default_value !== undefined) defaults[property_name] = default_value;
    }
    if (Object.keys(defaults).length > 0) shadow.set(service_id, defaults);
  }
  for (const [serviceId, values] of Object.entries(desired)) {
    shadow.set(serviceId, { ...shadow.get(serviceId), ...values });
  }
  return shadow;
}
