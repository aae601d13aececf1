import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aDevice } from '../../builders/device-builders.ts';
import { asId, type DeviceId, type GroupId, type ProjectId } from '../../../src/domain/ids.ts';
import { errorOf, expectedError, type InventoryApi, type Json, startInventoryApi } from './fixture/inventory-api.ts';
import { itRefuses, itTakes, notText, type WrongField } from './fixture/wrong-fields.ts';

let api: InventoryApi;
let count = 0;

beforeAll(async () => {
  api = await startInventoryApi();
  const product = { product_id: 'press', name: 'Press', device_type: 'Press', protocol_type: 'MQTT' };
  await api.mine.post('/products', { ...product, service_capabilities: [] });
});
afterAll(() => api.stop());

async function add(more: Json = {}): Promise<Json> {
  const answer = await api.mine.post('/device-group', { name: `group ${count++}`, ...more });
  expect([answer.status, answer.body.error_msg]).toEqual([201, undefined]);
  return answer.body;
}

async function addDevice(): Promise<string> {
  return String((await api.mine.post('/devices', { node_id: `n${count++}`, product_id: 'press' })).body.device_id);
}

const pathOf = (group: Json): string => `/device-group/${String(group.group_id)}`;
const act = (group: Json, action: string, deviceId: string) =>
  api.mine.post(`${pathOf(group)}/action?action_id=${action}&device_id=${deviceId}`);

