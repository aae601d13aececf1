import { Type } from 'typebox';
import type { Static } from 'typebox';
import { freeForm, shown, string } from './primitives.ts';

// v5 9, Properties and Shadow. Writability (013002), versions (014133) and key spelling are checked in services.
const serviceId = string(64, 'Service of the product model.', 1);

/** `desired: {}` clears all, a null value clears one key: the nulls inside are handed on. */
export const UpdateShadowRequest = Type.Object({
  shadow: Type.Array(
    Type.Object(
      {
        service_id: serviceId,
        desired: freeForm('Desired values by property name.'),
        version: Type.Optional(Type.Integer({ description: 'Must equal the stored version.' })),
      },
      { description: 'Desired values of one service.' },
    ),
    { description: 'Services to change.', minItems: 1, maxItems: 500 },
  ),
});
export type UpdateShadowRequest = Static<typeof UpdateShadowRequest>;

const ShadowValues = Type.Object(
  {
    properties: Type.Optional(freeForm('Values by property name.')),
    event_time: Type.Optional(shown('When they were set.')),
  },
  { description: 'Values and their time.' },
);

export const DeviceShadow = Type.Object({
  device_id: shown('Device id.'),
  shadow: Type.Array(
    Type.Object(
      {
        service_id: shown('Service of the product model.'),
        desired: Type.Optional(ShadowValues),
        reported: Type.Optional(ShadowValues),
        version: Type.Integer({ description: 'Grows by one with each accepted desired write.' }),
      },
      { description: 'One service.' },
    ),
    { description: 'All services with values.' },
  ),
});
export type DeviceShadow = Static<typeof DeviceShadow>;

export const ListPropertiesQuery = Type.Object({ service_id: serviceId });
export type ListPropertiesQuery = Static<typeof ListPropertiesQuery>;

export const UpdatePropertiesRequest = Type.Object({
  services: Type.Array(
    Type.Object(
      { service_id: serviceId, properties: freeForm('Values by property name.') },
      { description: 'Values of one service.' },
    ),
    { description: 'Services to write.', minItems: 1, maxItems: 500 },
  ),
});
export type UpdatePropertiesRequest = Static<typeof UpdatePropertiesRequest>;

export const PropertiesResponse = Type.Object({
  request_id: shown('Id of the request to the device.'),
  response: Type.Optional(Type.Unknown({ description: 'What the device answered.' })),
  error_code: Type.Optional(shown('Set if the device refused.')),
  error_msg: Type.Optional(shown('What went wrong on the device.')),
});
export type PropertiesResponse = Static<typeof PropertiesResponse>;
