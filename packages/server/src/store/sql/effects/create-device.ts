import type { ProjectId } from '../../../domain/ids.ts';
import { insertDeviceSet } from '../devices/insert-device.ts';
import { addAll } from '../groups/whole-sets.ts';
import type { Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { EffectProgram } from './apply-effects.ts';

type Creations = Parameters<EffectProgram<'createDevice'>>[2];

/** Conflict: what `insertDevice` throws for a single one. */
export const createDevices: EffectProgram<'createDevice'> = function* (ctx, projectId, effects) {
  const { problems, sent } = yield* insertDeviceSet(
    ctx,
    projectId,
    effects.map(({ device }) => device),
  );
  yield* joinGroups(
    ctx,
    projectId,
    effects.filter((_effect, index) => !problems.has(index)),
  );
  return { conflicts: [...problems.keys()], problems, sent };
};

function* joinGroups(ctx: SqlContext, projectId: ProjectId, effects: Creations): Program<void> {
  for (const { device, groupId } of effects) {
    if (groupId === undefined) continue;
    yield* addAll(ctx, { projectId, groupId }, { deviceIds: [device.deviceId], appId: device.appId });
  }
}
