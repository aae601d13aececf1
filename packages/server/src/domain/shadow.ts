import { isSameJson, type Json, type JsonObject } from './json.ts';
import type { ProductModel, ServiceProperty } from './product.ts';

/** One write of desired values (v5 9). */
export interface DesiredWrite {
  readonly serviceId: string;
  /** `{}` clears all, a null value clears its key; one level. */
  readonly desired: JsonObject;
  /** Must equal the stored one; absent: any is right. */
  readonly version?: number;
}

/** What one service of a shadow says about the device's properties. */
export interface ShadowSides {
  readonly serviceId: string;
  readonly desired: JsonObject;
  readonly reported: JsonObject;
}

/** Properties of one service that the device is asked to take over. */
export interface ServiceDelta {
  readonly serviceId: string;
  readonly properties: JsonObject;
}

/** The stored desired values once the write is in them. */
export function desiredAfter(stored: JsonObject, { desired }: Pick<DesiredWrite, 'desired'>): JsonObject {
  const written = Object.entries(desired);
  if (written.length === 0) return {};
  const after = new Map<string, Json>(Object.entries(stored));
  for (const [name, value] of written) {
    if (value === null) after.delete(name);
    else after.set(name, value);
  }
  return Object.fromEntries(after);
}

/**
 * 013002: a value is for a property that the model does not have, or that devices do not let themselves be told. What only clears is always
 * right: a model that was changed must not keep old values in the shadow.
 */
export function isWritable(model: ProductModel, writes: readonly DesiredWrite[]): boolean {
  return writes.every(({ serviceId, desired }) => {
    const names = Object.keys(desired).filter((name) => desired[name] !== null);
    if (names.length === 0) return true;
    const writable = writableProperties(model, serviceId);
    return names.every((name) => writable.has(name));
  });
}

/** device 6.4: writable properties whose desired value differs from the reported one; undefined: none. */
export function deltaOf(model: ProductModel, { serviceId, desired, reported }: ShadowSides): ServiceDelta | undefined {
  const writable = writableProperties(model, serviceId);
  const differing = Object.entries(desired).filter(
    ([name, value]) => writable.has(name) && !(Object.hasOwn(reported, name) && isSameJson(value, reported[name])),
  );
  return differing.length === 0 ? undefined : { serviceId, properties: Object.fromEntries(differing) };
}

function writableProperties(model: ProductModel, serviceId: string): ReadonlySet<string> {
  const service = model.capabilities.find((capability) => capability.service_id === serviceId);
  return new Set((service?.properties ?? []).filter(isWritableProperty).map((property) => property.property_name));
}

const isWritableProperty = ({ method }: ServiceProperty): boolean => method.includes('W');
