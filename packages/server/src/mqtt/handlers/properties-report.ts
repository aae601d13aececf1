import type { PropertyReports } from '../../services/device-side/property-reports.ts';
import { decodeJsonObject } from '../../services/device-side/decode/json-payload.ts';
import { decodeServices } from '../../services/device-side/decode/property-report.ts';
import type { UplinkHandler } from './uplink-call.ts';

/** `properties/report` (device 3.2, 6.4). */
export function createPropertiesReportHandler(reports: PropertyReports): UplinkHandler {
  return async ({ session, payload, receivedAt, drop }) => {
    const services = decodeServices(decodeJsonObject(payload)?.['services'], receivedAt);
    if (services === undefined) return drop('bad-payload');
    const { deviceId } = session.device;
    await reports.report(session.device, [{ deviceId, services }]);
  };
}
