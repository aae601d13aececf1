import type { OtaReports } from '../../../services/device-side/ota-reports.ts';
import { decodeName, invalid } from '../../../services/device-side/decode/fields.ts';
import type { EventHandlers } from './event-call.ts';
import { decodeVersions } from './ota.ts';

const versionMax = 256;

/** `$sdk_info` (device 3.3): null never clears a stored value. */
export function createSdkInfoHandlers(reports: Pick<OtaReports, 'sdkInfo'>): EventHandlers {
  return {
    async sdk_info_report({ uplink, deviceId, paras }) {
      const versions = decodeVersions(paras);
      const sdkVersion = decodeName(paras['device_sdk_version'], versionMax);
      if (versions === undefined || sdkVersion === invalid) return uplink.drop('bad-payload');
      const reporter = { projectId: uplink.session.device.projectId, deviceId };
      await reports.sdkInfo(reporter, { ...versions, ...(sdkVersion === undefined ? {} : { sdkVersion }) });
    },
  };
}
