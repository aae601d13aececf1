import { Type } from 'typebox';
import type { Static, TProperties, TSchema } from 'typebox';
import { freeForm } from '../primitives.ts';
import { defaulted } from '../schema.ts';
import { tag, withErrorCode } from '../v5/primitives.ts';
import { pagedOrWhole, pageMembers } from './paging.ts';
import { count, listOf, oneOf, orNull, shown, string, textOrNull } from './primitives.ts';

// Legacy 5. What has no name in v5 is kept, and shown again.
const text = (description: string, max = 256) => Type.Optional(string(max, description));
const flag = (description: string) => Type.Optional(Type.Boolean({ description }));

const timeout = defaulted(
  Type.Integer({
    description: 'Seconds in which the device must connect for the first time, or it is removed; 0: never.',
    minimum: 0,
    maximum: 2_147_483_647,
  }),
  180,
);
const verifyCode = Type.Optional(
  withErrorCode(string(256, 'Code that the device was made with, in any case; absent: generated.', 1), '100003'),
);

/** What says which product a device is of, where no product is named: the first four, all of them. */
const traits = {
  manufacturerId: text('Manufacturer id of the product.'),
  deviceType: text('Device type of the product.'),
  model: text('Model of the product.'),
  protocolType: text('Protocol of the product.'),
  manufacturerName: text('Manufacturer of the product.'),
};

const customFields = Type.Optional(
  Type.Array(
    Type.Object({
      fieldName: string(256, 'Name.', 1),
      fieldType: text('Type.'),
      fieldValue: text('Value.', 1024),
    }),
    { description: 'Fields of the owner, kept as they are, at most 50.', maxItems: 50 },
  ),
);

const tags = Type.Optional(
  Type.Array(
    Type.Object({
      tagName: tag(64, 'Key.', 1),
      tagValue: Type.Optional(tag(128, 'Value.')),
      tagType: text('Not kept.'),
    }),
    { description: 'Tags that are bound to the device, at most 10.', maxItems: 10 },
  ),
);

export const RegisterDeviceRequest = Type.Object({
  nodeId: string(256, 'Id that the owner uses, unique in the application.', 1),
  verifyCode,
  timeout,
  endUserId: text('End user.'),
  imsi: text('IMSI.', 64),
  psk: text('Pre-shared key; sent back and not kept: no protocol here uses one.', 64),
  isSecure: defaulted(Type.Boolean({ description: 'true: it connects over TLS alone.' }), false),
  productId: text('Product; absent: what deviceInfo says, or none yet.', 36),
  deviceInfo: Type.Optional(
    Type.Object(
      { ...traits, name: text('Name.') },
      { description: 'Which product it is of, all four members or none.' },
    ),
  ),
  deviceName: text('Name; counts before that of deviceInfo.'),
  groupId: text('Device group that takes the device.', 64),
  location: text('Location.', 1024),
  tags,
  customFields,
  account: text('Account.'),
});
export type RegisterDeviceRequest = Static<typeof RegisterDeviceRequest>;

export const RegisterDeviceResponse = Type.Object({
  deviceId: shown('Id of the device.'),
  verifyCode: shown('Code that the device was made with.'),
  timeout: count('Seconds in which the device must connect for the first time; 0: without end.'),
  psk: textOrNull('As sent.'),
  secret: textOrNull('With which the device signs in by MQTT.'),
});
export type RegisterDeviceResponse = Static<typeof RegisterDeviceResponse>;

export const RefreshDeviceKeyRequest = Type.Object({
  verifyCode,
  timeout,
  nodeId: text('Must be that of the device.'),
});
export type RefreshDeviceKeyRequest = Static<typeof RefreshDeviceKeyRequest>;

const refreshed = { verifyCode: shown('The new code.'), timeout: count('As sent.') };
export const RefreshDeviceKeyResponse = Type.Object(refreshed);
export type RefreshDeviceKeyResponse = Static<typeof RefreshDeviceKeyResponse>;

export const RefreshDeviceSecretResponse = Type.Object({
  ...refreshed,
  secret: textOrNull('The new secret, good from now on; null: the device signs in with a certificate.'),
});
export type RefreshDeviceSecretResponse = Static<typeof RefreshDeviceSecretResponse>;

export const ShowActivationResponse = Type.Object({
  deviceId: shown('The device.'),
  activated: Type.Boolean({ description: 'It has connected once.' }),
  name: textOrNull('Its name.'),
});
export type ShowActivationResponse = Static<typeof ShowActivationResponse>;

