import type { DeviceId, ProjectId } from '../../domain/ids.ts';
import type { Tag } from '../../domain/tag.ts';

/** Which device a call means. */
export interface TaggedDevice {
  readonly projectId: ProjectId;
  readonly deviceId: DeviceId;
}

/** Tags of devices (v5 8): all or nothing. */
export interface TagStore {
  /** Keys are distinct; one that is there already gets the new value. Problems: deviceNotFound (`deviceId`), tagLimit. */
  bind(device: TaggedDevice, tags: readonly Tag[]): Promise<void>;
  /** Keys are distinct. Problems: deviceNotFound (`deviceId`), tagNotBound. */
  unbind(device: TaggedDevice, keys: readonly string[]): Promise<void>;
}