describe('device groups', () => {
  it('are created, shown, changed and deleted', async () => {
    const created = await api.mine.post('/device-group', { name: '压机 in hall 1' });
    expect([created.status, created.body]).toEqual([
      201,
      { group_id: expect.stringMatching(/^[0-9a-f-]{36}$/), name: '压机 in hall 1', group_type: 'STATIC' },
    ]);
    const path = pathOf(created.body);
    expect((await api.mine.get(path)).body).toEqual(created.body);
    const changed = await api.mine.put(path, { description: 'all' });
    expect([changed.status, changed.body]).toEqual([200, { ...created.body, description: 'all' }]);
    expect((await api.mine.put(path, { name: 'Hall 1' })).body).toEqual({ ...changed.body, name: 'Hall 1' });
    expect((await api.mine.delete(path)).status).toBe(204);
    for (const [method, end] of [
      ['GET', ''],
      ['PUT', ''],
      ['DELETE', ''],
      ['GET', '/devices'],
    ] as const) {
      expect(errorOf(await api.mine.call(method, path + end))).toEqual(expectedError(404, '015500'));
    }
  });

  it('have names that are unique in their application', async () => {
    const { name, group_id } = await add();
    expect(errorOf(await api.mine.post('/device-group', { name }))).toEqual(expectedError(400, '015501'));
    const app = await api.mine.post('/apps', { app_name: 'Second' });
    const { app_id } = app.body;
    await add({ name, app_id });
    const second = await add();
    expect(errorOf(await api.mine.put(pathOf(second), { name }))).toEqual(expectedError(400, '015501'));
    expect((await api.mine.get(`/device-group?app_id=${String(app_id)}`)).body).toMatchObject({
      device_groups: [{ name }],
      page: { count: 1 },
    });
    const below = { name: 'below', app_id, super_group_id: group_id };
    expect(errorOf(await api.mine.post('/device-group', below), 'super_group_id')).toEqual(
      expectedError(400, '000006', 'super_group_id'),
    );
  });

  it('are five levels deep at most, and stay while they have subgroups', async () => {
    const top = await add();
    let above = top;
    for (let level = 2; level <= 5; level++) {
      const below: Json = await add({ super_group_id: above.group_id });
      expect(below.super_group_id).toBe(above.group_id);
      above = below;
    }
    const sixth = await api.mine.post('/device-group', { name: 'sixth', super_group_id: above.group_id });
    expect(errorOf(sixth, '5')).toEqual(expectedError(403, '015503', '5'));
    expect(errorOf(await api.mine.delete(pathOf(top)))).toEqual(expectedError(403, '015502'));
  });

  it('take a device twice and give it back twice', async () => {
    const group = await add();
    const device = await addDevice();
    const added = await act(group, 'addDevice', device);
    expect([added.status, added.text]).toEqual([200, '']);
    expect((await act(group, 'addDevice', device)).status).toBe(200);
    const members = await api.mine.get(`${pathOf(group)}/devices`);
    const { device_id, node_id, product_id } = (await api.mine.get(`/devices/${device}`)).body;
    expect(members.body).toEqual({
      devices: [{ device_id, node_id, product_id }],
      page: { count: 1, marker: expect.stringMatching(/^[0-9a-f]{24}$/) },
    });
    expect(errorOf(await api.mine.delete(pathOf(group)))).toEqual(expectedError(403, '015502'));
    expect((await act(group, 'removeDevice', device)).status).toBe(200);
    expect((await act(group, 'removeDevice', device)).status).toBe(200);
    expect((await api.mine.get(`${pathOf(group)}/devices`)).body).toEqual({
      devices: [],
      page: { count: 0, marker: null },
    });
    expect((await api.mine.delete(pathOf(group))).status).toBe(204);
  });

  it('hold a device ten times at most', async () => {
    const device = await addDevice();
    for (let no = 0; no < 10; no++) expect((await act(await add(), 'addDevice', device)).status).toBe(200);
    const group = await add();
    expect(errorOf(await act(group, 'addDevice', device), '10')).toEqual(expectedError(403, '015503', '10'));
    expect((await api.mine.get(`${pathOf(group)}/devices`)).body.devices).toEqual([]);
    expect((await api.mine.post(`/devices/${device}/list-device-group`)).body.device_groups).toHaveLength(10);
  });

  it('have 20,000 devices at most', async () => {
    const group = await add();
    const projectId = asId<ProjectId>(api.mine.projectId);
    const { appId } = (await api.store.apps.findDefault(projectId)) ?? {};
    const members = Array.from({ length: 20_000 }, () =>
      aDevice({ projectId, appId: asId(String(appId)), productId: asId('press') }),
    );
    await api.store.devices.insertMany(members);
    const ids = members.map(({ deviceId }) => deviceId);
    await api.store.groups.addMembers(projectId, asId<GroupId>(String(group.group_id)), ids);
    expect(errorOf(await act(group, 'addDevice', await addDevice()), '20000')).toEqual(
      expectedError(403, '015503', '20000'),
    );
    expect((await act(group, 'addDevice', String(ids[0]))).status).toBe(200);
  });

  it('refuse devices and actions that do not exist', async () => {
    const group = await add();
    const device = asId<DeviceId>(await addDevice());
    for (const action of ['addDevice', 'removeDevice']) {
      expect(errorOf(await act(group, action, 'nothing'))).toEqual(expectedError(400, '014000'));
      expect(errorOf(await act({ group_id: 'nothing' }, action, device))).toEqual(expectedError(404, '015500'));
      expect(errorOf(await act(group, action, 'a.b'), 'device_id')).toEqual(expectedError(400, '000006', 'device_id'));
      expect(errorOf(await api.mine.post(`${pathOf(group)}/action?action_id=${action}`), 'device_id')).toEqual(
        expectedError(400, '000006', 'device_id'),
      );
    }
    expect(errorOf(await act(group, 'dropDevice', device), 'action_id')).toEqual(
      expectedError(400, '000006', 'action_id'),
    );
  });

  it('of another project, and its devices, are as if they did not exist [v5 8]', async () => {
    const { body } = await api.other.post('/device-group', { name: 'foreign' });
    const device = await addDevice();
    const calls: [string, string, Json?][] = [
      ['GET', ''],
      ['PUT', '', { name: 'mine' }],
      ['DELETE', ''],
      ['GET', '/devices'],
      ['POST', `/action?action_id=addDevice&device_id=${device}`],
      ['POST', `/action?action_id=removeDevice&device_id=${device}`],
    ];
    for (const [method, end, sent] of calls) {
      expect(errorOf(await api.mine.call(method, pathOf(body) + end, sent))).toEqual(expectedError(404, '015500'));
    }
    for (const action of ['addDevice', 'removeDevice']) {
      const path = `${pathOf(body)}/action?action_id=${action}&device_id=${device}`;
      expect(errorOf(await api.other.post(path))).toEqual(expectedError(400, '014000'));
    }
    expect((await api.other.get('/device-group')).body).toMatchObject({ device_groups: [body], page: { count: 1 } });
  });

  it('are listed by name, type and last change, newest first, in pages', async () => {
    await api.clock.advance(60_000);
    const first = await add({ name: 'list 1' });
    const second = await add({ name: 'list 2' });
    const changedAfter = '/device-group?last_modified_time=20261122T015600Z';
    expect((await api.mine.get(changedAfter)).body.device_groups).toEqual([second, first]);
    expect((await api.mine.get(`${changedAfter}&limit=1&offset=1`)).body).toMatchObject({
      device_groups: [first],
      page: { count: 2 },
    });
    expect((await api.mine.get('/device-group?name=list%202')).body.device_groups).toEqual([second]);
    expect((await api.mine.get('/device-group?name=list%202&group_type=STATIC')).body.device_groups).toEqual([second]);
    expect((await api.mine.get('/device-group?group_type=DYNAMIC')).body).toEqual({
      device_groups: [],
      page: { count: 0, marker: null },
    });
  });

  it.each([
    ['last_modified_time=yesterday', 400, '000009', ''],
    ['group_type=BOTH', 400, '000006', 'group_type'],
    ['app_id=nowhere', 403, '001000', ''],
    ['app_id=a.b', 400, '000006', 'app_id'],
    ['limit=51', 400, '000017', 'limit'],
    ['offset=501', 400, '000018', 'offset'],
  ])('are not listed by %s', async (query, status, code, says) => {
    expect(errorOf(await api.mine.get(`/device-group?${query}`), says)).toEqual(expectedError(status, code, says));
  });
});

