import { type Device, nodeTypeOf } from '../device.ts';
import type { JsonObject } from '../json.ts';
import { type InfoDevice, legacyDeviceInfo, shownTraits } from '../legacy-device-info.ts';
import { present } from '../present.ts';
import type { ProductTraits } from '../product.ts';
import { shownGateway } from '../shown-device.ts';

/** What legacy receivers are told of a device. */
export type LegacyDevice = InfoDevice &
  Pick<Device, 'deviceId' | 'productId' | 'parentId' | 'activeAt' | 'statusAt' | 'createdAt'> & {
    readonly auth: Pick<Device['auth'], 'secureAccess' | 'timeoutSeconds'>;
    /** Of its product. */
    readonly traits: ProductTraits;
  };

/** The first members of most messages (legacy 9.3). */
export const placeOf = (device: LegacyDevice) => ({ deviceId: device.deviceId, gatewayId: shownGateway(device) });

export const shownNodeType = (device: LegacyDevice): string => nodeTypeOf(device);

/** Legacy 9.3: what has no value is left out, for receivers that read no more than the beginning of a message. */
export const shownDeviceInfo = (device: LegacyDevice): JsonObject =>
  present(legacyDeviceInfo(device, shownTraits(device, device.traits)));
