import {
  AddDeviceRequest,
  ChangeGatewayRequest,
  ListDevicesQuery,
  ResetDeviceSecretRequest,
  ResetFingerprintRequest,
  UpdateDeviceRequest,
} from '@muster/contract/v5';
import { asId, type DeviceId } from '../../../domain/ids.ts';
import type { DeviceService } from '../../../services/devices.ts';
import { maySeeDeviceSecrets } from '../device-secrets.ts';
import { withFieldNames } from '../field-names.ts';
import { encodeGroupSummary } from '../groups/encode.ts';
import { decodePage, encodePage } from '../page.ts';
import { v5Route, type V5Route } from '../route.ts';
import {
  decodeAddDevice,
  decodeDeviceChanges,
  decodeDeviceFilter,
  decodeFingerprintReset,
  decodeSecretReset,
  deviceFieldNames,
} from './decode.ts';
import { encodeDevice, encodeFingerprintReset, encodeSimpleDevice } from './encode.ts';

/** v5 6. */
export function createDeviceRoutes(devices: DeviceService): V5Route[] {
  return withFieldNames(deviceFieldNames, [
    v5Route('AddDevice', {
      body: AddDeviceRequest,
      handle: async ({ projectId, body }) =>
        encodeDevice(await devices.add(projectId, decodeAddDevice(body)), { secrets: true }),
    }),
    v5Route('ListDevices', {
      query: ListDevicesQuery,
      handle: async ({ projectId, query }) => {
        const page = await devices.list(decodeDeviceFilter(projectId, query), decodePage(query));
        return { devices: page.items.map(encodeSimpleDevice), page: encodePage(page) };
      },
    }),
    v5Route('ShowDevice', {
      handle: async (call) =>
        encodeDevice(await devices.get(call.projectId, idOf(call)), { secrets: maySeeDeviceSecrets(call) }),
    }),
    v5Route('UpdateDevice', {
      body: UpdateDeviceRequest,
      handle: async (call) => {
        const device = await devices.update(call.projectId, idOf(call), decodeDeviceChanges(call.body));
        return encodeDevice(device, { secrets: true });
      },
    }),
    v5Route('DeleteDevice', { handle: (call) => devices.delete(call.projectId, idOf(call)) }),
    ...accessRoutes(devices),
    v5Route('ListDeviceGroupsByDevice', {
      handle: async (call) => {
        const groups = await devices.listGroups(call.projectId, idOf(call));
        return { device_groups: groups.map(encodeGroupSummary) };
      },
    }),
  ]);
}

function accessRoutes(devices: DeviceService): V5Route[] {
  return [
    v5Route('FreezeDevice', { handle: (call) => devices.freeze(call.projectId, idOf(call)) }),
    v5Route('UnfreezeDevice', { handle: (call) => devices.unfreeze(call.projectId, idOf(call)) }),
    v5Route('ResetDeviceSecret', {
      body: ResetDeviceSecretRequest,
      handle: async (call) => {
        const deviceId = idOf(call);
        const secret = await devices.resetSecret(call.projectId, deviceId, decodeSecretReset(call.body));
        return { device_id: deviceId, secret, secret_type: call.body.secret_type };
      },
    }),
    v5Route('ResetFingerprint', {
      body: ResetFingerprintRequest,
      handle: async (call) => {
        const deviceId = idOf(call);
        await devices.resetFingerprint(call.projectId, deviceId, decodeFingerprintReset(call.body));
        return encodeFingerprintReset(deviceId, call.body);
      },
    }),
    v5Route('ChangeGateway', {
      body: ChangeGatewayRequest,
      handle: (call) => devices.changeGateway(call.projectId, idOf(call), asId<DeviceId>(call.body.gateway_id)),
    }),
  ];
}

function idOf({ param }: { param(name: string): string }): DeviceId {
  return asId<DeviceId>(param('device_id'));
}