describe('dynamic device groups', () => {
  const addRule = (dynamic_group_rule: string, more: Json = {}) =>
    api.mine.post('/device-group', { name: `rule ${count++}`, group_type: 'DYNAMIC', dynamic_group_rule, ...more });
  const membersOf = async (group: Json, query = '') => (await api.mine.get(`${pathOf(group)}/devices${query}`)).body;

  it('show their rule, and no list does', async () => {
    const { status, body } = await addRule("node_id = 'nobody'");
    expect([status, body]).toMatchObject([201, { group_type: 'DYNAMIC', dynamic_group_rule: "node_id = 'nobody'" }]);
    expect((await api.mine.get(pathOf(body))).body).toEqual(body);
    const { dynamic_group_rule: _, ...summary } = body;
    const dynamic = await api.mine.get('/device-group?group_type=DYNAMIC');
    expect(dynamic.body).toMatchObject({ device_groups: [summary], page: { count: 1 } });
    expect((dynamic.body.device_groups as Json[])[0]).toEqual(summary);
    const fixed = (await api.mine.get('/device-group?group_type=STATIC&limit=50')).body.device_groups as Json[];
    expect(fixed.map(({ group_type }) => group_type)).not.toContain('DYNAMIC');
    expect((await api.mine.put(pathOf(body), { description: 'd' })).body).toEqual({ ...body, description: 'd' });
    expect((await api.mine.delete(pathOf(body))).status).toBe(204);
  });

  it('have the members that their rule matches when they are read', async () => {
    const { body: group } = await addRule("tag_key = 'crew' and tag_value = 'night'");
    expect(await membersOf(group)).toEqual({ devices: [], page: { count: 0, marker: null } });
    const devices = [await addDevice(), await addDevice(), await addDevice()];
    for (const resource_id of devices) {
      const tags = [{ tag_key: 'crew', tag_value: 'night' }];
      await api.mine.post('/tags/bind-resource', { resource_type: 'device', resource_id, tags });
    }
    const first = await membersOf(group, '?limit=2');
    const { device_id, node_id, product_id } = (await api.mine.get(`/devices/${devices[2]}`)).body;
    expect(first).toMatchObject({ devices: [{ device_id, node_id, product_id }, { device_id: devices[1] }] });
    const { marker } = first.page as { marker: string };
    expect(await membersOf(group, `?limit=2&marker=${marker}`)).toMatchObject({
      devices: [{ device_id: devices[0] }],
      page: { count: 3 },
    });
    const { body } = await api.mine.post(`/devices/${devices[0]}/list-device-group`);
    expect(body.device_groups).toMatchObject([{ group_id: group.group_id, group_type: 'DYNAMIC' }]);
    await api.mine.post('/tags/unbind-resource', {
      ...{ resource_type: 'device', resource_id: devices[0], tag_keys: ['crew'] },
    });
    expect((await membersOf(group)).page).toMatchObject({ count: 2 });
    expect((await api.mine.post(`/devices/${devices[0]}/list-device-group`)).body.device_groups).toEqual([]);
    // It holds nobody, so nothing is in the way.
    expect((await api.mine.delete(pathOf(group))).status).toBe(204);
  });

  it('take and give away no devices', async () => {
    const device = await addDevice();
    const { body: group } = await addRule(`device_id = '${device}'`);
    for (const action of ['addDevice', 'removeDevice']) {
      expect(errorOf(await act(group, action, device), 'rule')).toEqual(expectedError(400, '015504', 'rule'));
    }
    expect((await membersOf(group)).devices).toMatchObject([{ device_id: device }]);
  });

  it('stand alone: no parent, no subgroup, no rule of a rule', async () => {
    const fixed = await add();
    const { body: group } = await addRule("node_id = 'x'");
    const below = await addRule("node_id = 'x'", { super_group_id: fixed.group_id });
    expect(errorOf(below, 'parent')).toEqual(expectedError(400, '015504', 'parent'));
    const under = await api.mine.post('/device-group', { name: 'under', super_group_id: group.group_id });
    expect(errorOf(under, 'subgroups')).toEqual(expectedError(400, '015504', 'subgroups'));
    const nested = await addRule(`group_id in ('${fixed.group_id}', '${group.group_id}')`);
    expect(errorOf(nested, 'dynamic itself')).toEqual(expectedError(400, '015530', 'dynamic itself'));
    expect((await addRule(`group_id = '${fixed.group_id}'`)).status).toBe(201);
  });

  it.each([
    ["where node_id = 'x'", 'At character 1'],
    ["node_id = 'x' order by marker", 'At character 15'],
    ["node_id = 'x' limit 1", 'At character 15'],
    ['node_id', 'an operator'],
    [Array.from({ length: 6 }, () => "node_id = 'x'").join(' or '), 'more than 5'],
  ])('refuse the rule %j', async (rule, says) => {
    expect(errorOf(await addRule(rule), says)).toEqual(expectedError(400, '015530', says));
  });

  it('of another project match nothing of this one', async () => {
    await addDevice();
    const rule = { group_type: 'DYNAMIC', dynamic_group_rule: "node_id != 'nobody'" };
    const { body } = await api.other.post('/device-group', { name: 'all of theirs', ...rule });
    expect((await api.other.get(`${pathOf(body)}/devices`)).body.page).toEqual({ count: 0, marker: null });
    const sql = `select count(*) from device where group_id = '${String(body.group_id)}'`;
    expect((await api.mine.post('/search/query-devices', { sql })).body).toEqual({ count: 0 });
  });
});

