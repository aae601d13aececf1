import type { AuthType, Device, DeviceAuth, DeviceChanges, NewDevice } from '../domain/device.ts';
import type { DeviceGroup } from '../domain/group.ts';
import { type AppId, asId, type DeviceId, type ProductId, type ProjectId, type RecordId } from '../domain/ids.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Page, PageRequest } from '../domain/paging.ts';
import { Problem } from '../domain/problem.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeviceLink } from '../ports/device-link.ts';
import type { Random } from '../ports/random.ts';
import type { DeviceFilter } from '../ports/store/device-store.ts';
import type { Store } from '../ports/store/store.ts';
import { checkAppFilter, owningApp } from './app-scope.ts';
import {
  type FingerprintReset,
  freezeDevice,
  resetFingerprint,
  resetSecret,
  type SecretReset,
  unfreezeDevice,
} from './device-access.ts';
import {
  checkExtensionInfo,
  checkInitialShadow,
  checkTimeRange,
  desiredByService,
  type InitialDesired,
} from './device-checks.ts';
import { applyToDevice, handOver } from './device-effects.ts';
import type { Reachability } from './device-side/reachability.ts';
import { randomSecret } from './random-secret.ts';

export type { DeviceFilter };

export interface AddDevice {
  /** Absent: the default application. */
  readonly appId: AppId | undefined;
  readonly productId: ProductId;
  readonly nodeId: string;
  /** Absent: `productId_nodeId`. */
  readonly deviceId: DeviceId | undefined;
  readonly name: string | undefined;
  readonly description: string | undefined;
  /** The parent of a child device. */
  readonly gatewayId: DeviceId | undefined;
  readonly auth: AddDeviceAuth;
  readonly extensionInfo: JsonObject | undefined;
  readonly desired: readonly InitialDesired[];
}

export interface AddDeviceAuth {
  readonly authType: AuthType;
  /** Absent: 32 random hex; not kept for certificate devices. */
  readonly secret: string | undefined;
  readonly fingerprint: string | undefined;
  readonly secureAccess: boolean;
  readonly timeoutSeconds: number;
}

/** Devices (v5 6). Unknown ones, and those of other projects, are deviceNotFound in every call that names one. */
export interface DeviceService {
  /** Problems: appNotFound, productNotFound, deviceExists, deviceIdExists, gatewayUnusable, childLimit, propertyNotWritable, contentTooLarge, invalidInput. */
  add(projectId: ProjectId, command: AddDevice): Promise<Device>;
  /** Problems: appNotFound, timeRange. */
  list(filter: DeviceFilter, page: PageRequest): Promise<Page<Device>>;
  get(projectId: ProjectId, deviceId: DeviceId): Promise<Device>;
  /** What is absent stays as it is. Problems: invalidInput (`extensionInfo`). */
  update(projectId: ProjectId, deviceId: DeviceId, changes: DeviceChanges): Promise<Device>;
  /** Ends the connection. Problems: deviceHasChildren. */
  delete(projectId: ProjectId, deviceId: DeviceId): Promise<void>;
  /** Ends the connection; frozen already is success. Problems: childCannotFreeze. */
  freeze(projectId: ProjectId, deviceId: DeviceId): Promise<void>;
  /** Problems: childCannotFreeze, deviceNotFrozen. */
  unfreeze(projectId: ProjectId, deviceId: DeviceId): Promise<void>;
  /** Returns the secret that is good from now on. */
  resetSecret(projectId: ProjectId, deviceId: DeviceId, reset: SecretReset): Promise<string>;
  /** Of the certificate that the device signs in with; a device without any takes that of its next connection. */
  resetFingerprint(projectId: ProjectId, deviceId: DeviceId, reset: FingerprintReset): Promise<void>;
  /** Hangs a child under another gateway. Problems: gatewayUnusable, childLimit. */
  changeGateway(projectId: ProjectId, deviceId: DeviceId, gatewayId: DeviceId): Promise<void>;
  /** The groups that a device is in. */
  listGroups(projectId: ProjectId, deviceId: DeviceId): Promise<readonly DeviceGroup[]>;
}

