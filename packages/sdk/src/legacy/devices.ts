import type { Body, Query } from './call-parts.ts';
import type { LegacyApi, LegacyCallOptions } from './legacy-api.ts';

/** Devices, their shadows and what they can do (legacy 5). */
export function createDevices(api: LegacyApi) {
  const one = (deviceId: string) => ({ params: { deviceId } });
  return {
    /** The answer has the secret that the device signs in with. */
    register: (body: Body<'RegisterDevice'>, options?: LegacyCallOptions) =>
      api.call('RegisterDevice', { ...options, body }),
    /** A new verify code for a device that is not active. */
    refreshKey: (deviceId: string, body: Body<'RefreshDeviceKey'> = {}, options?: LegacyCallOptions) =>
      api.call('RefreshDeviceKey', { ...options, ...one(deviceId), body }),
    activation: (deviceId: string, options?: LegacyCallOptions) =>
      api.call('ShowActivation', { ...options, ...one(deviceId) }),
    /** A page of them: the server wants `gatewayId` or `pageNo`. */
    list: (query: Query<'LegacyListDevices'>, options?: LegacyCallOptions) =>
      api.call('LegacyListDevices', { ...options, query }),
    listAll: (query: Query<'LegacyListDevices'> = {}, options?: LegacyCallOptions) =>
      api.each('LegacyListDevices', { ...options, query }),
    get: (deviceId: string, query: Query<'LegacyShowDevice'> = {}, options?: LegacyCallOptions) =>
      api.call('LegacyShowDevice', { ...options, ...one(deviceId), query }),
    update: (deviceId: string, body: Body<'ModifyDevice'>, options?: LegacyCallOptions) =>
      api.call('ModifyDevice', { ...options, ...one(deviceId), body }),
    /** Its children go with it, unless `cascade` is false. */
    delete: (deviceId: string, query: Query<'LegacyDeleteDevice'> = {}, options?: LegacyCallOptions) =>
      api.call('LegacyDeleteDevice', { ...options, ...one(deviceId), query }),
    shadow: (deviceId: string, options?: LegacyCallOptions) =>
      api.call('LegacyShowDeviceShadow', { ...options, ...one(deviceId) }),
    setShadow: (deviceId: string, body: Body<'SetDeviceShadow'>, options?: LegacyCallOptions) =>
      api.call('SetDeviceShadow', { ...options, ...one(deviceId), body }),
    capabilities: (query: Query<'ListDeviceCapabilities'> = {}, options?: LegacyCallOptions) =>
      api.call('ListDeviceCapabilities', { ...options, query }),
  };
}
