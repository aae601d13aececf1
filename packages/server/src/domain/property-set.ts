import { commandBytesMax } from './command.ts';
import type { JsonObject } from './json.ts';
import { Problem } from './problem.ts';
import type { ProductModel } from './product.ts';

/** Values that a device is to take, by service (v5 9, Properties). */
export interface ServiceValues {
  readonly serviceId: string;
  readonly properties: JsonObject;
}

/** Problems: contentTooLarge, propertyNotWritable. */
export function checkPropertySet(model: ProductModel | undefined, services: readonly ServiceValues[]): void {
  if (Buffer.byteLength(JSON.stringify(services)) > commandBytesMax) {
    throw new Problem('contentTooLarge', { field: 'services' });
  }
  for (const [index, { serviceId, properties }] of services.entries()) {
    const field = `services[${index}]`;
    const service = model?.capabilities.find((capability) => capability.service_id === serviceId);
    if (service === undefined) throw new Problem('propertyNotWritable', { field: `${field}.service_id` });
    for (const name of Object.keys(properties)) {
      const property = service.properties?.find(({ property_name: known }) => known === name);
      if (property?.method.includes('W') !== true) {
        throw new Problem('propertyNotWritable', { field: `${field}.properties.${name}` });
      }
    }
  }
}

/** A model that knows services, but not this one. Problems: propertyNotWritable. */
export function checkPropertyGet(model: ProductModel | undefined, serviceId: string): void {
  const known = model?.capabilities ?? [];
  if (known.length > 0 && !known.some((capability) => capability.service_id === serviceId)) {
    throw new Problem('propertyNotWritable', { field: 'service_id' });
  }
}
