import type {
  AddDeviceRequest,
  ChangeGatewayRequest,
  Device,
  ListDevicesQuery,
  ListDevicesResponse,
  ResetDeviceSecretRequest,
  ResetDeviceSecretResponse,
  ResetFingerprintRequest,
  ResetFingerprintResponse,
  SearchDevicesResponse,
  UpdateDeviceRequest,
} from '@muster/contract/v5';
import type { ReadonlyDeep } from '../readonly-deep.ts';
import type { CallOptions } from '../transport.ts';
import { eachListed, type ProjectApi, toQuery } from './project-api.ts';

/** Devices (v5 6). */
export function createDevices(api: ProjectApi) {
  const one = (deviceId: string, ...rest: string[]): string[] => ['devices', deviceId, ...rest];
  const list = (query: ListDevicesQuery = {}, options?: CallOptions): Promise<ListDevicesResponse> =>
    api.json({ ...options, method: 'GET', path: ['devices'], query: toQuery(query) });
  const post = <T>(path: string[], options?: CallOptions): Promise<T> => api.json({ ...options, method: 'POST', path });
  return {
    create: (body: ReadonlyDeep<AddDeviceRequest>, options?: CallOptions): Promise<Device> =>
      api.json({ ...options, method: 'POST', path: ['devices'], json: body }),
    list,
    listAll: (query: ListDevicesQuery = {}, options?: CallOptions) =>
      eachListed(
        (paged: ListDevicesQuery) => list(paged, options),
        ({ devices, page }) => ({ items: devices, marker: page.marker }),
        query,
      ),
    /** By a statement like SQL (v5 6.1): `devices` of `select *`, `count` of `select count(*)`. */
    search: (sql: string, options?: CallOptions): Promise<SearchDevicesResponse> =>
      api.json({ ...options, method: 'POST', path: ['search', 'query-devices'], json: { sql } }),
    get: (deviceId: string, options?: CallOptions): Promise<Device> =>
      api.json({ ...options, method: 'GET', path: one(deviceId) }),
    update: (deviceId: string, body: ReadonlyDeep<UpdateDeviceRequest>, options?: CallOptions): Promise<Device> =>
      api.json({ ...options, method: 'PUT', path: one(deviceId), json: body }),
    delete: (deviceId: string, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'DELETE', path: one(deviceId) }),
    freeze: (deviceId: string, options?: CallOptions) => post<void>(one(deviceId, 'freeze'), options),
    unfreeze: (deviceId: string, options?: CallOptions) => post<void>(one(deviceId, 'unfreeze'), options),
    /** A new primary or secondary secret; without `secret` the server draws one. */
    resetSecret: (deviceId: string, body: ReadonlyDeep<ResetDeviceSecretRequest> = {}, options?: CallOptions) =>
      api.json<ResetDeviceSecretResponse>({
        ...options,
        method: 'POST',
        path: one(deviceId, 'action'),
        query: { action_id: 'resetSecret' },
        json: body,
      }),
    /** Another primary or secondary certificate; without `fingerprint` the slot is cleared. */
    resetFingerprint: (deviceId: string, body: ReadonlyDeep<ResetFingerprintRequest> = {}, options?: CallOptions) =>
      api.json<ResetFingerprintResponse>({
        ...options,
        method: 'POST',
        path: one(deviceId, 'reset-fingerprint'),
        json: body,
      }),
    /** Hangs a child under another gateway of its application. */
    changeGateway: (deviceId: string, body: ReadonlyDeep<ChangeGatewayRequest>, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'POST', path: one(deviceId, 'change-gateway'), json: body }),
  };
}
