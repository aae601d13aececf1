import { type Device, shownStatus } from '../device.ts';
import type { JsonObject } from '../json.ts';
import { present } from '../present.ts';
import { shownDevice, shownGateway, shownTag } from '../shown-device.ts';
import { toBasicTime, toMillisTime } from '../time.ts';

/** What the header of a notification says of its device (v5 15.5). */
export type NoticeDevice = Pick<Device, 'appId' | 'deviceId' | 'nodeId' | 'productId' | 'parentId' | 'tags'>;

const headerOf = (device: NoticeDevice): JsonObject =>
  present({
    app_id: device.appId,
    device_id: device.deviceId,
    node_id: device.nodeId,
    product_id: device.productId,
    gateway_id: shownGateway(device),
    tags: device.tags.length === 0 ? undefined : device.tags.map(shownTag),
  });

/** `device:create` and `device:update`: nothing by which anybody could sign in. */
export const deviceNotice = (device: Device): JsonObject => ({
  body: {
    ...shownDevice(device),
    auth_info: {
      auth_type: device.auth.authType,
      secure_access: device.auth.secureAccess,
      timeout: device.auth.timeoutSeconds,
    },
  },
});

/** `device:delete`. */
export const deletedNotice = (device: NoticeDevice): JsonObject => ({ header: headerOf(device) });

/** `device.status:update`. */
export const statusNotice = (
  device: NoticeDevice & Pick<Device, 'connectivity' | 'frozen' | 'statusAt'>,
): JsonObject => {
  const status = shownStatus(device);
  return {
    header: headerOf(device),
    body: present({
      // The original spells it so here and nowhere else.
      status: status === 'FROZEN' ? 'FREEZED' : status,
      last_online_time: device.statusAt === undefined ? undefined : toMillisTime(device.statusAt),
    }),
  };
};

export interface ReportedService {
  readonly serviceId: string;
  readonly properties: JsonObject;
  /** ms since epoch. */
  readonly at: number;
}

/** `device.property:report`: all that was reported, whatever the product's model lets into the shadow (device 6.4). */
export const propertiesNotice = (device: NoticeDevice, services: readonly ReportedService[]): JsonObject => ({
  header: headerOf(device),
  body: {
    services: services.map(({ serviceId, properties, at }) => ({
      service_id: serviceId,
      properties,
      event_time: toBasicTime(at),
    })),
  },
});

/** `device.message:report`, `device.message.status:update` and `device.command.status:update`. */
export const noticeOf = (device: NoticeDevice, body: JsonObject): JsonObject => ({ header: headerOf(device), body });
