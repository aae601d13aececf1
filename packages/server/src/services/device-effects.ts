import type { EffectOf } from '../domain/effect.ts';
import type { ProjectId } from '../domain/ids.ts';
import type { DeviceLink } from '../ports/device-link.ts';
import type { AppliedEffects, EffectStore } from '../ports/store/message-store.ts';

export interface DeviceEffectParts {
  readonly store: { readonly effects: EffectStore };
  readonly link: DeviceLink;
}

type DeviceEffect = EffectOf<'createDevice' | 'updateDevice' | 'deleteDevice'>;

/** The same effect as the batch type's, and what goes out with it: connections that end, what gateways are told (device 9). */
export async function applyToDevice(
  parts: DeviceEffectParts,
  projectId: ProjectId,
  effect: DeviceEffect,
): Promise<void> {
  const { problems } = await applyToDevices(parts, projectId, [effect]);
  const problem = problems.get(0);
  if (problem !== undefined) throw problem;
}

/** The problems of those that could not be done, by their places. */
export async function applyToDevices(
  { store, link }: DeviceEffectParts,
  projectId: ProjectId,
  effects: readonly DeviceEffect[],
): Promise<Pick<AppliedEffects, 'problems'>> {
  const { problems, deleted, ...rest } = await store.effects.apply(projectId, effects);
  if (deleted.length > 0) link.close(deleted, 'deleted');
  handOver(link, rest);
  return { problems };
}

export function handOver(link: DeviceLink, { sent, posted }: Pick<AppliedEffects, 'sent' | 'posted'>): void {
  if (sent.length > 0) link.send(sent.map(({ downlink }) => downlink));
  if (posted) link.posted();
}