const yesOrNo = (description: string) => orNull(oneOf(['TRUE', 'FALSE'], description), description);

const DeviceInfo = Type.Object(
  {
    nodeId: textOrNull('Id that the owner uses.'),
    name: textOrNull('Name.'),
    description: textOrNull('What the device is.'),
    manufacturerId: textOrNull('Manufacturer id of its product.'),
    manufacturerName: textOrNull('Manufacturer of its product.'),
    mac: textOrNull('Not known here.'),
    location: textOrNull('Location.'),
    deviceType: textOrNull('Device type of its product.'),
    model: textOrNull('Model of its product.'),
    swVersion: textOrNull('Software version that it reported.'),
    fwVersion: textOrNull('Firmware version that it reported.'),
    hwVersion: textOrNull('Not known here.'),
    protocolType: textOrNull('Protocol of its product.'),
    bridgeId: textOrNull('Not known here.'),
    status: oneOf(['ONLINE', 'OFFLINE', 'INACTIVE', 'ABNORMAL'], 'A frozen device is OFFLINE.'),
    statusDetail: oneOf(['NONE', 'NOT_ACTIVE'], 'NOT_ACTIVE: it never connected, or is frozen.'),
    mute: yesOrNo('Its owner wants to hear nothing of it.'),
    supportedSecurity: yesOrNo('It can connect over TLS.'),
    isSecurity: yesOrNo('It connects over TLS alone.'),
    signalStrength: textOrNull('Not known here.'),
    sigVersion: textOrNull('Not known here.'),
    serialNumber: textOrNull('Not known here.'),
    batteryLevel: textOrNull('Not known here.'),
    imsi: Type.Optional(textOrNull('IMSI; with select=imsi alone.')),
    license: textOrNull('Extension: license.'),
    endUser: textOrNull('Extension: end user.'),
    account: textOrNull('Extension: account.'),
    region: textOrNull('Extension: region.'),
    organization: textOrNull('Extension: organization.'),
    timezone: textOrNull('Extension: time zone.'),
    ip: textOrNull('Extension: address.'),
    dataAgingTime: orNull(count('Days.'), 'Extension: days for which data are kept.'),
    customFields: Type.Array(
      Type.Object({
        fieldName: shown('Name.'),
        fieldType: textOrNull('Type.'),
        fieldValue: textOrNull('Value.'),
      }),
      { description: 'Extension: fields of the owner.' },
    ),
  },
  { description: 'What is known of the device.' },
);

const deviceMembers = {
  deviceId: shown('Id.'),
  gatewayId: shown('Its gateway; a direct device: its own id.'),
  nodeType: oneOf(['ENDPOINT', 'GATEWAY', 'UNKNOW'], 'A direct device is a gateway.'),
  createTime: shown("When it was registered, yyyyMMdd'T'HHmmss'Z'."),
  lastModifiedTime: shown("When its name and the like last changed, yyyyMMdd'T'HHmmss'Z'."),
  deviceInfo: DeviceInfo,
};

const serviceId = shown('Service.');
const serviceType = shown('Type of the service in the product model; not in the model: its id.');

export const LegacyDevice = Type.Object(
  {
    ...deviceMembers,
    services: listOf(
      {
        serviceId,
        serviceType,
        data: freeForm('What the device last reported.'),
        eventTime: shown("When, yyyyMMdd'T'HHmmss'Z'."),
        serviceInfo: Type.Object(
          { muteCmds: Type.Array(Type.String(), { description: 'Always empty.' }) },
          { description: 'Settings of the service.' },
        ),
      },
      'Services of which the device has reported something.',
    ),
  },
  { description: 'A device.' },
);
export type LegacyDevice = Static<typeof LegacyDevice>;

export const ShowDeviceQuery = Type.Object({ select: text('imsi: show that, too.') });
export type ShowDeviceQuery = Static<typeof ShowDeviceQuery>;

const badFilter = '100405';
const filter = <S extends TSchema>(schema: S) => Type.Optional(withErrorCode(schema, badFilter));

