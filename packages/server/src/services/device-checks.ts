import { extensionInfoBytesMax } from '../domain/device-cells.ts';
import type { NewDevice } from '../domain/device.ts';
import type { JsonObject } from '../domain/json.ts';
import { Problem, invalid } from '../domain/problem.ts';
import { isWritable } from '../domain/shadow.ts';
import { checkShadowKeys } from '../domain/shadow-request.ts';
import type { ProductStore } from '../ports/store/catalogue-stores.ts';
import type { DeviceFilter } from '../ports/store/device-store.ts';

/** Initial desired values of one service. */
export interface InitialDesired {
  readonly serviceId: string;
  readonly values: JsonObject;
}

export function checkExtensionInfo(extensionInfo: JsonObject | undefined): void {
  if (extensionInfo === undefined) return;
  if (Buffer.byteLength(JSON.stringify(extensionInfo)) > extensionInfoBytesMax) {
    throw invalid('extensionInfo', `must have at most ${extensionInfoBytesMax} bytes as JSON`);
  }
}

/** v5 6: a wrong order of the two times is 000010. */
export function checkTimeRange({ createdFrom, createdTo }: Pick<DeviceFilter, 'createdFrom' | 'createdTo'>): void {
  if (createdFrom !== undefined && createdTo !== undefined && createdFrom >= createdTo) throw new Problem('timeRange');
}

/** By service, as they are stored. Nulls count as absent (v5 1, Keys); a key cannot be a path of the shadow (v5 9). */
export function desiredByService(desired: readonly InitialDesired[]): NewDevice['desired'] {
  const byService = new Map<string, JsonObject>();
  for (const [index, { serviceId, values }] of desired.entries()) {
    if (byService.has(serviceId)) throw invalid(`desired[${index}].serviceId`, 'is already the id of another entry');
    checkShadowKeys(values, `desired[${index}].values`);
    byService.set(serviceId, withoutNulls(values));
  }
  return Object.fromEntries(byService);
}

/** v5 6, `shadow`: what a later write of the shadow could not say is refused here, too (013002). The store misses the product that is not there. */
export async function checkInitialShadow(
  products: Pick<ProductStore, 'find'>,
  { projectId, productId, appId, desired }: Pick<NewDevice, 'projectId' | 'productId' | 'appId' | 'desired'>,
): Promise<void> {
  const writes = Object.entries(desired).map(([serviceId, values]) => ({ serviceId, desired: values }));
  if (writes.length === 0) return;
  const product = await products.find(projectId, productId, appId);
  if (product !== undefined && !isWritable(product, writes)) throw new Problem('propertyNotWritable');
}

function withoutNulls(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
