import type { PropertiesResponse, UpdatePropertiesRequest } from '@muster/contract/v5';
import type { ReadonlyDeep } from '../readonly-deep.ts';
import type { CallOptions } from '../transport.ts';
import type { ProjectApi } from './project-api.ts';

/**
 * Properties as the device itself has them (v5 9). Both wait for its answer, up to 20 s; one with another `result_code` than 0 is no error
 * of the call: look at `error_code`. Offline: IOTDA.014016, no answer: IOTDA.014111.
 */
export function createProperties(api: ProjectApi) {
  const path = (deviceId: string): string[] => ['devices', deviceId, 'properties'];
  return {
    /** Of one service. */
    get: (deviceId: string, serviceId: string, options?: CallOptions): Promise<PropertiesResponse> =>
      api.json({ ...options, method: 'GET', path: path(deviceId), query: { service_id: serviceId } }),
    /** What the product model does not know or does not let be written: IOTDA.013002. */
    set: (
      deviceId: string,
      body: ReadonlyDeep<UpdatePropertiesRequest>,
      options?: CallOptions,
    ): Promise<PropertiesResponse> => api.json({ ...options, method: 'PUT', path: path(deviceId), json: body }),
  };
}
