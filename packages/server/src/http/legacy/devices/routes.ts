import {
  DeleteDeviceQuery,
  LegacyListDevicesQuery,
  ListDeviceCapabilitiesQuery,
  ModifyDeviceRequest,
  RefreshDeviceKeyRequest,
  RegisterDeviceRequest,
  SetDeviceShadowRequest,
  ShowDeviceQuery,
} from '@muster/contract/legacy';
import type { App } from '../../../domain/app.ts';
import { asId, type DeviceId } from '../../../domain/ids.ts';
import { present } from '../../../domain/present.ts';
import type { AppDeviceService, RefreshedKey, RefreshKey } from '../../../services/app-devices/app-devices.ts';
import { LegacyError } from '../legacy-error.ts';
import { answerList } from '../page.ts';
import { badInput, type LegacyCodes } from '../problems.ts';
import { type LegacyRoute, legacyRoute } from '../route.ts';
import { decodeDesired, decodeDeviceFilter, decodeModification, decodeRefresh, decodeRegistration } from './decode.ts';
import { encodeActivation, encodeCapabilities, encodeDevice, encodeRegistered, encodeShadow } from './encode.ts';

/** Legacy 5. `rowsMax`: of a list that is not paged. */
export function createDeviceRoutes(devices: AppDeviceService, rowsMax: number): LegacyRoute[] {
  return [
    ...credentialRoutes(devices),
    ...managementRoutes(devices),
    ...listRoutes(devices, rowsMax),
    ...shadowRoutes(devices),
  ];
}

const registerCodes: LegacyCodes = { groupNotFound: '100603', groupType: '100603', groupFull: '100601' };
const deviceIdOf = (param: (name: string) => string): DeviceId => asId<DeviceId>(param('deviceId'));

function credentialRoutes(devices: AppDeviceService): LegacyRoute[] {
  return [
    legacyRoute('RegisterDevice', {
      ...{ body: RegisterDeviceRequest, codes: registerCodes },
      handle: async ({ owner, body }) => {
        const registered = await devices.register(owner, decodeRegistration(body));
        if (registered.kind === 'refused') throw new LegacyError(registered.reason === 'bound' ? '100416' : '100426');
        return encodeRegistered(registered, body.psk);
      },
    }),
    legacyRoute('RefreshDeviceKey', {
      body: RefreshDeviceKeyRequest,
      handle: async ({ owner, param, body }) => {
        const { verifyCode } = await refresh(devices, { owner, param }, decodeRefresh(body, false));
        return { verifyCode, timeout: body.timeout };
      },
    }),
    legacyRoute('RefreshDeviceSecret', {
      body: RefreshDeviceKeyRequest,
      handle: async ({ owner, param, body }) => {
        const { verifyCode, secret = null } = await refresh(devices, { owner, param }, decodeRefresh(body, true));
        return { verifyCode, timeout: body.timeout, secret };
      },
    }),
    legacyRoute('ShowActivation', {
      handle: async ({ owner, param }) => encodeActivation(await devices.get(owner, deviceIdOf(param))),
    }),
  ];
}

const refreshCodes = { 'not-active': '100610', online: '100611' } as const;

interface Place {
  readonly owner: App;
  param(name: string): string;
}

async function refresh(
  devices: AppDeviceService,
  { owner, param }: Place,
  command: RefreshKey,
): Promise<Pick<RefreshedKey, 'verifyCode' | 'secret'>> {
  const refreshed = await devices.refreshKey(owner, deviceIdOf(param), command);
  if (refreshed.kind === 'refreshed') return refreshed;
  if (refreshed.reason === 'other-node') throw badInput('iocm', "The parameter 'nodeId' must be that of the device.");
  throw new LegacyError(refreshCodes[refreshed.reason]);
}

function managementRoutes(devices: AppDeviceService): LegacyRoute[] {
  return [
    legacyRoute('LegacyShowDevice', {
      query: ShowDeviceQuery,
      handle: async ({ owner, param, query }) =>
        encodeDevice(await devices.describe(owner, deviceIdOf(param)), { withImsi: selectsImsi(query) }),
    }),
    legacyRoute('ModifyDevice', {
      body: ModifyDeviceRequest,
      handle: ({ owner, param, body }) => devices.modify(owner, deviceIdOf(param), decodeModification(body)),
    }),
    legacyRoute('LegacyDeleteDevice', {
      query: DeleteDeviceQuery,
      handle: ({ owner, param, query: { cascade } }) => devices.delete(owner, deviceIdOf(param), { cascade }),
    }),
  ];
}

const selectsImsi = ({ select }: { readonly select?: string }): boolean => select === 'imsi';

/** Each comes with its shadow or its model, so that fewer of them are held at once than of other lists. */
const chunkSize = 100;

function listRoutes(devices: AppDeviceService, rowsMax: number): LegacyRoute[] {
  return [
    legacyRoute('LegacyListDevices', {
      query: LegacyListDevicesQuery,
      handle: ({ owner, query }) => {
        if (query.gatewayId === undefined && query.pageNo === undefined) throw new LegacyError('100218');
        const filter = decodeDeviceFilter(query);
        const shown = { withImsi: selectsImsi(query) };
        return answerList(query, {
          ...{ member: 'devices', rowsMax, chunkSize },
          ...(query.sort === 'DESC' && { readNewestFirst: (page) => devices.list(owner, filter, page) }),
          read: (page) => devices.list(owner, filter, page),
          encode: (device) => encodeDevice(device, shown),
        });
      },
      codes: { timeRange: '100405' },
    }),
    legacyRoute('ListDeviceCapabilities', {
      query: ListDeviceCapabilitiesQuery,
      handle: ({ owner, query: { deviceId, gatewayId } }) => {
        if (deviceId === undefined && gatewayId === undefined) {
          throw badInput('iocm', "One of the parameters 'deviceId' and 'gatewayId' is required.");
        }
        const filter = present({
          deviceId: deviceId === undefined ? undefined : asId<DeviceId>(deviceId),
          familyOf: gatewayId === undefined ? undefined : asId<DeviceId>(gatewayId),
        });
        return answerList(
          { pageSize: rowsMax },
          {
            ...{ member: 'deviceCapabilities', rowsMax, chunkSize, encode: encodeCapabilities },
            read: (page) => devices.listCapabilities(owner, filter, page),
          },
        );
      },
    }),
  ];
}

function shadowRoutes(devices: AppDeviceService): LegacyRoute[] {
  return [
    legacyRoute('LegacyShowDeviceShadow', {
      handle: async ({ owner, param }) => encodeShadow(await devices.describe(owner, deviceIdOf(param))),
    }),
    legacyRoute('SetDeviceShadow', {
      body: SetDeviceShadowRequest,
      handle: ({ owner, param, body }) => devices.setDesired(owner, deviceIdOf(param), decodeDesired(body)),
    }),
  ];
}
