import { ListPropertiesQuery, type PropertiesResponse, UpdatePropertiesRequest } from '@muster/contract/v5';
import { asId, type DeviceId } from '../../../domain/ids.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { DeviceAnswer } from '../../../services/device-calls.ts';
import type { PropertyCall, PropertyService } from '../../../services/properties.ts';
import { v5Route, type V5Call, type V5Route } from '../route.ts';

/** v5 9, Properties. */
export function createPropertyRoutes(properties: PropertyService): V5Route[] {
  return [
    v5Route('ListProperties', {
      query: ListPropertiesQuery,
      handle: async (call) => encodeAnswer(await properties.get(callOf(call), call.query.service_id)),
    }),
    v5Route('UpdateProperties', {
      body: UpdatePropertiesRequest,
      handle: async (call) => {
        const services = call.body.services.map(({ service_id: serviceId, properties: values }) => ({
          serviceId,
          properties: values as JsonObject,
        }));
        return encodeAnswer(await properties.set(callOf(call), services));
      },
    }),
  ];
}

const callOf = ({ projectId, param, signal }: Pick<V5Call, 'projectId' | 'param' | 'signal'>): PropertyCall => ({
  projectId,
  deviceId: asId<DeviceId>(param('device_id')),
  signal,
});

function encodeAnswer({ requestId, response, failure }: DeviceAnswer): PropertiesResponse {
  return {
    request_id: requestId,
    // The device's own object, whatever it holds.
    response,
    ...(failure === undefined ? {} : { error_code: `IOTDA.${failure.code}`, error_msg: failure.message }),
  };
}
