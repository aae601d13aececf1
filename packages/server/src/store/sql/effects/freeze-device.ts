import { type DeviceId, asId } from '../../../domain/ids.ts';
import { statusNotice } from '../../../domain/notices/device-notices.ts';
import { checked } from '../checked.ts';
import { eventDevices, type FoundDevice, occurrenceOf, publishStatuses } from '../events/device-events.ts';
import { listenersOf, tell } from '../events/publish.ts';
import { all } from '../program.ts';
import type { EffectProgram } from './apply-effects.ts';

interface Known {
  readonly device_id: string;
}

/**
 * v5 6: frozen already is success. Conflict: no such direct device. All are named as closed, whether they have a session or not: they
 * may have access over HTTP, which ends as well (device 10).
 */
export const freezeDevices: EffectProgram<'freezeDevice'> = function* (ctx, projectId, effects) {
  const ids = effects.map((effect) => effect.deviceId);
  const happening = { subject: 'device.status:update', projectIds: [projectId] } as const;
  const listeners = yield* listenersOf(ctx, happening);
  const before = listeners.length === 0 ? new Map<string, FoundDevice>() : yield* eventDevices(ctx, effects);
  const asked = ctx.dialect.rows(
    { id: 'text' },
    ids.map((id) => [id]),
  );
  // Those that are frozen already are written again: few are, and asking first would cost all of them a look.
  const frozen = yield* all<Known>({
    sql: `UPDATE devices SET frozen = 1 FROM ${asked.from}
      WHERE devices.device_id = r.id AND ${checked('devices.project_id')} = ? AND devices.parent_id IS NULL RETURNING devices.device_id`,
    parameters: [...asked.parameters, projectId],
  });
  const occurrences = frozen.flatMap(({ device_id }) => {
    const found = before.get(device_id);
    if (found === undefined || found.device.frozen) return [];
    return [occurrenceOf(found, statusNotice({ ...found.device, frozen: true }))];
  });
  yield* tell(ctx, happening, { listeners, occurrences });
  return { conflicts: missing(ids, frozen), closed: frozen.map((row) => asId<DeviceId>(row.device_id)) };
};

/** Conflict: no such frozen device. */
export const unfreezeDevices: EffectProgram<'unfreezeDevice'> = function* (ctx, projectId, effects) {
  const ids = effects.map((effect) => effect.deviceId);
  const asked = ctx.dialect.rows(
    { id: 'text' },
    ids.map((id) => [id]),
  );
  const unfrozen = yield* all<Known>({
    sql: `UPDATE devices SET frozen = 0 FROM ${asked.from}
      WHERE devices.device_id = r.id AND ${checked('devices.project_id')} = ? AND devices.frozen = 1 RETURNING devices.device_id`,
    parameters: [...asked.parameters, projectId],
  });
  yield* publishStatuses(
    ctx,
    [projectId],
    unfrozen.map((row) => row.device_id),
  );
  return { conflicts: missing(ids, unfrozen) };
};

function missing(ids: readonly DeviceId[], known: readonly Known[]): readonly number[] {
  if (known.length === ids.length) return [];
  const found = new Set(known.map((row) => row.device_id));
  return ids.flatMap((id, index) => (found.has(id) ? [] : [index]));
}
