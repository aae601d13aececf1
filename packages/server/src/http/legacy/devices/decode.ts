import type { Decoded } from '@muster/contract';
import type {
  LegacyListDevicesQuery,
  ModifyDeviceRequest,
  RefreshDeviceKeyRequest,
  RegisterDeviceRequest,
  SetDeviceShadowRequest,
} from '@muster/contract/legacy';
import type { DeviceStatus } from '../../../domain/device.ts';
import { asId, type DeviceId, type GroupId, type ProductId } from '../../../domain/ids.ts';
import type { JsonObject } from '../../../domain/json.ts';
import { present } from '../../../domain/present.ts';
import type { DesiredWrite } from '../../../domain/shadow.ts';
import type { Tag } from '../../../domain/tag.ts';
import type { AppDeviceFilter, ModifyDevice, RefreshKey } from '../../../services/app-devices/app-devices.ts';
import type { ProductWish } from '../../../services/app-devices/product-choice.ts';
import type { RegisterDevice } from '../../../services/app-devices/register-device.ts';
import { badInput } from '../problems.ts';
import { decodeEnd, decodeTime } from '../time-field.ts';

type Registration = Decoded<typeof RegisterDeviceRequest>;
type Modification = Decoded<typeof ModifyDeviceRequest>;

export function decodeRegistration(body: Registration): RegisterDevice {
  const { deviceInfo = {}, location, imsi, account, customFields } = body;
  return {
    nodeId: body.nodeId,
    verifyCode: body.verifyCode,
    timeoutSeconds: body.timeout,
    secureAccess: body.isSecure,
    name: body.deviceName ?? deviceInfo.name,
    product: decodeProductWish({ ...deviceInfo, productId: body.productId }),
    legacy: present({ location, imsi, account, endUser: body.endUserId, customFields }),
    groupId: body.groupId === undefined ? undefined : asId<GroupId>(body.groupId),
    tags: decodeTags(body.tags ?? []),
  };
}

export function decodeModification(body: Modification): ModifyDevice {
  const { location, imsi, mute, endUser, region, organization, timezone, ip, customFields } = body;
  return {
    ...present({ name: body.name, secureAccess: body.isSecure, tags: body.tags && decodeTags(body.tags) }),
    product: decodeProductWish(body),
    legacy: present({
      ...{ location, imsi, mute, endUser, region, organization, timezone, ip, customFields },
      dataAgingTime: body.deviceConfig?.dataConfig?.dataAgingTime,
    }),
  };
}

type WishedTraits = Pick<
  Modification,
  'manufacturerId' | 'manufacturerName' | 'deviceType' | 'model' | 'protocolType'
> & { readonly productId?: string | undefined };

function decodeProductWish(said: WishedTraits): ProductWish {
  const { manufacturerId, manufacturerName, deviceType, model, protocolType, productId } = said;
  return present({
    ...{ manufacturerId, manufacturerName, deviceType, model, protocolType },
    productId: productId === undefined ? undefined : asId<ProductId>(productId),
  });
}

function decodeTags(tags: NonNullable<Registration['tags']>): readonly Tag[] {
  const names = tags.map(({ tagName }) => tagName);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw badInput('iocm', `The parameter 'tags' has the tagName '${twice}' twice.`);
  return tags.map(({ tagName: key, tagValue: value }) => ({ key, value }));
}

export const decodeRefresh = (
  { verifyCode, timeout, nodeId }: Decoded<typeof RefreshDeviceKeyRequest>,
  withSecret: boolean,
): RefreshKey => ({ verifyCode, timeoutSeconds: timeout, nodeId, withSecret });

const badFilter = '100405';

export function decodeDeviceFilter(query: Decoded<typeof LegacyListDevicesQuery>): AppDeviceFilter {
  const { gatewayId, status, nodeType, deviceType, location, name } = query;
  return present({
    ...{ nodeType, deviceType, location, name },
    familyOf: gatewayId === undefined ? undefined : asId<DeviceId>(gatewayId),
    statuses: status === undefined ? undefined : shownAs[status],
    createdFrom: decodeTime(query.startTime, 'startTime', badFilter),
    createdTo: decodeEnd(query.endTime, 'endTime', badFilter),
  });
}

/** Legacy 5.1: a frozen device shows as offline, whatever it is else. */
const shownAs = {
  ONLINE: ['ONLINE'],
  OFFLINE: ['OFFLINE', 'FROZEN'],
  INACTIVE: ['INACTIVE'],
  ABNORMAL: ['ABNORMAL'],
} as const satisfies Readonly<Record<string, readonly DeviceStatus[]>>;

export const decodeDesired = ({ serviceDesireds }: Decoded<typeof SetDeviceShadowRequest>): readonly DesiredWrite[] =>
  serviceDesireds.map(({ serviceId, desired }) => ({ serviceId, desired: desired as JsonObject }));
