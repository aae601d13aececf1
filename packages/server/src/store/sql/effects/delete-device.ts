import { deleteDeviceSet } from '../devices/delete-device.ts';
import type { EffectProgram } from './apply-effects.ts';

/** Conflict: what the single call answers. */
export const deleteDevices: EffectProgram<'deleteDevice'> = function* (ctx, projectId, effects) {
  const [first] = effects;
  if (first === undefined) return {};
  const { deleted, problems, sent } = yield* deleteDeviceSet(ctx, {
    projectId,
    deviceIds: effects.map(({ deviceId }) => deviceId),
    // Those of one chunk have one time.
    at: first.at,
  });
  const direct = deleted.filter(({ parentId }) => parentId === undefined).map(({ deviceId }) => deviceId);
  return { conflicts: [...problems.keys()], problems, deleted: direct, sent };
};
