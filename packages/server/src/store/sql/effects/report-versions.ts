import { changeEach } from '../program.ts';
import type { EffectProgram } from './apply-effects.ts';

/** Device 3.3 and 7.2: what is given is stored, what is absent never clears. A device that is gone is no conflict: it said its last word. */
export const reportVersions: EffectProgram<'reportVersions'> = function* (_ctx, projectId, effects) {
  yield* changeEach(
    `UPDATE devices SET fw_version = coalesce(?, fw_version), sw_version = coalesce(?, sw_version),
      sdk_version = coalesce(?, sdk_version) WHERE device_id = ? AND project_id = ?`,
    effects.map(({ deviceId, versions }) => [
      versions.fwVersion ?? null,
      versions.swVersion ?? null,
      versions.sdkVersion ?? null,
      deviceId,
      projectId,
    ]),
  );
  return {};
};
