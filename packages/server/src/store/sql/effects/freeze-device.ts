import { type DeviceId, asId } from '../../../domain/ids.ts';
import { all, changeEach } from '../program.ts';
import type { EffectProgram } from './apply-effects.ts';

/**
 * v5 6: frozen already is success. Conflict: no such direct device. All are named as closed, whether they have a session or not: they
 * may have access over HTTP, which ends as well (device 10).
 */
export const freezeDevices: EffectProgram<'freezeDevice'> = function* (_ctx, projectId, effects) {
  const ids = effects.map((effect) => effect.deviceId);
  const known = yield* all<{ device_id: string }>({
    sql: `SELECT d.device_id FROM json_each(?) j CROSS JOIN devices d ON d.device_id = j.value
      WHERE d.project_id = ? AND d.parent_id IS NULL`,
    parameters: [JSON.stringify(ids), projectId],
  });
  yield* changeEach(
    'UPDATE devices SET frozen = 1 WHERE device_id = ? AND frozen = 0',
    known.map((row) => [row.device_id]),
  );
  const closed = known.map((row) => asId<DeviceId>(row.device_id));
  return { conflicts: missing(ids, known), closed };
};

/** Conflict: no such frozen device. */
export const unfreezeDevices: EffectProgram<'unfreezeDevice'> = function* (_ctx, projectId, effects) {
  const ids = effects.map((effect) => effect.deviceId);
  const frozen = yield* all<{ device_id: string }>({
    sql: `SELECT d.device_id FROM json_each(?) j CROSS JOIN devices d ON d.device_id = j.value
      WHERE d.project_id = ? AND d.frozen = 1`,
    parameters: [JSON.stringify(ids), projectId],
  });
  yield* changeEach(
    'UPDATE devices SET frozen = 0 WHERE device_id = ?',
    frozen.map((row) => [row.device_id]),
  );
  return { conflicts: missing(ids, frozen) };
};

function missing(ids: readonly DeviceId[], known: readonly { device_id: string }[]): readonly number[] {
  if (known.length === ids.length) return [];
  const found = new Set(known.map((row) => row.device_id));
  return ids.flatMap((id, index) => (found.has(id) ? [] : [index]));
}
