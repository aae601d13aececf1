import { decodeJsonObject } from '../../services/device-side/decode/json-payload.ts';
import { decodeDeviceReports } from '../../services/device-side/decode/property-report.ts';
import type { PropertyReports } from '../../services/device-side/property-reports.ts';
import type { UplinkHandler } from './uplink-call.ts';

const devicesMax = 100;

/** `gateway/sub_devices/properties/report` (device 3.2): of children; unknown ones are dropped and counted, the others taken (device 9). */
export function createGatewayReportHandler(reports: PropertyReports): UplinkHandler {
  return async ({ session, payload, receivedAt, drop }) => {
    const devices = decodeDeviceReports(decodeJsonObject(payload)?.['devices'], receivedAt);
    if (devices === undefined || devices.length > devicesMax) return drop('bad-payload');
    const children = devices.filter(({ deviceId }) => deviceId !== session.device.deviceId);
    if (children.length < devices.length) drop('foreign-device');
    for (const _unknown of await reports.report(session.device, children)) drop('foreign-device');
  };
}
