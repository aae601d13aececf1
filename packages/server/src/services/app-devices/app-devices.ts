import type { App } from '../../domain/app.ts';
import type { Device } from '../../domain/device.ts';
import type { DeviceId } from '../../domain/ids.ts';
import type { LegacyAttributes } from '../../domain/legacy-attributes.ts';
import { type EitherEnd, firstMarker, lastMarker, type Page } from '../../domain/paging.ts';
import { present } from '../../domain/present.ts';
import { Problem } from '../../domain/problem.ts';
import { unassignedProductId } from '../../domain/product.ts';
import type { DesiredWrite } from '../../domain/shadow.ts';
import type { Tag } from '../../domain/tag.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeviceLink } from '../../ports/device-link.ts';
import type { Random } from '../../ports/random.ts';
import type { DeviceFilter } from '../../ports/store/device-store.ts';
import type { Store } from '../../ports/store/store.ts';
import { checkTimeRange } from '../device-checks.ts';
import { applyToDevice, applyToDevices } from '../device-effects.ts';
import { randomSecret } from '../random-secret.ts';
import type { Shadows } from '../shadows.ts';
import {
  type DescribedDevice,
  describeDevices,
  type DeviceCapabilities,
  listCapabilities,
} from './describe-devices.ts';
import { chooseNextProduct, type ProductWish } from './product-choice.ts';
import {
  newVerifyCode,
  type RegisterDevice,
  registerDevice,
  type RegisteredDevice,
  type RegisterRefusal,
} from './register-device.ts';

export interface AppDeviceFilter
  extends Pick<DeviceFilter, 'familyOf' | 'statuses' | 'nodeType' | 'location' | 'name' | 'createdFrom' | 'createdTo'> {
  /** Of the product. */
  readonly deviceType?: string;
}

export interface ModifyDevice {
  readonly name?: string;
  readonly secureAccess?: boolean;
  /** Added; a known key gets the new value. */
  readonly tags?: readonly Tag[];
  readonly legacy: LegacyAttributes;
  readonly product: ProductWish;
}

export interface RefreshKey {
  /** Absent: generated. */
  readonly verifyCode: string | undefined;
  readonly timeoutSeconds: number;
  /** Must be that of the device. */
  readonly nodeId: string | undefined;
  /** With a new secret, too, which is good from then on. */
  readonly withSecret: boolean;
}

export interface RefreshedKey {
  readonly kind: 'refreshed';
  readonly verifyCode: string;
  /** Undefined: none was wanted, or the device signs in with a certificate. */
  readonly secret: string | undefined;
}

export interface RefreshRefusal {
  readonly kind: 'refused';
  readonly reason: 'not-active' | 'online' | 'other-node';
}

/** Devices as their applications see them (legacy 5). Those of other applications are deviceNotFound in every call that names one. */
export interface AppDeviceService {
  /** Problems: productNotFound, groupNotFound, groupType, groupFull, deviceExists. */
  register(app: App, command: RegisterDevice): Promise<RegisteredDevice | RegisterRefusal>;
  refreshKey(app: App, deviceId: DeviceId, refresh: RefreshKey): Promise<RefreshedKey | RefreshRefusal>;
  get(app: App, deviceId: DeviceId): Promise<Device>;
  describe(app: App, deviceId: DeviceId): Promise<DescribedDevice>;
  /** Problems: timeRange. */
  list(app: App, filter: AppDeviceFilter, page: EitherEnd): Promise<Page<DescribedDevice>>;
  /** What is absent stays as it is. Problems: productNotFound, deviceExists (the node is taken there), tagLimit. */
  modify(app: App, deviceId: DeviceId, changes: ModifyDevice): Promise<void>;
  /** Problems: deviceHasChildren, also where some were added meanwhile. */
  delete(app: App, deviceId: DeviceId, options: { readonly cascade: boolean }): Promise<void>;
  /** Writes without values are left out. Problems: invalidInput, propertyNotWritable, contentTooLarge. */
  setDesired(app: App, deviceId: DeviceId, writes: readonly DesiredWrite[]): Promise<void>;
  /** Of one device, or of a direct one and its children. */
  listCapabilities(app: App, filter: CapabilityFilter, page: EitherEnd): Promise<Page<DeviceCapabilities>>;
}

export interface CapabilityFilter {
  readonly deviceId?: DeviceId;
  readonly familyOf?: DeviceId;
}

export interface AppDeviceServiceParts {
  readonly store: Pick<Store, 'devices' | 'products' | 'effects'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly link: DeviceLink;
  readonly shadows: Shadows;
}

