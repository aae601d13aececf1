import type { App } from '../../domain/app.ts';
import type { Device, DeviceAuth, NewDevice } from '../../domain/device.ts';
import { asId, type DeviceId, type GroupId, type ProductId, type RecordId } from '../../domain/ids.ts';
import type { LegacyAttributes } from '../../domain/legacy-attributes.ts';
import { lastMarker } from '../../domain/paging.ts';
import { Problem } from '../../domain/problem.ts';
import { unassignedProductId } from '../../domain/product.ts';
import type { Tag } from '../../domain/tag.ts';
import type { Random } from '../../ports/random.ts';
import type { DeviceStore } from '../../ports/store/device-store.ts';
import { applyToDevice, type DeviceEffectParts } from '../device-effects.ts';
import { randomSecret } from '../random-secret.ts';
import { chooseProduct, needUnassigned, type ProductChoiceParts, type ProductWish } from './product-choice.ts';

/** Legacy 5.1. */
export interface RegisterDevice {
  readonly nodeId: string;
  /** Absent: generated. */
  readonly verifyCode: string | undefined;
  readonly timeoutSeconds: number;
  readonly secureAccess: boolean;
  readonly name: string | undefined;
  readonly product: ProductWish;
  readonly legacy: LegacyAttributes;
  /** A static group of the application that takes it. */
  readonly groupId: GroupId | undefined;
  readonly tags: readonly Tag[];
}

export interface RegisteredDevice {
  readonly kind: 'registered';
  readonly deviceId: DeviceId;
  readonly verifyCode: string;
  readonly timeoutSeconds: number;
  readonly secret: string;
}

/** `bound`: the node is that of a device that has connected once; `known`: of one that has not. */
export interface RegisterRefusal {
  readonly kind: 'refused';
  readonly reason: 'bound' | 'known';
}

export interface RegisterParts extends ProductChoiceParts, DeviceEffectParts {
  readonly store: ProductChoiceParts['store'] &
    DeviceEffectParts['store'] & { readonly devices: Pick<DeviceStore, 'list'> };
}

/** Problems: productNotFound, groupNotFound, groupType, groupFull, deviceExists. */
export async function registerDevice(
  parts: RegisterParts,
  app: App,
  command: RegisterDevice,
): Promise<RegisteredDevice | RegisterRefusal> {
  const { random } = parts;
  const chosen = await chooseProduct(parts, app, command.product);
  const known = await findNode(parts, app, command.nodeId);
  if (known !== undefined) {
    return { kind: 'refused', reason: known.connectivity === 'INACTIVE' ? 'known' : 'bound' };
  }
  const productId = chosen ?? (await needUnassigned(parts, app));
  const secret = randomSecret(random);
  const verifyCode = command.verifyCode ?? newVerifyCode(random);
  const device = newDevice(parts, app, { command, productId, secret, verifyCode });
  const deviceId = await create(parts, device, command.groupId);
  return { kind: 'registered', deviceId, verifyCode, timeoutSeconds: command.timeoutSeconds, secret };
}

/** In v5 a node is unique in its product, here in the application. */
async function findNode(
  { store }: RegisterParts,
  { projectId, appId }: App,
  nodeId: string,
): Promise<Device | undefined> {
  const page = { limit: 1, marker: lastMarker, offset: 0 };
  const { items } = await store.devices.list({ projectId, appId, nodeId }, page);
  return items[0];
}

export const newVerifyCode = (random: Random): string => Buffer.from(random.bytes(8)).toString('hex');

interface Wanted {
  readonly command: RegisterDevice;
  readonly productId: ProductId;
  readonly secret: string;
  readonly verifyCode: string;
}

function newDevice(
  { clock, random }: RegisterParts,
  { projectId, appId }: App,
  { command, productId, secret, verifyCode }: Wanted,
): NewDevice {
  const { nodeId, name, timeoutSeconds, secureAccess, tags, product, legacy } = command;
  const auth: DeviceAuth = { authType: 'SECRET', secret, secureAccess, timeoutSeconds };
  const { productId: _, ...said } = product;
  return {
    ...{ projectId, appId, productId, nodeId, name, auth, tags },
    recordId: asId<RecordId>(random.orderedId()),
    deviceId: deviceIdOf(productId, nodeId) ?? asId<DeviceId>(random.uuid()),
    ...{ description: undefined, parentId: undefined, extensionInfo: undefined, desired: {} },
    legacy: { ...legacy, verifyCode, ...(productId === unassignedProductId ? said : {}) },
    createdAt: clock.now(),
  };
}

/** v5's default, where it may be one. */
function deviceIdOf(productId: ProductId, nodeId: string): DeviceId | undefined {
  const id = `${productId}_${nodeId}`;
  return productId !== unassignedProductId && /^[A-Za-z0-9_-]{1,128}$/.test(id) ? asId<DeviceId>(id) : undefined;
}

async function create(parts: RegisterParts, device: NewDevice, groupId: GroupId | undefined): Promise<DeviceId> {
  const effect = (deviceId: DeviceId) =>
    ({ kind: 'createDevice', device: { ...device, deviceId }, ...(groupId === undefined ? {} : { groupId }) }) as const;
  try {
    await applyToDevice(parts, device.projectId, effect(device.deviceId));
    return device.deviceId;
  } catch (error) {
    // The same product and node may be somebody else's.
    if (!(error instanceof Problem) || error.problem !== 'deviceIdExists') throw error;
    const deviceId = asId<DeviceId>(parts.random.uuid());
    await applyToDevice(parts, device.projectId, effect(deviceId));
    return deviceId;
  }
}
