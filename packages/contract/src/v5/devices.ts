import { Type } from 'typebox';
import type { Static } from 'typebox';
import { defaulted } from '../schema.ts';
import {
  PageInfo,
  appIdField,
  charsString,
  freeForm,
  id,
  idChars,
  name,
  oneOf,
  pagingQuery,
  shown,
  string,
  timeField,
} from './primitives.ts';

// v5 6. What needs other rows (product, gateway, taken ids) or the size of an object (extension_info <= 1 KB) is checked in services.
const authTypes = ['SECRET', 'CERTIFICATES'] as const;
export const deviceStatuses = ['ONLINE', 'OFFLINE', 'ABNORMAL', 'INACTIVE', 'FROZEN'] as const;

const deviceSecret = charsString({
  chars: idChars,
  words: 'letters, digits, _ and -',
  description: 'Secret; absent: 32 random hex.',
  min: 8,
  max: 32,
});
const fingerprint = Type.String({
  description: 'SHA-1 (40 hex) or SHA-256 (64 hex) of the certificate.',
  pattern: '^(?:[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})$',
  'x-rule': '40 or 64 hex digits',
});
const secureAccess = Type.Boolean({ description: 'true: the device may connect over TLS only.' });
const timeout = Type.Integer({
  description: 'Seconds until a device that never connected is deleted; 0: never.',
  minimum: 0,
  maximum: 2_147_483_647,
});
const deviceName = name(256, 'Name.');
const description = name(2048, 'What the device is.');
const extensionInfo = freeForm('Anything the owner wants to keep with the device, at most 1 KB.');

const AddAuthInfo = Type.Object(
  {
    auth_type: defaulted(oneOf(authTypes, 'How the device proves who it is.'), 'SECRET'),
    secret: Type.Optional(deviceSecret),
    fingerprint: Type.Optional(fingerprint),
    secure_access: defaulted(secureAccess, true),
    timeout: defaulted(timeout, 0),
  },
  { description: 'How the device signs in.' },
);

const InitialDesired = Type.Object(
  {
    service_id: string(64, 'Service of the product model.', 1),
    desired: freeForm('Desired values by property name.'),
  },
  { description: 'Desired values of one service.' },
);

export const AddDeviceRequest = Type.Object({
  node_id: id(64, 'Id that the owner uses (serial number, MAC), unique in the product.'),
  product_id: id(36, 'Product.'),
  device_id: Type.Optional(id(128, 'Id, unique in the installation; absent: product_id_node_id.')),
  device_name: Type.Optional(deviceName),
  description: Type.Optional(description),
  gateway_id: Type.Optional(id(128, 'Parent, for a child device.', 0)),
  app_id: Type.Optional(appIdField('Owner; absent: the default application.')),
  auth_info: defaulted(AddAuthInfo, {}),
  extension_info: Type.Optional(extensionInfo),
  shadow: Type.Optional(
    Type.Array(InitialDesired, {
      description: 'Initial desired values; they win over the defaults of the product model.',
      maxItems: 500,
    }),
  ),
});
export type AddDeviceRequest = Static<typeof AddDeviceRequest>;

/** No defaults: what is absent stays as it is. The secret changes by ResetDeviceSecret only, so a `secret` here is ignored. */
export const UpdateDeviceRequest = Type.Object({
  device_name: Type.Optional(deviceName),
  description: Type.Optional(description),
  extension_info: Type.Optional(extensionInfo),
  auth_info: Type.Optional(
    Type.Object(
      { secure_access: Type.Optional(secureAccess), timeout: Type.Optional(timeout) },
      { description: 'The two changeable fields of the sign-in.' },
    ),
  ),
});
export type UpdateDeviceRequest = Static<typeof UpdateDeviceRequest>;

/** v5 6: a wrong order of the two times answers 000010, in services. */
export const ListDevicesQuery = Type.Object({
  product_id: Type.Optional(id(36, 'Only devices of this product.', 0)),
  gateway_id: Type.Optional(id(128, 'Only children of this device.', 0)),
  is_cascade_query: Type.Optional(Type.Boolean({ description: 'With gateway_id: children of all levels.' })),
  node_id: Type.Optional(id(64, 'Exact node id.', 0)),
  device_name: Type.Optional(string(256, 'Exact name.')),
  start_time: Type.Optional(timeField('Registered at or after this time.')),
  end_time: Type.Optional(timeField('Registered at or before this time.')),
  app_id: Type.Optional(appIdField('Only devices of this application.')),
  ...pagingQuery,
});
export type ListDevicesQuery = Static<typeof ListDevicesQuery>;

export const DeviceTag = Type.Object(
  { tag_key: shown('Key.'), tag_value: Type.Optional(shown('Value.')) },
  { description: 'A tag.' },
);
export type DeviceTag = Static<typeof DeviceTag>;

