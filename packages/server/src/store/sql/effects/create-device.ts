import { insertDeviceSet } from '../devices/insert-device.ts';
import type { EffectProgram } from './apply-effects.ts';

/** Conflict: what `insertDevice` throws for a single one. */
export const createDevices: EffectProgram<'createDevice'> = function* (ctx, projectId, effects) {
  const { problems, sent } = yield* insertDeviceSet(
    ctx,
    projectId,
    effects.map(({ device }) => device),
  );
  return { conflicts: [...problems.keys()], problems, sent };
};
