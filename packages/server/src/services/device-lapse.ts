import { Problem } from '../domain/problem.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { DeviceStore } from '../ports/store/device-store.ts';
import type { DeviceService } from './devices.ts';

export interface DeviceLapseParts {
  readonly store: { readonly devices: DeviceStore };
  readonly devices: Pick<DeviceService, 'get' | 'delete'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * v5 6: deletes devices that never connected within their `timeout`, at most `limit` in one sweep; returns how many went. A device
 * with children stays, as it does when the API is told to delete it.
 */
export async function sweepLapsedDevices(parts: DeviceLapseParts, limit = 100): Promise<number> {
  let deleted = 0;
  for (const { projectId, deviceId } of await parts.store.devices.listLapsed(parts.clock.now(), limit)) {
    try {
      // It may have connected since the list was read.
      if ((await parts.devices.get(projectId, deviceId)).connectivity !== 'INACTIVE') continue;
      await parts.devices.delete(projectId, deviceId);
      deleted += 1;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      parts.log.debug({ deviceId, reason: error.message }, 'a device that never connected stays');
    }
  }
  return deleted;
}
