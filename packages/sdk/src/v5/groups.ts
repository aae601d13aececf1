import type { CallOptions } from '../transport.ts';
import { eachListed, type ProjectApi, toQuery } from './project-api.ts';
import type { CreateGroup, Group, GroupMember, GroupQuery, PageInfo, PageQuery } from './wire.ts';

/** Device groups and their members (v5 7). */
export function createGroups(api: ProjectApi) {
  type Page = { device_groups: Group[]; page: PageInfo };
  type MemberPage = { devices: GroupMember[]; page: PageInfo };
  // The path is singular, the key of the list plural: v5 7.
  const one = (groupId: string, ...rest: string[]): string[] => ['device-group', groupId, ...rest];
  const list = (query: GroupQuery = {}, options?: CallOptions): Promise<Page> =>
    api.json({ ...options, method: 'GET', path: ['device-group'], query: toQuery(query) });
  const listDevices = (groupId: string, query: PageQuery = {}, options?: CallOptions): Promise<MemberPage> =>
    api.json({ ...options, method: 'GET', path: one(groupId, 'devices'), query: toQuery(query) });
  const act = (
    groupId: string,
    query: { action_id: string; device_id: string },
    options?: CallOptions,
  ): Promise<void> => api.json({ ...options, method: 'POST', path: one(groupId, 'action'), query });
  return {
    create: (body: CreateGroup, options?: CallOptions): Promise<Group> =>
      api.json({ ...options, method: 'POST', path: ['device-group'], json: body }),
    list,
    listAll: (query: GroupQuery = {}, options?: CallOptions) =>
      eachListed(
        (paged: GroupQuery) => list(paged, options),
        (page) => ({ items: page.device_groups, marker: page.page.marker }),
        query,
      ),
    get: (groupId: string, options?: CallOptions): Promise<Group> =>
      api.json({ ...options, method: 'GET', path: one(groupId) }),
    update: (groupId: string, body: { name?: string; description?: string }, options?: CallOptions): Promise<Group> =>
      api.json({ ...options, method: 'PUT', path: one(groupId), json: body }),
    delete: (groupId: string, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'DELETE', path: one(groupId) }),
    /** Adding a member twice succeeds. */
    addDevice: (groupId: string, deviceId: string, options?: CallOptions) =>
      act(groupId, { action_id: 'addDevice', device_id: deviceId }, options),
    removeDevice: (groupId: string, deviceId: string, options?: CallOptions) =>
      act(groupId, { action_id: 'removeDevice', device_id: deviceId }, options),
    listDevices,
    listAllDevices: (groupId: string, query: PageQuery = {}, options?: CallOptions) =>
      eachListed(
        (paged: PageQuery) => listDevices(groupId, paged, options),
        ({ devices, page }) => ({ items: devices, marker: page.marker }),
        query,
      ),
  };
}
