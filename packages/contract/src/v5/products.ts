import { Type } from 'typebox';
import type { Static } from 'typebox';
import { defaulted } from '../schema.ts';
import { PageInfo, appIdField, charsString, id, name, oneOf, pagingQuery, shown, string, text } from './primitives.ts';
import { ServiceCapability } from './service-capability.ts';

// v5 5. Unknown applications answer 001000, a second product of the same id 013001: services.
const protocolTypes = [
  'MQTT',
  'CoAP',
  'HTTP',
  'HTTPS',
  'Modbus',
  'ONVIF',
  'OPC-UA',
  'OPC-DA',
  'Other',
  'TCP',
  'UDP',
] as const;

const productName = name(64, 'Name.', 1);
const deviceType = name(32, 'Kind of device.', 1);
const protocolType = oneOf(protocolTypes, 'Protocol; only MQTT devices exchange data now.');
const dataFormat = oneOf(['json', 'binary'], 'How the devices encode their payload.');
const serviceCapabilities = Type.Array(ServiceCapability, {
  description: 'The product model: its services, together at most 500 KB.',
  maxItems: 500,
});

const optionalFields = {
  manufacturer_name: Type.Optional(name(32, 'Manufacturer.')),
  industry: Type.Optional(name(64, 'Industry.')),
  description: Type.Optional(text(128, 'What the product is.')),
  app_id: Type.Optional(appIdField('Owner; absent: the default application.')),
  model: Type.Optional(name(32, 'Extension: the model that legacy clients see; absent: the name.')),
  manufacturer_id: Type.Optional(
    name(32, 'Extension: the manufacturer id that legacy clients see; absent: the manufacturer name.'),
  ),
  custom_topics: Type.Optional(
    Type.Array(
      charsString({
        chars: 'A-Za-z0-9_/-',
        words: 'letters, digits, _ / and -',
        description: 'A suffix behind $oc/devices/{device_id}/user/.',
        min: 1,
        max: 64,
      }),
      { description: 'Extension: if given, uplink on other user topics is dropped.', maxItems: 50 },
    ),
  ),
};

export const CreateProductRequest = Type.Object({
  product_id: Type.Optional(id(36, 'Id, unique in the application; absent: generated.')),
  name: productName,
  device_type: deviceType,
  protocol_type: protocolType,
  // v5 5: required and with a default at once, so a client that leaves it out gets json.
  data_format: defaulted(dataFormat, 'json'),
  service_capabilities: serviceCapabilities,
  ...optionalFields,
});
export type CreateProductRequest = Static<typeof CreateProductRequest>;

/** No defaults: what is absent stays as it is. `app_id` says which application's product is meant. */
export const UpdateProductRequest = Type.Object({
  name: Type.Optional(productName),
  device_type: Type.Optional(deviceType),
  protocol_type: Type.Optional(protocolType),
  data_format: Type.Optional(dataFormat),
  service_capabilities: Type.Optional(serviceCapabilities),
  ...optionalFields,
});
export type UpdateProductRequest = Static<typeof UpdateProductRequest>;

/** For show and delete. */
export const ProductQuery = Type.Object({
  app_id: Type.Optional(appIdField('Owner; absent: the default application first, else the oldest of that id.')),
});
export type ProductQuery = Static<typeof ProductQuery>;

export const ListProductsQuery = Type.Object({
  app_id: Type.Optional(appIdField('Only products of this application.')),
  product_name: Type.Optional(string(64, 'Exact name.')),
  ...pagingQuery,
});
export type ListProductsQuery = Static<typeof ListProductsQuery>;

const summaryFields = {
  app_id: shown('Owner.'),
  app_name: shown("Owner's name."),
  product_id: shown('Product id.'),
  name: shown('Name.'),
  device_type: shown('Kind of device.'),
  protocol_type: protocolType,
  data_format: dataFormat,
  manufacturer_name: Type.Optional(shown('Manufacturer.')),
  industry: Type.Optional(shown('Industry.')),
  description: Type.Optional(shown('What the product is.')),
  model: Type.Optional(shown('Extension: model for legacy clients.')),
  manufacturer_id: Type.Optional(shown('Extension: manufacturer id for legacy clients.')),
  create_time: shown("Creation time, yyyyMMdd'T'HHmmss'Z'."),
};

export const ProductSummary = Type.Object(summaryFields);
export type ProductSummary = Static<typeof ProductSummary>;

export const Product = Type.Object({
  ...summaryFields,
  service_capabilities: Type.Array(ServiceCapability, { description: 'The product model.' }),
  custom_topics: Type.Optional(
    Type.Array(shown('A topic suffix.'), { description: 'Extension: allowed user topics.' }),
  ),
});
export type Product = Static<typeof Product>;

export const ListProductsResponse = Type.Object({
  products: Type.Array(ProductSummary, { description: 'This page.' }),
  page: PageInfo,
});
export type ListProductsResponse = Static<typeof ListProductsResponse>;
