import type { Device } from './device.ts';
import type { Downlink } from './downlink.ts';
import type { DeviceId } from './ids.ts';
import type { Json, JsonObject } from './json.ts';
import type { Product } from './product.ts';

const subDeviceService = '$sub_device_manager';
/** device 9: the C library drops what is beyond it. */
export const devicesPerNoticeMax = 10;

type ToldFact =
  | 'parentId'
  | 'nodeId'
  | 'deviceId'
  | 'name'
  | 'description'
  | 'productId'
  | 'fwVersion'
  | 'swVersion'
  | 'connectivity'
  | 'extensionInfo';

/** What a gateway is told of a child; keys without value are left out (device 9, DeviceInfo). */
export function deviceInfoOf(device: Pick<Device, ToldFact>, product: Product | undefined): JsonObject {
  const info: Record<string, Json | undefined> = {
    parent_device_id: device.parentId,
    node_id: device.nodeId,
    device_id: device.deviceId,
    name: device.name,
    description: device.description,
    manufacturer_id: product?.manufacturerId ?? product?.manufacturerName,
    model: product?.model ?? product?.name,
    product_id: device.productId,
    fw_version: device.fwVersion,
    sw_version: device.swVersion,
    status: device.connectivity,
    extension_info: device.extensionInfo,
  };
  return Object.fromEntries(Object.entries(info).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

/** The same for one that is gone. */
export function deletedInfoOf({
  parentId,
  nodeId,
  deviceId,
}: Pick<Device, 'parentId' | 'nodeId' | 'deviceId'>): JsonObject {
  return { ...(parentId === undefined ? {} : { parent_device_id: parentId }), node_id: nodeId, device_id: deviceId };
}

export interface SubDevicesNotice {
  readonly kind: 'add' | 'delete';
  readonly gatewayId: DeviceId;
  /** Of the gateway's child list, with the last of the devices. */
  readonly version: number;
  /** In the order of their changes. */
  readonly devices: readonly JsonObject[];
}

/**
 * As many events as it takes, their versions rising, because gateways drop what is not above the last one; `version` comes before
 * `devices`, because the C library scans the text for it (device 9).
 */
export function noticeDownlinks({ kind, gatewayId, version, devices }: SubDevicesNotice): Downlink[] {
  const downlinks: Downlink[] = [];
  for (let start = 0; start < devices.length; start += devicesPerNoticeMax) {
    const part = devices.slice(start, start + devicesPerNoticeMax);
    const later = devices.length - start - part.length;
    downlinks.push({
      deviceId: gatewayId,
      rootId: gatewayId,
      content: {
        kind: 'event',
        serviceId: subDeviceService,
        eventType: `${kind}_sub_device_notify`,
        paras: { version: version - later, devices: part },
      },
    });
  }
  return downlinks;
}
