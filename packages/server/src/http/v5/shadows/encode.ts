import type { DeviceShadow } from '@muster/contract/v5';
import type { DeviceId } from '../../../domain/ids.ts';
import type { JsonObject } from '../../../domain/json.ts';
import { toBasicTime } from '../../../domain/time.ts';
import type { ShadowService } from '../../../services/shadows.ts';
import { present } from '../../../domain/present.ts';

export function encodeShadow(deviceId: DeviceId, services: readonly ShadowService[]): DeviceShadow {
  return { device_id: deviceId, shadow: services.map(encodeService) };
}

const encodeService = (service: ShadowService) => ({
  service_id: service.serviceId,
  desired: encodeSide(service.desired, service.desiredAt),
  reported: encodeSide(service.reported, service.reportedAt),
  version: service.version,
});

const encodeSide = (properties: JsonObject, at: number | undefined) =>
  present({ properties: { ...properties }, event_time: at === undefined ? undefined : toBasicTime(at) });
