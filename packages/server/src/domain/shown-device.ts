import { type Device, nodeTypeOf, shownStatus } from './device.ts';
import { present } from './present.ts';
import type { Tag } from './tag.ts';
import { toBasicTime, toMillisTime } from './time.ts';

/** v5 6, Simple: a device as lists and notifications show it, without anything of the sign-in. */
export const simpleDevice = (device: Device) =>
  present({
    app_id: device.appId,
    app_name: device.appName,
    device_id: device.deviceId,
    node_id: device.nodeId,
    gateway_id: shownGateway(device),
    device_name: device.name,
    node_type: nodeTypeOf(device),
    description: device.description,
    fw_version: device.fwVersion,
    sw_version: device.swVersion,
    device_sdk_version: device.sdkVersion,
    product_id: device.productId,
    product_name: device.productName,
    status: shownStatus(device),
    tags: device.tags.map(shownTag),
  });

/** v5 6, Device, but for `auth_info`: who may see what of it depends on who asks. */
export const shownDevice = (device: Device) => ({
  ...simpleDevice(device),
  create_time: toBasicTime(device.createdAt),
  ...present({
    connection_status_update_time: device.statusAt === undefined ? undefined : toMillisTime(device.statusAt),
    active_time: device.activeAt === undefined ? undefined : toMillisTime(device.activeAt),
    extension_info: device.extensionInfo,
  }),
});

/** v5 6: a direct device names itself. */
export const shownGateway = ({ parentId, deviceId }: Pick<Device, 'parentId' | 'deviceId'>) => parentId ?? deviceId;

export const shownTag = ({ key, value }: Tag) => present({ tag_key: key, tag_value: value });
