import type {
  AddDeviceGroupRequest,
  DeviceGroup,
  ListDeviceGroupsQuery,
  ListDeviceGroupsResponse,
  ListDevicesInGroupResponse,
  PagingQuery,
  UpdateDeviceGroupRequest,
} from '@muster/contract/v5';
import type { ReadonlyDeep } from '../readonly-deep.ts';
import type { CallOptions } from '../transport.ts';
import { eachListed, type ProjectApi, toQuery } from './project-api.ts';

/** Device groups and their members (v5 7). */
export function createGroups(api: ProjectApi) {
  // The path is singular, the key of the list plural: v5 7.
  const one = (groupId: string, ...rest: string[]): string[] => ['device-group', groupId, ...rest];
  const list = (query: ListDeviceGroupsQuery = {}, options?: CallOptions): Promise<ListDeviceGroupsResponse> =>
    api.json({ ...options, method: 'GET', path: ['device-group'], query: toQuery(query) });
  const listDevices = (
    groupId: string,
    query: PagingQuery = {},
    options?: CallOptions,
  ): Promise<ListDevicesInGroupResponse> =>
    api.json({ ...options, method: 'GET', path: one(groupId, 'devices'), query: toQuery(query) });
  const act = (
    groupId: string,
    query: { action_id: string; device_id: string },
    options?: CallOptions,
  ): Promise<void> => api.json({ ...options, method: 'POST', path: one(groupId, 'action'), query });
  return {
    create: (body: ReadonlyDeep<AddDeviceGroupRequest>, options?: CallOptions): Promise<DeviceGroup> =>
      api.json({ ...options, method: 'POST', path: ['device-group'], json: body }),
    list,
    listAll: (query: ListDeviceGroupsQuery = {}, options?: CallOptions) =>
      eachListed(
        (paged: ListDeviceGroupsQuery) => list(paged, options),
        (page) => ({ items: page.device_groups, marker: page.page.marker }),
        query,
      ),
    get: (groupId: string, options?: CallOptions): Promise<DeviceGroup> =>
      api.json({ ...options, method: 'GET', path: one(groupId) }),
    update: (
      groupId: string,
      body: ReadonlyDeep<UpdateDeviceGroupRequest>,
      options?: CallOptions,
    ): Promise<DeviceGroup> => api.json({ ...options, method: 'PUT', path: one(groupId), json: body }),
    delete: (groupId: string, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'DELETE', path: one(groupId) }),
    /** Adding a member twice succeeds. */
    addDevice: (groupId: string, deviceId: string, options?: CallOptions) =>
      act(groupId, { action_id: 'addDevice', device_id: deviceId }, options),
    removeDevice: (groupId: string, deviceId: string, options?: CallOptions) =>
      act(groupId, { action_id: 'removeDevice', device_id: deviceId }, options),
    listDevices,
    listAllDevices: (groupId: string, query: PagingQuery = {}, options?: CallOptions) =>
      eachListed(
        (paged: PagingQuery) => listDevices(groupId, paged, options),
        ({ devices, page }) => ({ items: devices, marker: page.marker }),
        query,
      ),
  };
}