export const LegacyListDevicesQuery = Type.Object({
  gatewayId: filter(string(256, 'Only this device and its children.')),
  nodeType: filter(oneOf(['ENDPOINT', 'GATEWAY', 'UNKNOW'], 'Only devices of this type.')),
  deviceType: filter(string(256, 'Only devices of products of this device type.')),
  status: filter(oneOf(['ONLINE', 'OFFLINE', 'INACTIVE', 'ABNORMAL'], 'Only devices in this state.')),
  startTime: filter(string(16, "Only devices registered since then, yyyyMMdd'T'HHmmss'Z'.")),
  endTime: filter(string(16, "Only devices registered until then, yyyyMMdd'T'HHmmss'Z'.")),
  location: filter(string(1024, 'Only devices of this location.')),
  name: filter(string(256, 'Only devices of this name.')),
  select: text('imsi: show that, too.'),
  sort: defaulted(withErrorCode(oneOf(['ASC', 'DESC'], 'By the time of registration.'), badFilter), 'DESC'),
  ...pagedOrWhole({ usual: 25, max: 250, code: badFilter }),
});
export type LegacyListDevicesQuery = Static<typeof LegacyListDevicesQuery>;

export const LegacyListDevicesResponse = Type.Object({
  devices: Type.Array(LegacyDevice, { description: 'The devices.' }),
  ...pageMembers,
});
export type LegacyListDevicesResponse = Static<typeof LegacyListDevicesResponse>;

export const ModifyDeviceRequest = Type.Object({
  name: text('Name.'),
  endUser: text('End user.'),
  mute: flag('TRUE: its owner wants to hear nothing of it.'),
  ...traits,
  location: text('Location.', 1024),
  deviceConfig: Type.Optional(
    Type.Object(
      {
        dataConfig: Type.Optional(
          Type.Object(
            {
              dataAgingTime: Type.Optional(
                Type.Integer({ description: 'Days for which data are kept.', minimum: 0, maximum: 90 }),
              ),
            },
            { description: 'Of its data.' },
          ),
        ),
      },
      { description: 'Settings.' },
    ),
  ),
  region: text('Region.'),
  organization: text('Organization.'),
  timezone: text('Time zone.'),
  imsi: text('IMSI.', 64),
  ip: text('Address.'),
  isSecure: flag('TRUE: it connects over TLS alone.'),
  psk: text('Ignored: no protocol here uses one.', 64),
  productId: text('Product that it moves to.', 36),
  customFields,
  tags,
});
export type ModifyDeviceRequest = Static<typeof ModifyDeviceRequest>;

export const DeleteDeviceQuery = Type.Object({
  cascade: defaulted(Type.Boolean({ description: 'Its children go with it; false: it must not have any.' }), true),
});
export type DeleteDeviceQuery = Static<typeof DeleteDeviceQuery>;

export const LegacyDeviceShadow = Type.Object({
  ...deviceMembers,
  services: listOf(
    {
      serviceId,
      serviceType,
      reportedProps: freeForm('What the device last reported.'),
      desiredProps: freeForm('What it is to take over.'),
      eventTime: textOrNull("When it last reported, yyyyMMdd'T'HHmmss'Z'."),
    },
    'Services of its shadow.',
  ),
});
export type LegacyDeviceShadow = Static<typeof LegacyDeviceShadow>;

export const SetDeviceShadowRequest = Type.Object({
  serviceDesireds: Type.Array(
    Type.Object({
      serviceId: string(64, 'Service.', 1),
      desired: freeForm('Values that the device is to take over; none: they stay as they are.'),
    }),
    { description: 'What changes, at most 500 services.', minItems: 1, maxItems: 500 },
  ),
});
export type SetDeviceShadowRequest = Static<typeof SetDeviceShadowRequest>;

export const ListDeviceCapabilitiesQuery = Type.Object({
  deviceId: text('The device.'),
  gatewayId: text('This device and its children.'),
});
export type ListDeviceCapabilitiesQuery = Static<typeof ListDeviceCapabilitiesQuery>;

const memberObject = (description: string) =>
  Type.Array(freeForm('As in the product model, member names in camel case.'), { description });

const DeviceCapability = {
  deviceId: shown('The device.'),
  serviceCapabilities: listOf(
    {
      serviceId,
      serviceType,
      option: textOrNull('Whether devices must have the service.'),
      description: textOrNull('What the service is.'),
      commands: memberObject('Its commands.'),
      properties: memberObject('Its properties.'),
    } satisfies TProperties,
    'Services of its product model.',
  ),
};

export const ListDeviceCapabilitiesResponse = Type.Object({
  deviceCapabilities: listOf(DeviceCapability, 'What the devices can do, the oldest first.'),
  ...pageMembers,
});
export type ListDeviceCapabilitiesResponse = Static<typeof ListDeviceCapabilitiesResponse>;
