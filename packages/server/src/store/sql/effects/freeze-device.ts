import { type DeviceId, asId } from '../../../domain/ids.ts';
import { all, change } from '../program.ts';
import type { EffectProgram } from './apply-effects.ts';

interface Known {
  readonly device_id: string;
}

/**
 * v5 6: frozen already is success. Conflict: no such direct device. All are named as closed, whether they have a session or not: they
 * may have access over HTTP, which ends as well (device 10).
 */
export const freezeDevices: EffectProgram<'freezeDevice'> = function* ({ dialect }, projectId, effects) {
  const ids = effects.map((effect) => effect.deviceId);
  const asked = dialect.rows(
    { id: 'text' },
    ids.map((id) => [id]),
  );
  const known = yield* all<Known & { frozen: number }>({
    sql: `SELECT d.device_id, d.frozen FROM ${asked.from} ${dialect.orderedJoin} devices d ON d.device_id = r.id
      WHERE d.project_id = ? AND d.parent_id IS NULL`,
    parameters: [...asked.parameters, projectId],
  });
  const warm = known.filter((row) => row.frozen === 0).map((row) => [row.device_id]);
  if (warm.length > 0) {
    const freezing = dialect.rows({ id: 'text' }, warm);
    yield* change({
      sql: `UPDATE devices SET frozen = 1 FROM ${freezing.from} WHERE devices.device_id = r.id`,
      parameters: freezing.parameters,
    });
  }
  return { conflicts: missing(ids, known), closed: known.map((row) => asId<DeviceId>(row.device_id)) };
};

/** Conflict: no such frozen device. */
export const unfreezeDevices: EffectProgram<'unfreezeDevice'> = function* ({ dialect }, projectId, effects) {
  const ids = effects.map((effect) => effect.deviceId);
  const asked = dialect.rows(
    { id: 'text' },
    ids.map((id) => [id]),
  );
  const unfrozen = yield* all<Known>({
    sql: `UPDATE devices SET frozen = 0 FROM ${asked.from}
      WHERE devices.device_id = r.id AND devices.project_id = ? AND devices.frozen = 1 RETURNING devices.device_id`,
    parameters: [...asked.parameters, projectId],
  });
  return { conflicts: missing(ids, unfrozen) };
};

function missing(ids: readonly DeviceId[], known: readonly Known[]): readonly number[] {
  if (known.length === ids.length) return [];
  const found = new Set(known.map((row) => row.device_id));
  return ids.flatMap((id, index) => (found.has(id) ? [] : [index]));
}
