import { describe, expect, it } from 'vitest';
import type { DeviceId } from '../../../src/domain/ids.ts';
import { codeOf, type LegacyApi, startLegacyApi } from './legacy-api.ts';

const groups = '/iocm/app/devgroup/v1.3.0/devGroups';
const add = '/iocm/app/dm/v1.1.0/devices/addDevGroupTagToDevices';
const remove = '/iocm/app/dm/v1.1.0/devices/deleteDevGroupTagFromDevices';
const ids = '/iocm/app/dm/v1.2.0/devices/ids';

type Group = Readonly<Record<string, unknown>> & { readonly id: string };

async function create({ client }: LegacyApi, body: object): Promise<Group> {
  const { status, json } = await client.ask('POST', groups, { body });
  expect(status).toBe(200);
  return json as Group;
}

const membersOf = async ({ client }: LegacyApi, groupId: string, query = '') =>
  (await client.ask('GET', `${ids}?devGroupId=${groupId}${query}`)).json;

describe('Device groups', () => {
  it('are created, filled, listed, emptied and deleted [legacy 43]', async () => {
    const api = await startLegacyApi();
    const { client, given, scope, appId } = api;
    const [first, second, third] = (await given.devices(scope, 3)) as [DeviceId, DeviceId, DeviceId];
    const group = await create(api, { name: 'line 3', id: 'mine', deviceIds: [first] });
    const shown = {
      ...{ name: 'line 3', description: null, id: group.id, appId, maxDevNum: 0, curDevNum: 1, creator: appId },
    };
    expect(group).toEqual(shown);
    expect(group.id).not.toBe('mine');
    expect(codeOf(await client.ask('POST', groups, { body: { name: 'line 3' } }))).toBe('403 100602');

    const body = { devGroupId: group.id, deviceIds: [first, third, second] };
    for (let times = 0; times < 2; times++) {
      const added = await client.ask('POST', add, { body });
      expect([added.status, added.json]).toEqual([200, body]);
    }
    expect(await membersOf(api, group.id)).toEqual({
      ...{ deviceIds: [first, third, second], totalCount: 3, pageNo: 0, pageSize: 3 },
    });
    expect(await membersOf(api, group.id, '&pageNo=1&pageSize=2')).toEqual({
      ...{ deviceIds: [second], totalCount: 3, pageNo: 1, pageSize: 2 },
    });
    const removed = await client.ask('POST', remove, { body: { devGroupId: group.id, deviceIds: [first, first] } });
    expect([removed.status, removed.text]).toEqual([204, '']);

    const listed = await client.ask('GET', groups);
    expect([listed.headers['content-type'], listed.json]).toEqual([
      'application/json',
      { list: [{ ...shown, curDevNum: 2 }], totalCount: 1, pageNo: 0, pageSize: 1 },
    ]);
    const gone = await client.ask('DELETE', `${groups}/${group.id}`);
    expect([gone.status, gone.text]).toEqual([204, '']);
    expect(codeOf(await client.ask('DELETE', `${groups}/${group.id}`))).toBe('404 100603');
    expect((await api.store.devices.find(scope.projectId, third))?.deviceId).toBe(third);
    expect(api.errors).toEqual([]);
  });

  it('change, and have a limit of their own', async () => {
    const api = await startLegacyApi();
    const { client, given, scope } = api;
    const devices = await given.devices(scope, 3);
    const { id } = await create(api, { name: 'a', description: 'first', maxDevNum: '2', deviceIds: null });
    const addAll = (deviceIds: readonly string[]) => client.ask('POST', add, { body: { devGroupId: id, deviceIds } });
    expect(codeOf(await addAll(devices))).toBe('403 100601');
    expect((await client.ask('GET', `${groups}/${id}`)).json).toMatchObject({ maxDevNum: 2, curDevNum: 0 });
    const changed = await client.ask('PUT', `${groups}/${id}`, {
      body: { name: 'b', maxDevNum: 3, description: null },
    });
    expect(changed.json).toMatchObject({ name: 'b', description: 'first', maxDevNum: 3 });
    expect((await client.ask('PUT', `${groups}/${id}`)).json).toEqual(changed.json);
    expect(codeOf(await addAll(devices))).toBe('200');
    await create(api, { name: 'c' });
    expect(codeOf(await client.ask('PUT', `${groups}/${id}`, { body: { name: 'c' } }))).toBe('403 100602');
  });

  it('refuse what is wrong with what is asked', async () => {
    const api = await startLegacyApi();
    const { client, given, scope } = api;
    const { deviceId } = await given.device(scope);
    const { id } = await create(api, { name: 'a' });
    const elsewhere = (await given.device({ ...scope, appId: (await given.app(scope)).appId })).deviceId;
    const many = Array.from({ length: 1001 }, (_, at) => `d${at}`);
    const cases: readonly (readonly [string, string, unknown, string])[] = [
      ['POST', groups, {}, '400 100022'],
      ['POST', groups, { name: '' }, '400 100022'],
      ['POST', groups, { name: 'a/b' }, '400 100022'],
      ['POST', groups, { name: 'x'.repeat(65) }, '400 100022'],
      ['POST', groups, { name: 'b', maxDevNum: -1 }, '400 100022'],
      ['POST', groups, { name: 'b', deviceIds: many }, '400 100609'],
      ['POST', groups, { name: 'b', deviceIds: [deviceId, 'nobody'] }, '404 100403'],
      ['POST', groups, { name: 'b', appId: 'nobody' }, '403 100203'],
      ['POST', add, { devGroupId: id, deviceIds: many }, '400 100609'],
      ['POST', add, { devGroupId: id, deviceIds: [] }, '400 100022'],
      ['POST', add, { deviceIds: [deviceId] }, '400 100022'],
      ['POST', add, { devGroupId: id, deviceIds: [deviceId, elsewhere] }, '404 100403'],
      ['POST', add, { devGroupId: 'nobody', deviceIds: [deviceId] }, '404 100603'],
      ['POST', remove, { devGroupId: id, deviceIds: ['nobody'] }, '404 100403'],
      ['POST', remove, { devGroupId: 'nobody', deviceIds: [deviceId] }, '404 100603'],
      ['GET', `${groups}?pageNo=-1`, undefined, '400 100022'],
      ['GET', `${groups}?pageSize=251`, undefined, '400 100022'],
      ['GET', ids, undefined, '400 100022'],
      ['GET', `${ids}?devGroupId=nobody`, undefined, '404 100603'],
      ['GET', `${groups}/nobody`, undefined, '404 100603'],
      ['PUT', `${groups}/nobody`, {}, '404 100603'],
    ];
    for (const [method, path, body, code] of cases) {
      expect([path, body, codeOf(await client.ask(method, path, { body }))]).toEqual([path, body, code]);
    }
    expect(((await client.ask('GET', groups)).json as { totalCount: number }).totalCount).toBe(1);
    expect(await membersOf(api, id)).toMatchObject({ deviceIds: [] });
    const above = await given.group(scope);
    await given.group(scope, { superGroupId: above.groupId });
    expect(codeOf(await client.ask('DELETE', `${groups}/${above.groupId}`))).toBe('400 100022');
    const body = { devGroupId: id, deviceIds: [deviceId, 'nobody'] };
    expect((await client.ask('POST', add, { body })).json).toMatchObject({
      error_detail: "'nobody': The device does not exist.",
    });
  });

  it('that are dynamic, of another application or of another project do not exist', async () => {
    const api = await startLegacyApi();
    const { client, given, scope } = api;
    const { deviceId } = await given.device(scope);
    const owner = await api.newClient();
    const other = await given.group({ ...scope, appId: owner.appId });
    const hidden = [await given.group(scope, { rule: "node_id = 'x'" }), other, await given.group(await given.scope())];
    for (const { groupId } of hidden) {
      const body = { devGroupId: groupId, deviceIds: [deviceId] };
      for (const [method, path, sent] of [
        ['GET', `${groups}/${groupId}`],
        ['PUT', `${groups}/${groupId}`, { name: 'mine' }],
        ['DELETE', `${groups}/${groupId}`],
        ['GET', `${ids}?devGroupId=${groupId}`],
        ['POST', add, body],
        ['POST', remove, body],
      ] as const) {
        expect([method, path, codeOf(await client.ask(method, path, { body: sent }))]).toEqual([
          ...[method, path, '404 100603'],
        ]);
      }
    }
    expect((await client.ask('GET', groups)).json).toMatchObject({ list: [], totalCount: 0 });

    // For others an application is named by accessAppId, or in the body of what is new.
    const named = `?accessAppId=${owner.appId}`;
    expect(codeOf(await client.ask('GET', `${groups}${named}`))).toBe('403 100217');
    expect(codeOf(await client.ask('POST', groups, { body: { name: 'x', appId: owner.appId } }))).toBe('403 100217');
    await api.ofProject('PUT', `/apps/${owner.appId}/legacy-grants/${client.appId}`);
    expect((await client.ask('GET', `${groups}${named}`)).json).toMatchObject({ list: [{ id: other.groupId }] });
    const made = await client.ask('POST', groups, { body: { name: 'x', appId: owner.appId } });
    expect(made.json).toMatchObject({ appId: owner.appId, creator: client.appId });
    expect(codeOf(await client.ask('GET', `${groups}/${other.groupId}?appId=${owner.appId}`))).toBe('404 100603');
  });

  it('are streamed as a whole, oldest first, as far as the settings let them', async () => {
    const api = await startLegacyApi({ MUSTER_LEGACY_UNPAGED_ROWS_MAX: '1500' });
    const { client, given, scope, store } = api;
    const group = await given.group(scope);
    const devices = await given.devices(scope, 2100);
    for (const part of [devices.slice(0, 1000), devices.slice(1000)]) {
      await store.groups.addMembers(scope.projectId, group.groupId, part);
    }
    const { deviceIds, ...page } = (await membersOf(api, group.groupId)) as { deviceIds: readonly string[] };
    expect(page).toEqual({ totalCount: 2100, pageNo: 0, pageSize: 1500 });
    expect(new Set(deviceIds).size).toBe(1500);
    expect(deviceIds).toEqual(devices.slice(0, 1500));
    const last = (await membersOf(api, group.groupId, '&pageNo=8&pageSize=250')) as { deviceIds: readonly string[] };
    expect(last.deviceIds).toEqual(devices.slice(2000));
    const lists = await client.ask('GET', `${groups}?pageSize=1`);
    expect(lists.json).toMatchObject({ pageSize: 1, totalCount: 1 });
  });
});
