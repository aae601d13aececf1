import { type Device, nodeTypeOf } from '../device.ts';
import type { JsonObject } from '../json.ts';
import { present } from '../present.ts';
import type { ProductTraits } from '../product.ts';
import { shownGateway } from '../shown-device.ts';

/** What legacy receivers are told of a device. */
export type LegacyDevice = Pick<
  Device,
  | 'deviceId'
  | 'parentId'
  | 'nodeId'
  | 'name'
  | 'description'
  | 'connectivity'
  | 'frozen'
  | 'fwVersion'
  | 'swVersion'
  | 'activeAt'
  | 'statusAt'
  | 'createdAt'
> & { readonly timeoutSeconds: number; readonly traits: ProductTraits };

/** The first members of most messages (legacy 9.3). */
export const placeOf = (device: LegacyDevice) => ({ deviceId: device.deviceId, gatewayId: shownGateway(device) });

export const shownNodeType = (device: LegacyDevice): string => nodeTypeOf(device);

/** Legacy 5.1 and 9.3: what has no value is left out, for receivers that read no more than the beginning of a message. */
export function shownDeviceInfo(device: LegacyDevice): JsonObject {
  const { nodeId, name, description, fwVersion, swVersion, traits } = device;
  const { manufacturerId, manufacturerName, deviceType, model, protocolType } = traits;
  return present({
    ...{ nodeId, name, description, manufacturerId, manufacturerName, deviceType, model, swVersion, fwVersion },
    protocolType,
    ...statusOf(device),
  });
}

/** Legacy 5.1: frozen shows as offline. */
function statusOf({ connectivity, frozen }: LegacyDevice): { readonly status: string; readonly statusDetail: string } {
  const isInactive = connectivity === 'INACTIVE';
  return {
    status: frozen && !isInactive ? 'OFFLINE' : connectivity,
    statusDetail: frozen || isInactive ? 'NOT_ACTIVE' : 'NONE',
  };
}
