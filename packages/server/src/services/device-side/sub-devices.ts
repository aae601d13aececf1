import type { Device, NewDevice } from '../../domain/device.ts';
import { type AppId, asId, type DeviceId, type ProductId, type RecordId } from '../../domain/ids.ts';
import type { JsonObject } from '../../domain/json.ts';
import { lastMarker } from '../../domain/paging.ts';
import { Problem } from '../../domain/problem.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { ChildStatusesSet } from '../../ports/store/device-store.ts';
import type { Store } from '../../ports/store/store.ts';
import { checkExtensionInfo } from '../device-checks.ts';
import { randomSecret } from '../random-secret.ts';
import { deviceInfoOf, type SubDevicesNotice } from '../../domain/sub-device-notice.ts';
import type { Family, Speaker } from './family.ts';
import type { Reachability } from './reachability.ts';
import { listSubDevices } from './sub-device-list.ts';

/** A connected gateway. */
export interface Gateway extends Speaker {
  readonly appId: AppId;
}

export interface ChildStatus {
  readonly deviceId: DeviceId;
  readonly status: 'ONLINE' | 'OFFLINE';
}

export interface NewChild {
  readonly nodeId: string;
  readonly productId: ProductId;
  /** Absent: `productId_nodeId`. */
  readonly deviceId: DeviceId | undefined;
  /** Absent: the gateway itself. */
  readonly parentId: string | undefined;
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly extensionInfo: JsonObject | undefined;
}

/** What gateways do about their children (device 9). */
export interface SubDevices {
  /** `accepted`: its children; `cameOnline`: what waits for these may go out now, their upgrades have been seen to. */
  setStatuses(gateway: Gateway, statuses: readonly ChildStatus[]): Promise<ChildStatusesSet>;
  /** DeviceInfo of the child, also where it is one already. Problems: as a new device's (v5 6); deviceExists where it is another's. */
  add(gateway: Gateway, child: NewChild): Promise<JsonObject>;
  /** Problems: deviceNotFound (not its child), deviceHasChildren. */
  remove(gateway: Gateway, childId: string): Promise<void>;
  /** See `listSubDevices`. */
  list(gateway: Gateway, since: number | undefined): AsyncIterable<SubDevicesNotice>;
}

export interface SubDevicesParts {
  readonly store: Pick<Store, 'devices' | 'products'>;
  readonly family: Family;
  readonly reachability: Reachability;
  readonly clock: Clock;
  readonly random: Random;
}

export function createSubDevices(parts: SubDevicesParts): SubDevices {
  return {
    setStatuses: (gateway, statuses) => setStatuses(parts, gateway, statuses),
    add: (gateway, child) => add(parts, gateway, child),
    async remove(gateway, childId) {
      const own = await parts.family.resolve(gateway, childId);
      if (own === undefined || own === gateway.deviceId) throw new Problem('deviceNotFound');
      await parts.store.devices.delete(gateway.projectId, own, parts.clock.now());
    },
    list: (gateway, since) => listSubDevices(parts.store, gateway, since),
  };
}

async function setStatuses(
  { store, reachability, clock }: SubDevicesParts,
  gateway: Gateway,
  statuses: readonly ChildStatus[],
): Promise<ChildStatusesSet> {
  const set = await store.devices.setChildStatuses(gateway.deviceId, statuses, clock.now());
  const last = new Map(statuses.map(({ deviceId, status }) => [deviceId, status]));
  const gone = set.accepted.filter((deviceId) => last.get(deviceId) === 'OFFLINE');
  await Promise.all([
    ...set.cameOnline.map((deviceId) => reachability.ofDevice(deviceId, 'reachable')),
    ...gone.map((deviceId) => reachability.ofDevice(deviceId, 'unreachable')),
  ]);
  return set;
}

async function add(parts: SubDevicesParts, gateway: Gateway, child: NewChild): Promise<JsonObject> {
  const { store } = parts;
  checkExtensionInfo(child.extensionInfo);
  const device = newDeviceOf(parts, gateway, child);
  const known = await findOwn(parts, gateway, device);
  const added = known ?? (await insert(parts, gateway, device));
  return deviceInfoOf(added, await store.products.find(added.projectId, added.productId, added.appId));
}

async function insert(parts: SubDevicesParts, gateway: Gateway, device: NewDevice): Promise<Device> {
  const { family, store } = parts;
  const parentId = await family.resolve(gateway, device.parentId);
  if (parentId === undefined) throw new Problem('gatewayUnusable', { args: ['It is not one of this gateway.'] });
  try {
    return await store.devices.insert({ ...device, parentId });
  } catch (error) {
    // The id is another device's, or the node id of the product is taken: to the gateway both mean that it exists elsewhere.
    if (error instanceof Problem && error.problem === 'deviceIdExists') throw new Problem('deviceExists');
    throw error;
  }
}

/** The child, if this gateway has it already, under whatever device id. */
async function findOwn(
  { store }: SubDevicesParts,
  gateway: Gateway,
  { productId, nodeId }: NewDevice,
): Promise<Device | undefined> {
  const { projectId, appId, deviceId } = gateway;
  const page = { limit: 1, marker: lastMarker, offset: 0 };
  const { items } = await store.devices.list({ projectId, appId, productId, nodeId }, page);
  const [found] = items;
  return found?.rootId === deviceId && found.deviceId !== deviceId ? found : undefined;
}

function newDeviceOf({ random, clock }: SubDevicesParts, gateway: Gateway, child: NewChild): NewDevice {
  const { productId, nodeId, deviceId, parentId, name, description, extensionInfo } = child;
  return {
    recordId: asId<RecordId>(random.orderedId()),
    deviceId: deviceId ?? asId<DeviceId>(`${productId}_${nodeId}`),
    projectId: gateway.projectId,
    appId: gateway.appId,
    productId,
    nodeId,
    name,
    description,
    parentId: parentId === undefined ? undefined : asId<DeviceId>(parentId),
    auth: { authType: 'SECRET', secret: randomSecret(random), secureAccess: false, timeoutSeconds: 0 },
    extensionInfo,
    desired: {},
    createdAt: clock.now(),
  };
}
