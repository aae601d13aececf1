import { asId, type DeviceId, type ProjectId } from '../../domain/ids.ts';
import type { SessionStore } from '../../ports/store/device-store.ts';

/** A direct device that speaks for itself and its children. */
export interface Speaker {
  readonly deviceId: DeviceId;
  readonly projectId: ProjectId;
}

/** Finds whom a device means by an `object_device_id` (device 3.2). */
export interface Family {
  /** `topicDeviceId`: whom it means by saying nothing. Undefined: neither the device itself nor one of its children. */
  resolve(speaker: Speaker, objectId: unknown, topicDeviceId?: string): Promise<DeviceId | undefined>;
}

export function createFamily(sessions: Pick<SessionStore, 'findReach'>): Family {
  return {
    async resolve(speaker, objectId, topicDeviceId = speaker.deviceId) {
      const named = isUnnamed(objectId) ? topicDeviceId : objectId;
      if (named === speaker.deviceId) return speaker.deviceId;
      // No id has NUL, and not every database can be asked for one that has.
      if (typeof named !== 'string' || named.includes('\0')) return undefined;
      const reach = await sessions.findReach(speaker.projectId, asId<DeviceId>(named));
      return reach?.rootId === speaker.deviceId ? reach.deviceId : undefined;
    },
  };
}

/** device 3.2: the C library answers with a literal `-1`. */
const isUnnamed = (objectId: unknown): boolean =>
  objectId === undefined || objectId === null || objectId === '' || objectId === '-1';
