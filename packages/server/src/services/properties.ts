import type { DeviceId, ProjectId } from '../domain/ids.ts';
import { Problem } from '../domain/problem.ts';
import type { Product } from '../domain/product.ts';
import { checkPropertyGet, checkPropertySet, type ServiceValues } from '../domain/property-set.ts';
import type { ProductStore } from '../ports/store/catalogue-stores.ts';
import type { DeviceReach, SessionStore } from '../ports/store/device-store.ts';
import { askDevice, type DeviceAnswer, type DeviceCallParts } from './device-calls.ts';

export interface PropertyCall {
  readonly projectId: ProjectId;
  readonly deviceId: DeviceId;
  /** Aborts when the caller goes away. */
  readonly signal: AbortSignal;
}

/**
 * Properties as the device itself has them (v5 9, device 6.1): both calls wait for its answer. Problems of both: deviceNotFound,
 * propertyNotWritable, deviceOffline, commandTimeout, rateLimited, notReady.
 */
export interface PropertyService {
  get(call: PropertyCall, serviceId: string): Promise<DeviceAnswer>;
  /** Problems: contentTooLarge. */
  set(call: PropertyCall, services: readonly ServiceValues[]): Promise<DeviceAnswer>;
}

export interface PropertyServiceParts extends DeviceCallParts {
  readonly store: { readonly sessions: SessionStore; readonly products: ProductStore };
}

export function createPropertyService(parts: PropertyServiceParts): PropertyService {
  const { store } = parts;

  async function find({ projectId, deviceId }: PropertyCall): Promise<{ reach: DeviceReach; model?: Product }> {
    const reach = await store.sessions.findReach(projectId, deviceId);
    if (reach === undefined) throw new Problem('deviceNotFound');
    const model = await store.products.find(projectId, reach.productId, reach.appId);
    return { reach, ...(model === undefined ? {} : { model }) };
  }

  return {
    async get(call, serviceId) {
      const { reach, model } = await find(call);
      checkPropertyGet(model, serviceId);
      return askDevice(parts, {
        reach,
        signal: call.signal,
        contentOf: (requestId) => ({ kind: 'properties-get', requestId, serviceId }),
      });
    },
    async set(call, services) {
      const { reach, model } = await find(call);
      checkPropertySet(model, services);
      const wanted = services.map(({ serviceId, properties }) => ({ service_id: serviceId, properties }));
      return askDevice(parts, {
        reach,
        signal: call.signal,
        contentOf: (requestId) => ({ kind: 'properties-set', requestId, services: wanted, isAwaited: true }),
      });
    },
  };
}
