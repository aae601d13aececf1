import type {
  LegacyDevice,
  LegacyDeviceShadow,
  ListDeviceCapabilitiesResponse,
  RegisterDeviceResponse,
  ShowActivationResponse,
} from '@muster/contract/legacy';
import { type Device, nodeTypeOf } from '../../../domain/device.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../domain/json.ts';
import { legacyDeviceInfo } from '../../../domain/legacy-device-info.ts';
import type { ServiceCapability } from '../../../domain/product.ts';
import { shownGateway } from '../../../domain/shown-device.ts';
import { toBasicTime } from '../../../domain/time.ts';
import type { DescribedDevice, DeviceCapabilities } from '../../../services/app-devices/describe-devices.ts';
import type { RegisteredDevice } from '../../../services/app-devices/register-device.ts';

export function encodeRegistered(
  { deviceId, verifyCode, timeoutSeconds, secret }: RegisteredDevice,
  psk: string | undefined,
): RegisterDeviceResponse {
  return { deviceId, verifyCode, timeout: timeoutSeconds, psk: psk ?? null, secret };
}

export function encodeActivation({ deviceId, connectivity, name }: Device): ShowActivationResponse {
  return { deviceId, activated: connectivity !== 'INACTIVE', name: name ?? null };
}

interface Shown {
  readonly withImsi: boolean;
}

export function encodeDevice(described: DescribedDevice, shown: Shown): LegacyDevice {
  const services = described.shadow.flatMap(({ serviceId, reported, reportedAt }) =>
    reportedAt === undefined
      ? []
      : [
          {
            serviceId,
            serviceType: described.serviceTypeOf(serviceId),
            data: reported,
            eventTime: toBasicTime(reportedAt),
            serviceInfo: { muteCmds: [] },
          },
        ],
  );
  return { ...encodeMembers(described, shown), services };
}

export function encodeShadow(described: DescribedDevice): LegacyDeviceShadow {
  const services = described.shadow.map(({ serviceId, reported, reportedAt, desired }) => ({
    serviceId,
    serviceType: described.serviceTypeOf(serviceId),
    reportedProps: reported,
    desiredProps: desired,
    eventTime: reportedAt === undefined ? null : toBasicTime(reportedAt),
  }));
  return { ...encodeMembers(described, { withImsi: false }), services };
}

function encodeMembers(described: DescribedDevice, shown: Shown): Omit<LegacyDevice, 'services'> {
  const { device } = described;
  return {
    deviceId: device.deviceId,
    gatewayId: shownGateway(device),
    nodeType: nodeTypeOf(device),
    createTime: toBasicTime(device.createdAt),
    lastModifiedTime: toBasicTime(device.modifiedAt ?? device.createdAt),
    deviceInfo: encodeInfo(described, shown),
  };
}

function encodeInfo({ device, traits }: DescribedDevice, { withImsi }: Shown): LegacyDevice['deviceInfo'] {
  return {
    ...withNulls(legacyDeviceInfo(device, traits)),
    ...unknownHere,
    ...(withImsi ? { imsi: device.legacy.imsi ?? null } : {}),
    ...encodeKept(device),
  };
}

type Nulled<T> = { readonly [K in keyof T]-?: undefined extends T[K] ? Exclude<T[K], undefined> | null : T[K] };

/** Documented members are always there (legacy 1.3). */
function withNulls<T extends object>(members: T): Nulled<T> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, value ?? null])) as Nulled<T>;
}

const unknownHere = {
  mac: null,
  hwVersion: null,
  bridgeId: null,
  signalStrength: null,
  sigVersion: null,
  serialNumber: null,
  batteryLevel: null,
} as const;

/** Extension: what was said of the device and has no name in the original's answer. */
function encodeKept({ legacy }: Device) {
  const { license, endUser, account, region, organization, timezone, ip, dataAgingTime, customFields = [] } = legacy;
  return {
    license: license ?? null,
    endUser: endUser ?? null,
    account: account ?? null,
    region: region ?? null,
    organization: organization ?? null,
    timezone: timezone ?? null,
    ip: ip ?? null,
    dataAgingTime: dataAgingTime ?? null,
    customFields: customFields.map(({ fieldName, fieldType, fieldValue }) => ({
      ...{ fieldName, fieldType: fieldType ?? null, fieldValue: fieldValue ?? null },
    })),
  };
}

type Capability = ListDeviceCapabilitiesResponse['deviceCapabilities'][number];

export function encodeCapabilities({ deviceId, capabilities }: DeviceCapabilities): Capability {
  return { deviceId, serviceCapabilities: capabilities.map(encodeService) };
}

function encodeService(service: ServiceCapability): Capability['serviceCapabilities'][number] {
  const { commands = [], properties = [] } = service;
  return {
    serviceId: service.service_id,
    serviceType: service.service_type,
    option: service.option ?? null,
    description: service.description ?? null,
    commands: commands.map((command) => inCamelCase({ ...command })),
    properties: properties.map((property) => inCamelCase({ ...property })),
  };
}

/** The model's words in the spelling of this generation; values of the owner's stay as they are. */
function inCamelCase(members: JsonObject): Record<string, Json> {
  const entries = Object.entries(members).map(([name, value]): [string, Json] => [
    name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    name === 'default_value' ? value : deeper(value),
  ]);
  return Object.fromEntries(entries);
}

function deeper(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(deeper);
  return isJsonObject(value) ? inCamelCase(value) : value;
}
