import type { App } from '../../domain/app.ts';
import type { Device } from '../../domain/device.ts';
import type { DeviceId, ProductId } from '../../domain/ids.ts';
import { shownTraits } from '../../domain/legacy-device-info.ts';
import { type Product, type ProductTraits, type ServiceCapability, traitsOf } from '../../domain/product.ts';
import type { ProductStore } from '../../ports/store/catalogue-stores.ts';
import type { DeviceStore, ShadowService } from '../../ports/store/device-store.ts';

/** A device with what legacy clients are shown of its product and its shadow. */
export interface DescribedDevice {
  readonly device: Device;
  /** Of its product; while it has none, what was said of it. */
  readonly traits: Partial<ProductTraits>;
  readonly shadow: readonly ShadowService[];
  /** Of a service that its product does not know: the id. */
  serviceTypeOf(serviceId: string): string;
}

export interface DescribeParts {
  readonly store: {
    readonly products: Pick<ProductStore, 'find'>;
    readonly devices: Pick<DeviceStore, 'listShadows'>;
  };
}

export async function describeDevices(
  parts: DescribeParts,
  app: App,
  devices: readonly Device[],
): Promise<readonly DescribedDevice[]> {
  const products = await readProducts(parts, app, { devices, partOf: summaryOf });
  const shadows = await readShadows(parts, devices);
  return devices.map((device) => {
    const { traits, serviceTypes } = products.get(device.productId) ?? nothing;
    return {
      device,
      traits: shownTraits(device, traits),
      shadow: shadows.get(device.deviceId) ?? [],
      serviceTypeOf: (serviceId) => serviceTypes.get(serviceId) ?? serviceId,
    };
  });
}

interface Summary {
  readonly traits: Partial<ProductTraits>;
  readonly serviceTypes: ReadonlyMap<string, string>;
}

const nothing: Summary = { traits: {}, serviceTypes: new Map() };

const summaryOf = (product: Product): Summary => ({
  traits: traitsOf(product),
  serviceTypes: new Map(product.capabilities.map(({ service_id, service_type }) => [service_id, service_type])),
});

export interface DeviceCapabilities {
  readonly deviceId: DeviceId;
  readonly capabilities: readonly ServiceCapability[];
}

export async function listCapabilities(
  parts: DescribeParts,
  app: App,
  devices: readonly Device[],
): Promise<readonly DeviceCapabilities[]> {
  const products = await readProducts(parts, app, { devices, partOf: ({ capabilities }) => capabilities });
  return devices.map(({ deviceId, productId }) => ({ deviceId, capabilities: products.get(productId) ?? [] }));
}

/** One after the other, and no more of each than is needed: a model may have 500 KB. */
async function readProducts<Part>(
  { store }: DescribeParts,
  { projectId, appId }: App,
  { devices, partOf }: { readonly devices: readonly Device[]; readonly partOf: (product: Product) => Part },
): Promise<ReadonlyMap<ProductId, Part>> {
  const parts = new Map<ProductId, Part>();
  for (const productId of new Set(devices.map((device) => device.productId))) {
    const product = await store.products.find(projectId, productId, appId);
    if (product !== undefined) parts.set(productId, partOf(product));
  }
  return parts;
}

async function readShadows(
  { store }: DescribeParts,
  devices: readonly Device[],
): Promise<ReadonlyMap<DeviceId, readonly ShadowService[]>> {
  const found = new Map<DeviceId, readonly ShadowService[]>();
  let left: readonly DeviceId[] = devices.map(({ deviceId }) => deviceId);
  while (left.length > 0) {
    const { shadows, rest } = await store.devices.listShadows(left);
    for (const [deviceId, services] of shadows) found.set(deviceId, services);
    left = rest;
  }
  return found;
}