export interface DeviceServiceParts {
  readonly store: Pick<Store, 'apps' | 'devices' | 'effects' | 'groups' | 'products'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly link: DeviceLink;
  /** Tells what waits for a child that it cannot be reached any more. */
  readonly reachability: Pick<Reachability, 'ofDevice'>;
}

export function createDeviceService(parts: DeviceServiceParts): DeviceService {
  const { store } = parts;
  const get = async (projectId: ProjectId, deviceId: DeviceId): Promise<Device> => {
    const device = await store.devices.find(projectId, deviceId);
    if (device === undefined) throw new Problem('deviceNotFound');
    return device;
  };
  return {
    add: (projectId, command) => add(parts, projectId, command),
    list: async (filter, page) => {
      checkTimeRange(filter);
      await checkAppFilter(store.apps, filter.projectId, filter.appId);
      return store.devices.list(filter, page);
    },
    get,
    update: async (projectId, deviceId, changes) => {
      checkExtensionInfo(changes.extensionInfo);
      return store.devices.update(projectId, deviceId, changes);
    },
    delete: (projectId, deviceId) =>
      applyToDevice(parts, projectId, { kind: 'deleteDevice', deviceId, at: parts.clock.now() }),
    freeze: async (projectId, deviceId) => freezeDevice(parts, await get(projectId, deviceId)),
    unfreeze: async (projectId, deviceId) => unfreezeDevice(parts, await get(projectId, deviceId)),
    resetSecret: (projectId, deviceId, reset) => resetSecret(parts, { projectId, deviceId }, reset),
    resetFingerprint: (projectId, deviceId, reset) => resetFingerprint(parts, { projectId, deviceId }, reset),
    changeGateway: (projectId, deviceId, gatewayId) => changeGateway(parts, { projectId, deviceId }, gatewayId),
    listGroups: async (projectId, deviceId) => {
      await get(projectId, deviceId);
      return store.groups.listOf(projectId, deviceId);
    },
  };
}

async function add(parts: DeviceServiceParts, projectId: ProjectId, command: AddDevice): Promise<Device> {
  const { store, clock, random } = parts;
  checkExtensionInfo(command.extensionInfo);
  const desired = desiredByService(command.desired);
  const app = await owningApp(store.apps, projectId, command.appId);
  const { productId, nodeId, name, description, extensionInfo } = command;
  await checkInitialShadow(store.products, { projectId, productId, appId: app.appId, desired });
  const device: NewDevice = {
    recordId: asId<RecordId>(random.orderedId()),
    deviceId: command.deviceId ?? asId<DeviceId>(`${productId}_${nodeId}`),
    projectId,
    appId: app.appId,
    productId,
    nodeId,
    name,
    description,
    parentId: command.gatewayId,
    auth: newAuth(random, command.auth),
    extensionInfo,
    desired,
    createdAt: clock.now(),
  };
  await applyToDevice(parts, projectId, { kind: 'createDevice', device });
  const added = await store.devices.find(projectId, device.deviceId);
  // Deleted again meanwhile.
  if (added === undefined) throw new Problem('deviceNotFound');
  return added;
}

function newAuth(random: Random, auth: AddDeviceAuth): DeviceAuth {
  const { authType, secret, fingerprint, secureAccess, timeoutSeconds } = auth;
  const rest = { authType, secureAccess, timeoutSeconds };
  if (authType === 'SECRET') return { ...rest, secret: secret ?? randomSecret(random) };
  return fingerprint === undefined ? rest : { ...rest, fingerprint };
}

async function changeGateway(
  { store, clock, link, reachability }: DeviceServiceParts,
  { projectId, deviceId }: Pick<Device, 'projectId' | 'deviceId'>,
  gatewayId: DeviceId,
): Promise<void> {
  handOver(link, await store.devices.changeGateway(projectId, deviceId, { gatewayId, at: clock.now() }));
  await reachability.ofDevice(deviceId, 'unreachable');
}
