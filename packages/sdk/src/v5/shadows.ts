import type { DeviceShadow, UpdateShadowRequest } from '@muster/contract/v5';
import type { ReadonlyDeep } from '../readonly-deep.ts';
import type { CallOptions } from '../transport.ts';
import type { ProjectApi } from './project-api.ts';

/** Device shadows: desired and reported property values (v5 9). */
export function createShadows(api: ProjectApi) {
  const path = (deviceId: string): string[] => ['devices', deviceId, 'shadow'];
  return {
    get: (deviceId: string, options?: CallOptions): Promise<DeviceShadow> =>
      api.json({ ...options, method: 'GET', path: path(deviceId) }),
    /**
     * Writes desired values: `{}` clears a service, null a property. With a `version` other than the stored one nothing
     * changes: IOTDA.014133. Gives back the whole shadow.
     */
    update: (deviceId: string, body: ReadonlyDeep<UpdateShadowRequest>, options?: CallOptions): Promise<DeviceShadow> =>
      api.json({ ...options, method: 'PUT', path: path(deviceId), json: body }),
    /** Clears desired and reported values. */
    delete: (deviceId: string, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'DELETE', path: path(deviceId) }),
  };
}
