import type { DeviceChanges } from '../../../domain/device.ts';
import { checked } from '../checked.ts';
import { flagOf, orNull } from '../columns.ts';
import { all, type SqlValue } from '../program.ts';
import type { EffectProgram } from './apply-effects.ts';

const columns = {
  id: 'text',
  name: 'text',
  description: 'text',
  extension_info: 'text',
  secure_access: 'int',
  timeout_seconds: 'int',
} as const;

const kept = (column: string): string => `${column} = coalesce(r.${column}, devices.${column})`;
const changed = Object.keys(columns).filter((column) => column !== 'id');

/** What is absent stays as it is. Conflict: no such device. Two changes of one device in one set: which one wins is open. */
export const updateDevices: EffectProgram<'updateDevice'> = function* ({ dialect }, projectId, effects) {
  const set = dialect.rows(
    columns,
    effects.map(({ deviceId, changes }) => [deviceId, ...valuesOf(changes)]),
  );
  const known = yield* all<{ device_id: string }>({
    sql: `UPDATE devices SET ${changed.map(kept).join(', ')} FROM ${set.from}
      WHERE devices.device_id = r.id AND ${checked('devices.project_id')} = ? RETURNING devices.device_id`,
    parameters: [...set.parameters, projectId],
  });
  const found = new Set(known.map((row) => row.device_id));
  return { conflicts: effects.flatMap(({ deviceId }, index) => (found.has(deviceId) ? [] : [index])) };
};

function valuesOf({ name, description, extensionInfo, secureAccess, timeoutSeconds }: DeviceChanges): SqlValue[] {
  return [
    orNull(name),
    orNull(description),
    extensionInfo === undefined ? null : JSON.stringify(extensionInfo),
    secureAccess === undefined ? null : flagOf(secureAccess),
    orNull(timeoutSeconds),
  ];
}
