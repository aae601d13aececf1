import { UpdateShadowRequest } from '@muster/contract/v5';
import { asId, type DeviceId } from '../../../domain/ids.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { ShadowPlace, Shadows } from '../../../services/shadows.ts';
import { v5Route, type V5Call, type V5Route } from '../route.ts';
import { encodeShadow } from './encode.ts';

/** v5 9, Shadow. */
export function createShadowRoutes(shadows: Shadows): V5Route[] {
  return [
    v5Route('ShowDeviceShadow', {
      handle: async (call) => {
        const place = placeOf(call);
        return encodeShadow(place.deviceId, await shadows.get(place));
      },
    }),
    v5Route('UpdateDeviceShadowDesiredData', {
      body: UpdateShadowRequest,
      handle: async (call) => {
        const place = placeOf(call);
        return encodeShadow(place.deviceId, await shadows.update(place, call.body as JsonObject));
      },
    }),
    v5Route('DeleteDeviceShadow', { handle: (call) => shadows.clear(placeOf(call)) }),
  ];
}

const placeOf = ({ projectId, param }: Pick<V5Call, 'projectId' | 'param'>): ShadowPlace => ({
  projectId,
  deviceId: asId<DeviceId>(param('device_id')),
});
