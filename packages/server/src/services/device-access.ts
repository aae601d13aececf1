import type { Device } from '../domain/device.ts';
import { Problem } from '../domain/problem.ts';
import type { DeviceLink } from '../ports/device-link.ts';
import type { Random } from '../ports/random.ts';
import type { Store } from '../ports/store/store.ts';
import { randomSecret } from './random-secret.ts';

export interface SecretReset {
  /** Absent: random. */
  readonly secret: string | undefined;
  readonly slot: 'PRIMARY' | 'SECONDARY';
  readonly forceDisconnect: boolean;
}

export interface FingerprintReset {
  /** Absent: cleared. */
  readonly fingerprint: string | undefined;
  readonly slot: 'PRIMARY' | 'SECONDARY';
  readonly forceDisconnect: boolean;
}

interface AccessParts {
  readonly store: Pick<Store, 'devices' | 'effects'>;
  readonly random: Random;
  readonly link: DeviceLink;
}

/** The same effect as the batch type's; who had a connection loses it (device 5). */
export async function freezeDevice({ store, link }: AccessParts, device: Device): Promise<void> {
  refuseChild(device);
  const { projectId, deviceId } = device;
  const { conflicts, closed } = await store.effects.apply(projectId, [{ kind: 'freezeDevice', deviceId }]);
  // Deleted since it was read.
  if (conflicts.length > 0) throw new Problem('deviceNotFound');
  if (closed.length > 0) link.close(closed, 'frozen');
}

export async function unfreezeDevice({ store }: AccessParts, device: Device): Promise<void> {
  refuseChild(device);
  const { projectId, deviceId } = device;
  const { conflicts } = await store.effects.apply(projectId, [{ kind: 'unfreezeDevice', deviceId }]);
  if (conflicts.length > 0) throw new Problem('deviceNotFrozen');
}

/** v5 6: children have no connection of their own that could be refused. */
function refuseChild({ parentId }: Device): void {
  if (parentId !== undefined) throw new Problem('childCannotFreeze');
}

export async function resetSecret(
  { store, random, link }: AccessParts,
  { projectId, deviceId }: Pick<Device, 'projectId' | 'deviceId'>,
  reset: SecretReset,
): Promise<string> {
  const secret = reset.secret ?? randomSecret(random);
  await store.devices.setSecret(projectId, deviceId, { secret, slot: reset.slot });
  if (reset.forceDisconnect) link.close([deviceId], 'secret-reset');
  return secret;
}

export async function resetFingerprint(
  { store, link }: AccessParts,
  { projectId, deviceId }: Pick<Device, 'projectId' | 'deviceId'>,
  { fingerprint, slot, forceDisconnect }: FingerprintReset,
): Promise<void> {
  await store.devices.setFingerprint(projectId, deviceId, { fingerprint, slot });
  if (forceDisconnect) link.close([deviceId], 'fingerprint-reset');
}
