import { checked } from '../checked.ts';
import { change } from '../program.ts';
import type { EffectProgram } from './apply-effects.ts';

/** Device 3.3 and 7.2: what is given is stored, what is absent never clears. A device that is gone is no conflict: it said its last word. */
export const reportVersions: EffectProgram<'reportVersions'> = function* ({ dialect }, projectId, effects) {
  // One row per device: of several reports in one set the later one counts, version by version.
  const latest = new Map<string, (typeof effects)[number]['versions']>();
  for (const { deviceId, versions } of effects) latest.set(deviceId, { ...latest.get(deviceId), ...given(versions) });
  const reports = dialect.rows(
    { id: 'text', fw: 'text', sw: 'text', sdk: 'text' },
    [...latest].map(([deviceId, { fwVersion, swVersion, sdkVersion }]) => [
      deviceId,
      fwVersion ?? null,
      swVersion ?? null,
      sdkVersion ?? null,
    ]),
  );
  yield* change({
    sql: `UPDATE devices SET fw_version = coalesce(r.fw, fw_version), sw_version = coalesce(r.sw, sw_version),
        sdk_version = coalesce(r.sdk, sdk_version)
      FROM ${reports.from} WHERE devices.device_id = r.id AND ${checked('devices.project_id')} = ?`,
    parameters: [...reports.parameters, projectId],
  });
  return {};
};

const given = <Versions extends object>(versions: Versions): Partial<Versions> =>
  Object.fromEntries(Object.entries(versions).filter(([, value]) => value !== undefined)) as Partial<Versions>;
