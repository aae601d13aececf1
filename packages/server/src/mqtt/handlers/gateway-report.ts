import { asId, type DeviceId } from '../../domain/ids.ts';
import { isJsonObject, type Json } from '../../domain/json.ts';
import type { DeviceReport, PropertyReports } from '../../services/device-side/property-reports.ts';
import { decodeName } from './fields.ts';
import { decodeJsonObject } from './json-payload.ts';
import { decodeServices } from './service-reports.ts';
import type { UplinkHandler } from './uplink-call.ts';

const devicesMax = 100;
const deviceIdMax = 256;

/** `gateway/sub_devices/properties/report` (device 3.2): of children; unknown ones are dropped and counted, the others taken (device 9). */
export function createGatewayReportHandler(reports: PropertyReports): UplinkHandler {
  return async ({ session, payload, receivedAt, drop }) => {
    const devices = decodeDevices(decodeJsonObject(payload)?.['devices'], receivedAt);
    if (devices === undefined) return drop('bad-payload');
    const children = devices.filter(({ deviceId }) => deviceId !== session.device.deviceId);
    if (children.length < devices.length) drop('foreign-device');
    for (const _unknown of await reports.report(session.device, children)) drop('foreign-device');
  };
}

/** Undefined: not such a list, or too long. */
function decodeDevices(devices: Json | undefined, receivedAt: number): readonly DeviceReport[] | undefined {
  if (!Array.isArray(devices) || devices.length > devicesMax) return undefined;
  const reports: DeviceReport[] = [];
  for (const entry of devices as readonly Json[]) {
    if (!isJsonObject(entry)) return undefined;
    const deviceId = decodeName(entry['device_id'], deviceIdMax);
    const services = decodeServices(entry['services'], receivedAt);
    if (typeof deviceId !== 'string' || services === undefined) return undefined;
    reports.push({ deviceId: asId<DeviceId>(deviceId), services });
  }
  return reports;
}
