import { extensionInfoBytesMax } from '../domain/device-cells.ts';
import { type NewDevice, shadowLimits } from '../domain/device.ts';
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

/** v5 6, `shadow`: as a later write of the shadow is judged (013002, 014134). The store says where there is no such product. */
export async function checkInitialShadow(
  products: Pick<ProductStore, 'find'>,
  { projectId, productId, appId, desired }: Pick<NewDevice, 'projectId' | 'productId' | 'appId' | 'desired'>,
): Promise<void> {
  const writes = Object.entries(desired).map(([serviceId, values]) => ({ serviceId, desired: values }));
  if (writes.length === 0) return;
  const isTooLarge = (values: JsonObject): boolean =>
    Buffer.byteLength(JSON.stringify(values)) > shadowLimits.serviceBytes;
  if (Object.values(desired).some(isTooLarge)) throw new Problem('contentTooLarge', { field: 'desired' });
  const product = await products.find(projectId, productId, appId);
  if (product !== undefined && !isWritable(product, writes)) throw new Problem('propertyNotWritable');
}

function withoutNulls(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
