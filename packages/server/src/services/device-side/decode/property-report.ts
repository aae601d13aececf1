import { asId, type DeviceId } from '../../../domain/ids.ts';
import { isJsonObject, type Json } from '../../../domain/json.ts';
import type { ReportedService } from '../../../domain/notices/device-notices.ts';
import type { DeviceReport } from '../property-reports.ts';
import { decodeEventTime, decodeName } from './fields.ts';

const serviceIdMax = 256;

/** `services` of a property report (device 3.2); undefined: it is none. */
export function decodeServices(services: Json | undefined, receivedAt: number): readonly ReportedService[] | undefined {
  if (!Array.isArray(services)) return undefined;
  const reports: ReportedService[] = [];
  for (const entry of services as readonly Json[]) {
    if (!isJsonObject(entry)) return undefined;
    const serviceId = decodeName(entry['service_id'], serviceIdMax);
    const { properties } = entry;
    if (typeof serviceId !== 'string' || !isJsonObject(properties)) return undefined;
    reports.push({ serviceId, properties, at: decodeEventTime(entry['event_time'], receivedAt) });
  }
  return reports;
}

const deviceIdMax = 256;

/** `devices` of a gateway's report (device 3.2); undefined: it is none. */
export function decodeDeviceReports(
  devices: Json | undefined,
  receivedAt: number,
): readonly DeviceReport[] | undefined {
  if (!Array.isArray(devices)) return undefined;
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
