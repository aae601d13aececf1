import type { JsonObject } from '../../domain/json.ts';
import { toBasicTime } from '../../domain/time.ts';
import type { ShadowService, DeviceStore } from '../../ports/store/device-store.ts';
import type { Family } from '../../services/device-side/family.ts';
import { decodeName, invalid } from '../../services/device-side/decode/fields.ts';
import { decodeJsonObject } from '../../services/device-side/decode/json-payload.ts';
import type { UplinkHandler } from './uplink-call.ts';

const serviceIdMax = 256;

/** `shadow/get`, on the device's own topic or on its child's (device 3.2, 6.4, 9); an empty payload asks for everything. */
export function createShadowGetHandler(devices: Pick<DeviceStore, 'getShadow'>, family: Family): UplinkHandler {
  return async ({ session, payload, requestId, topicDeviceId, drop, answer }) => {
    const body = payload.length === 0 ? {} : decodeJsonObject(payload);
    const serviceId = decodeName(body?.['service_id'], serviceIdMax);
    if (body === undefined || serviceId === invalid || requestId === undefined || requestId === '') {
      return drop('bad-payload');
    }
    const deviceId = await family.resolve(session.device, body['object_device_id'], topicDeviceId);
    if (deviceId === undefined) return drop('foreign-device');
    const services = await devices.getShadow(deviceId);
    const asked = services.filter((service) => serviceId === undefined || service.serviceId === serviceId);
    answer(deviceId, { kind: 'shadow', requestId, shadow: asked.map(encodeShadowService) });
  };
}

function encodeShadowService(service: ShadowService): JsonObject {
  return {
    service_id: service.serviceId,
    desired: encodeSide(service.desired, service.desiredAt),
    reported: encodeSide(service.reported, service.reportedAt),
    version: service.version,
  };
}

function encodeSide(properties: JsonObject, at: number | undefined): JsonObject {
  return { properties, ...(at === undefined ? {} : { event_time: toBasicTime(at) }) };
}
