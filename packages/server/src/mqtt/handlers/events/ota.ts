import type { ReportedVersions } from '../../../domain/device.ts';
import type { ProgressReport } from '../../../domain/device-event.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { OtaReports } from '../../../services/device-side/ota-reports.ts';
import { decodeInteger, decodeName, decodeText, invalid } from '../../../services/device-side/decode/fields.ts';
import type { EventHandlers } from './event-call.ts';

/** Longest version and description that are kept. */
const versionMax = 256;
const descriptionMax = 4096;

/** `$ota` reports (device 7.2, 7.4). */
export function createOtaHandlers(reports: OtaReports): EventHandlers {
  return {
    async version_report({ uplink, deviceId, paras }) {
      const versions = decodeVersions(paras);
      if (versions === undefined) return uplink.drop('bad-payload');
      await reports.versions({ projectId: uplink.session.device.projectId, deviceId }, versions);
    },
    async upgrade_progress_report({ uplink, deviceId, paras }) {
      const report = decodeProgress(paras);
      if (report === undefined) return uplink.drop('bad-payload');
      await reports.progress({ projectId: uplink.session.device.projectId, deviceId }, report);
    },
  };
}

/** Missing, null and empty ones are absent (device 7.2 rule 9). */
export function decodeVersions(paras: JsonObject): Pick<ReportedVersions, 'fwVersion' | 'swVersion'> | undefined {
  const fwVersion = decodeName(paras['fw_version'], versionMax);
  const swVersion = decodeName(paras['sw_version'], versionMax);
  if (fwVersion === invalid || swVersion === invalid) return undefined;
  return { ...(fwVersion === undefined ? {} : { fwVersion }), ...(swVersion === undefined ? {} : { swVersion }) };
}

/** device 7.4: without an integer `result_code` it is no report. */
function decodeProgress(paras: JsonObject): ProgressReport | undefined {
  const resultCode = decodeInteger(paras['result_code']);
  const progress = decodeInteger(paras['progress']);
  const version = decodeName(paras['version'], versionMax);
  if (typeof resultCode !== 'number' || progress === invalid || version === invalid) return undefined;
  // The device's own words decide nothing: where they cannot be kept they are left out.
  const description = decodeText(paras['description'], descriptionMax);
  return {
    resultCode,
    ...(progress === undefined ? {} : { progress }),
    ...(version === undefined ? {} : { version }),
    ...(typeof description === 'string' ? { description } : {}),
  };
}