const each = (field: string, values: readonly unknown[], more: Partial<WrongField> = {}): WrongField[] =>
  values.map((value) => ({ field, value, ...more }));

describe('the fields of a device group', () => {
  const changeable = [
    ...each('name', ['', 'a'.repeat(65), 'a\tb', 'a/b', ...notText]),
    ...each('description', ['a'.repeat(65), 'a\nb', ...notText]),
  ];
  const options = {
    api: () => api,
    method: 'POST' as const,
    path: () => '/device-group',
    body: (): Json => ({ name: `field ${count++}` }),
    stored: async () => (await api.mine.get('/device-group?limit=50')).body,
  };
  itRefuses(
    [
      ...each('name', [undefined, null]),
      ...changeable,
      ...each('super_group_id', ['a'.repeat(37), 'ABC', 'xyz', ...notText]),
      ...each('super_group_id', ['0000'], { code: '015500', says: '' }),
      ...each('app_id', ['a.b', 7]),
      ...each('app_id', ['nowhere'], { code: '001000', status: 403, says: '' }),
      ...each('group_type', ['static', 'BOTH', 7]),
      ...each('group_type', ['DYNAMIC'], { says: 'dynamic_group_rule' }),
      ...each('dynamic_group_rule', ["product_id = 'x'"], { code: '015504', says: 'rule' }),
      ...each('dynamic_group_rule', ['a'.repeat(401), 7]),
    ],
    options,
  );
  itTakes(
    [
      { field: 'description', value: '' },
      { field: 'super_group_id', value: '' },
      { field: 'dynamic_group_rule', value: '' },
      { field: 'group_type', value: null },
    ],
    options,
  );
  let path = '';
  beforeAll(async () => {
    path = pathOf(await add());
  });
  itRefuses(changeable, { ...options, method: 'PUT', path: () => path, body: () => ({}) });
});
