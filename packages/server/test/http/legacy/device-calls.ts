import { expect } from 'vitest';
import type { DeviceId } from '../../../src/domain/ids.ts';
import type { LegacyApi } from './legacy-api.ts';

/** Where devices are asked about (legacy 5), and what tests ask everywhere. */
export const register = '/iocm/app/reg/v1.1.0/deviceCredentials';
export const registerV2 = '/iocm/app/reg/v2.0.0/deviceCredentials';
export const devices = '/iocm/app/dm/v1.4.0/devices';
export const shadows = '/iocm/app/shadow/v1.5.0/devices';
export const capabilities = '/iocm/app/data/v1.1.0/deviceCapabilities';

export type Members = Readonly<Record<string, unknown>>;
export type Shown = Members & { readonly deviceId: DeviceId; readonly deviceInfo: Members };

export async function registered({ client }: LegacyApi, body: object, path = register): Promise<Shown> {
  const { status, json, text } = await client.ask('POST', path, { body });
  expect([status, status === 200 ? '' : text]).toEqual([200, '']);
  return json as Shown;
}

export const shown = async ({ client }: LegacyApi, deviceId: string, query = ''): Promise<Shown> =>
  (await client.ask('GET', `${devices}/${deviceId}${query}`)).json as Shown;

export async function listed({ client }: LegacyApi, query: string) {
  const { status, json } = await client.ask('GET', `${devices}?${query}`);
  expect(status).toBe(200);
  const { devices: found, ...page } = json as { readonly devices: readonly Shown[] } & Members;
  return { ...page, ids: found.map(({ deviceId }) => deviceId) };
}

export const pump = {
  deviceType: 'Pump',
  model: 'P-7',
  manufacturerId: 'acme',
  manufacturerName: 'Acme',
  protocolType: 'MQTT',
};