export function createAppDeviceService(parts: AppDeviceServiceParts): AppDeviceService {
  const { store, shadows } = parts;
  const get = async ({ projectId, appId }: App, deviceId: DeviceId): Promise<Device> => {
    const device = await store.devices.find(projectId, deviceId);
    if (device?.appId !== appId) throw new Problem('deviceNotFound');
    return device;
  };
  const describe = async (app: App, deviceId: DeviceId): Promise<DescribedDevice> => {
    const [described] = await describeDevices(parts, app, [await get(app, deviceId)]);
    if (described === undefined) throw new Problem('deviceNotFound');
    return described;
  };
  return {
    register: (app, command) => registerDevice(parts, app, command),
    refreshKey: async (app, deviceId, refresh) => refreshKey(parts, await get(app, deviceId), refresh),
    get,
    describe,
    list: async (app, filter, page) => {
      const { items, ...rest } = await listDevices(parts, app, { filter, page });
      return { ...rest, items: await describeDevices(parts, app, items) };
    },
    modify: async (app, deviceId, changes) => modify(parts, app, { described: await describe(app, deviceId), changes }),
    delete: async (app, deviceId, { cascade }) => {
      const { projectId } = await get(app, deviceId);
      if (cascade) await deleteChildren(parts, { projectId, deviceId });
      await applyToDevice(parts, projectId, { kind: 'deleteDevice', deviceId, at: parts.clock.now() });
    },
    setDesired: async (app, deviceId, writes) => {
      const { projectId } = await get(app, deviceId);
      const shadow = writes
        .filter(({ desired }) => Object.keys(desired).length > 0)
        .map(({ serviceId: service_id, desired }) => ({ service_id, desired }));
      if (shadow.length > 0) await shadows.update({ projectId, deviceId }, { shadow });
    },
    listCapabilities: async (app, { deviceId, familyOf }, page) => {
      if (deviceId === undefined) {
        const { items, ...rest } = await listDevices(parts, app, { filter: present({ familyOf }), page });
        return { ...rest, items: await listCapabilities(parts, app, items) };
      }
      const device = await get(app, deviceId);
      const gatewayId = device.parentId ?? deviceId;
      const isMeant = (familyOf ?? gatewayId) === gatewayId && page.marker === firstMarker;
      const items = await listCapabilities(parts, app, isMeant ? [device] : []);
      return { items, count: items.length, marker: isMeant ? device.recordId : null };
    },
  };
}

/** As many products as a project may have, or more. */
const productsMax = 10_000;

async function listDevices(
  { store }: AppDeviceServiceParts,
  app: App,
  { filter, page }: { readonly filter: AppDeviceFilter; readonly page: EitherEnd },
): Promise<Page<Device>> {
  checkTimeRange(filter);
  const { deviceType, ...rest } = filter;
  const own = { projectId: app.projectId, appId: app.appId, ...rest };
  if (deviceType === undefined) return store.devices.list(own, page);
  const productIds = await store.products.listByTraits(app, { deviceType }, productsMax);
  return productIds.length === 0
    ? { items: [], count: 0, marker: null }
    : store.devices.list({ ...own, productIds }, page);
}

/** Legacy 5.1: a device is given to somebody else, who must know a new code; while it is in use it is not. */
async function refreshKey(
  parts: AppDeviceServiceParts,
  { projectId, deviceId, nodeId, connectivity, auth }: Device,
  refresh: RefreshKey,
): Promise<RefreshedKey | RefreshRefusal> {
  if (refresh.nodeId !== undefined && refresh.nodeId !== nodeId) return { kind: 'refused', reason: 'other-node' };
  if (connectivity === 'INACTIVE') return { kind: 'refused', reason: 'not-active' };
  if (connectivity === 'ONLINE') return { kind: 'refused', reason: 'online' };
  const { timeoutSeconds, withSecret } = refresh;
  const verifyCode = refresh.verifyCode ?? newVerifyCode(parts.random);
  const changes = { timeoutSeconds, legacy: { verifyCode } };
  await applyToDevice(parts, projectId, { kind: 'updateDevice', deviceId, changes });
  if (!withSecret || auth.authType !== 'SECRET') return { kind: 'refreshed', verifyCode, secret: undefined };
  const secret = randomSecret(parts.random);
  await parts.store.devices.setSecret(projectId, deviceId, { secret, slot: 'PRIMARY' });
  return { kind: 'refreshed', verifyCode, secret };
}

async function modify(
  parts: AppDeviceServiceParts,
  app: App,
  { described, changes }: { readonly described: DescribedDevice; readonly changes: ModifyDevice },
): Promise<void> {
  const { device, traits } = described;
  const { name, secureAccess, tags, legacy, product } = changes;
  const productId = await chooseNextProduct(parts, app, { wish: product, shown: traits });
  const { productId: _, ...said } = product;
  const hasNone = (productId ?? device.productId) === unassignedProductId;
  await applyToDevice(parts, app.projectId, {
    kind: 'updateDevice',
    deviceId: device.deviceId,
    changes: present({ name, secureAccess, tags, productId, legacy: hasNone ? { ...legacy, ...said } : legacy }),
  });
}

const childrenPerStep = 500;
/** The levels below a direct device, and once more for what came meanwhile. */
const passesMax = 3;

/** Those that have children of their own stay in a pass that meets them first, and go in the next one. */
async function deleteChildren(
  parts: AppDeviceServiceParts,
  { projectId, deviceId }: Pick<Device, 'projectId' | 'deviceId'>,
): Promise<void> {
  const filter = { projectId, gatewayId: deviceId, cascade: true };
  for (let pass = 0; pass < passesMax; pass++) {
    let marker = lastMarker;
    for (;;) {
      const page = await parts.store.devices.list(filter, { limit: childrenPerStep, marker, offset: 0 });
      if (page.marker === null) break;
      const at = parts.clock.now();
      const children = page.items.map((child) => ({ kind: 'deleteDevice', deviceId: child.deviceId, at }) as const);
      await applyToDevices(parts, projectId, children);
      marker = page.marker;
    }
    if ((await parts.store.devices.list(filter, { limit: 1, marker: lastMarker, offset: 0 })).count === 0) return;
  }
}
