import type { NewDevice } from '../../../domain/device.ts';
import type { DeviceId } from '../../../domain/ids.ts';
import type { Json, JsonObject } from '../../../domain/json.ts';
import type { ProductModel } from '../../../domain/product.ts';
import { insertRows } from '../insert-rows.ts';
import type { Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';

/** v5 6, `shadow`: the product's default values, with what the caller gave on top. Services without either have no entry. */
function initialShadow(model: ProductModel, desired: NewDevice['desired']): ReadonlyMap<string, JsonObject> {
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

const columns = {
  device_id: 'text',
  service_id: 'text',
  desired: 'text',
  desired_at: 'int',
  reported: 'text',
  version: 'int',
} as const;

interface ShadowOwner extends Pick<NewDevice, 'desired'> {
  readonly deviceId: DeviceId;
  readonly product: ProductModel;
  readonly at: number;
}

/**
 * device 6.4: the version counts from 0; what a device is born with is not a write. Services that are in the shadow of a device already, as
 * it comes from another product, stay as they are.
 */
export function* insertInitialShadows(ctx: SqlContext, owners: readonly ShadowOwner[]): Program<void> {
  const rows = owners.flatMap(({ deviceId, product, desired, at }) =>
    [...initialShadow(product, desired)].map(([serviceId, values]) => [
      ...[deviceId, serviceId, JSON.stringify(values), at],
      ...['{}', 0],
    ]),
  );
  const tail = 'ON CONFLICT (device_id, service_id) DO NOTHING';
  yield* insertRows(ctx, { into: 'device_shadows', columns, rows, tail });
}
