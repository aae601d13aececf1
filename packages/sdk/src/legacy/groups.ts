import type { Body, Query } from './call-parts.ts';
import type { LegacyApi, LegacyCallOptions } from './legacy-api.ts';

/** Device groups and their members (legacy 6). */
export function createGroups(api: LegacyApi) {
  const one = (devGroupId: string) => ({ params: { devGroupId } });
  return {
    create: (body: Body<'CreateDeviceGroup'>, options?: LegacyCallOptions) =>
      api.call('CreateDeviceGroup', { ...options, body }),
    list: (query: Query<'ListDeviceGroups'> = {}, options?: LegacyCallOptions) =>
      api.call('ListDeviceGroups', { ...options, query }),
    listAll: (query: Query<'ListDeviceGroups'> = {}, options?: LegacyCallOptions) =>
      api.each('ListDeviceGroups', { ...options, query }),
    get: (devGroupId: string, options?: LegacyCallOptions) =>
      api.call('ShowDeviceGroup', { ...options, ...one(devGroupId) }),
    update: (devGroupId: string, body: Body<'ModifyDeviceGroup'>, options?: LegacyCallOptions) =>
      api.call('ModifyDeviceGroup', { ...options, ...one(devGroupId), body }),
    delete: (devGroupId: string, options?: LegacyCallOptions) =>
      api.call('DeleteDeviceGroup', { ...options, ...one(devGroupId) }),
    /** Ids of its devices. */
    listAllDevices: (devGroupId: string, options?: LegacyCallOptions) =>
      api.each('ListGroupMembers', { ...options, query: { devGroupId } }),
    /** All or none; adding twice succeeds. */
    addDevices: (devGroupId: string, deviceIds: readonly string[], options?: LegacyCallOptions) =>
      api.call('AddDevicesToGroup', { ...options, body: { devGroupId, deviceIds } }),
    removeDevices: (devGroupId: string, deviceIds: readonly string[], options?: LegacyCallOptions) =>
      api.call('RemoveDevicesFromGroup', { ...options, body: { devGroupId, deviceIds } }),
  };
}