const simpleFields = {
  app_id: shown('Owner.'),
  app_name: shown("Owner's name."),
  device_id: shown('Device id.'),
  node_id: shown('Node id.'),
  gateway_id: shown('Parent; a direct device names itself.'),
  device_name: Type.Optional(shown('Name.')),
  node_type: oneOf(['GATEWAY', 'ENDPOINT', 'UNKNOWN'], 'GATEWAY: every direct device; ENDPOINT: a child.'),
  description: Type.Optional(shown('What the device is.')),
  fw_version: Type.Optional(shown('Reported firmware version.')),
  sw_version: Type.Optional(shown('Reported software version.')),
  device_sdk_version: Type.Optional(shown("Reported version of the device's library.")),
  product_id: shown('Product.'),
  product_name: shown("Product's name."),
  status: oneOf(deviceStatuses, 'State.'),
  tags: Type.Array(DeviceTag, { description: 'Tags.' }),
};

/** An entry of ListDevices. */
export const DeviceSimple = Type.Object(simpleFields);
export type DeviceSimple = Static<typeof DeviceSimple>;

export const DeviceAuthInfo = Type.Object(
  {
    auth_type: oneOf(authTypes, 'How the device proves who it is.'),
    secret: Type.Optional(shown('Secret.')),
    secondary_secret: Type.Optional(shown('Second secret, as good as the first.')),
    fingerprint: Type.Optional(shown('Certificate fingerprint.')),
    secondary_fingerprint: Type.Optional(shown('Second fingerprint.')),
    secure_access: Type.Boolean({ description: 'true: the device may connect over TLS only.' }),
    timeout: Type.Integer({ description: 'Seconds until a device that never connected is deleted; 0: never.' }),
  },
  { description: 'How the device signs in.' },
);
export type DeviceAuthInfo = Static<typeof DeviceAuthInfo>;

export const DeviceModule = Type.Object(
  { module_name: shown('Module.'), module_version: shown('Its version.') },
  { description: 'A module.' },
);

export const Device = Type.Object({
  ...simpleFields,
  auth_info: DeviceAuthInfo,
  create_time: shown("Creation time, yyyyMMdd'T'HHmmss'Z'."),
  connection_status_update_time: Type.Optional(shown('Last change of the connection, with milliseconds.')),
  active_time: Type.Optional(shown('First connection, with milliseconds.')),
  modules: Type.Optional(Type.Array(DeviceModule, { description: 'Reported modules.' })),
  extension_info: Type.Optional(extensionInfo),
});
export type Device = Static<typeof Device>;

export const ListDevicesResponse = Type.Object({
  devices: Type.Array(DeviceSimple, { description: 'This page.' }),
  page: PageInfo,
});
export type ListDevicesResponse = Static<typeof ListDevicesResponse>;

/** The query of POST devices/{device_id}/action. */
export const DeviceActionQuery = Type.Object({
  action_id: oneOf(['resetSecret'], 'What to do.'),
});
export type DeviceActionQuery = Static<typeof DeviceActionQuery>;

const secretTypes = ['PRIMARY', 'SECONDARY'] as const;

export const ResetDeviceSecretRequest = Type.Object({
  secret: Type.Optional(deviceSecret),
  force_disconnect: defaulted(Type.Boolean({ description: 'End the connection that used the old secret.' }), false),
  secret_type: defaulted(oneOf(secretTypes, 'Which of the two secrets.'), 'PRIMARY'),
});
export type ResetDeviceSecretRequest = Static<typeof ResetDeviceSecretRequest>;

export const ResetDeviceSecretResponse = Type.Object({
  device_id: shown('Device id.'),
  secret: shown('The new secret.'),
  secret_type: oneOf(secretTypes, 'Which of the two secrets.'),
});
export type ResetDeviceSecretResponse = Static<typeof ResetDeviceSecretResponse>;

export const ResetFingerprintRequest = Type.Object({
  fingerprint: Type.Optional(fingerprint),
  force_disconnect: defaulted(
    Type.Boolean({ description: 'End the connection that used the old certificate.' }),
    false,
  ),
  fingerprint_type: defaulted(oneOf(secretTypes, 'Which of the two fingerprints.'), 'PRIMARY'),
});
export type ResetFingerprintRequest = Static<typeof ResetFingerprintRequest>;

export const ResetFingerprintResponse = Type.Object({
  device_id: shown('Device id.'),
  fingerprint: Type.Optional(shown('The new fingerprint; absent: none is stored there any more.')),
  fingerprint_type: oneOf(secretTypes, 'Which of the two fingerprints.'),
});
export type ResetFingerprintResponse = Static<typeof ResetFingerprintResponse>;

export const ChangeGatewayRequest = Type.Object({
  gateway_id: id(128, 'The new parent, of the same application, at most one level below a direct device.'),
});
export type ChangeGatewayRequest = Static<typeof ChangeGatewayRequest>;
