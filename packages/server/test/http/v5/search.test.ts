import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, expectedError, type InventoryApi, type Json, startInventoryApi } from './fixture/inventory-api.ts';

let api: InventoryApi;
beforeAll(async () => {
  api = await startInventoryApi();
  for (const caller of [api.mine, api.other]) {
    await caller.post('/products', {
      ...{ product_id: 'press', name: 'Press', device_type: 'Press', protocol_type: 'MQTT', data_format: 'json' },
      service_capabilities: [],
    });
  }
  for (const node_id of ['search-1', 'search-2', 'search-3']) {
    await api.mine.post('/devices', { product_id: 'press', node_id, device_name: `d ${node_id}`.replace(' ', '_') });
  }
  await api.other.post('/devices', { product_id: 'press', node_id: 'search-1', device_id: 'foreign' });
});
afterAll(() => api.stop());

const search = (sql: unknown, caller = api.mine) => caller.post('/search/query-devices', { sql });
const found = async (rest: string) =>
  ((await search(`select * from device ${rest}`)).body.devices as Json[]).map(({ node_id }) => node_id);

describe('the search of devices', () => {
  it('counts, and refuses a sixth condition [v5 63]', async () => {
    for (const count of ['count(*)', 'count(1)', 'COUNT( 1 )']) {
      const counted = await search(`select ${count} from device where node_id like 'search%'`);
      expect([counted.status, counted.body]).toEqual([200, { count: 3 }]);
    }
    const conditions = (many: number) => Array.from({ length: many }, (_, no) => `node_id = 'search-${no}'`);
    expect(await found(`where ${conditions(5).join(' or ')}`)).toEqual(['search-3', 'search-2', 'search-1']);
    const six = await search(`select * from device where ${conditions(6).join(' or ')}`);
    expect(errorOf(six, 'more than 5')).toEqual(expectedError(400, '015530', 'more than 5'));
  });

  it('shows what a list shows but the description, and modules, marker and groups', async () => {
    const { body: group } = await api.mine.post('/device-group', { name: 'found' });
    const rule = { group_type: 'DYNAMIC', dynamic_group_rule: "node_id = 'search-2'" };
    const { body: dynamic } = await api.mine.post('/device-group', { name: 'follows', ...rule });
    const { body: page } = await api.mine.get('/devices?node_id=search-2');
    const [listed] = page.devices as [Json];
    await api.mine.put(`/devices/${listed.device_id}`, { description: 'not-shown' });
    await api.mine.post(`/device-group/${group.group_id}/action?action_id=addDevice&device_id=${listed.device_id}`);
    await api.mine.post('/tags/bind-resource', {
      ...{ resource_type: 'device', resource_id: listed.device_id },
      tags: [{ tag_key: 'site', tag_value: 'north' }],
    });
    const { body } = await search("select * from device where tag_key = 'site' and tag_value = 'north'");
    expect(body).toEqual({
      devices: [
        {
          ...listed,
          tags: [{ tag_key: 'site', tag_value: 'north' }],
          modules: [],
          marker: (page.page as Json).marker,
          groups: [
            { group_id: dynamic.group_id, name: 'follows' },
            { group_id: group.group_id, name: 'found' },
          ],
        },
      ],
    });
  });

  it('orders by marker and cuts', async () => {
    expect(await found('')).toEqual(['search-3', 'search-2', 'search-1']);
    expect(await found('order by marker asc limit 2')).toEqual(['search-1', 'search-2']);
    expect(await found('order by marker desc limit 1,1')).toEqual(['search-2']);
    const { body } = await search("select * from device where node_id = 'search-2'");
    const [{ marker }] = body.devices as [Json];
    expect(await found(`where marker < '${marker}'`)).toEqual(['search-1']);
    expect(await found(`where marker > '${marker}'`)).toEqual(['search-3']);
  });

  it('tells letters apart in values and not in words', async () => {
    expect(await found("WHERE NODE_ID = 'search-1' OR node_id = 'SEARCH-2'")).toEqual(['search-1']);
  });

  it('sees the own project alone, and asks for the permission of lists', async () => {
    expect((await search('select count(*) from device', api.other)).body).toEqual({ count: 1 });
    expect(await found("where device_id = 'foreign'")).toEqual([]);
    expect((await search('select count(*) from device', api.viewer)).status).toBe(200);
  });

  it.each([
    "select * from device where node_id = 'x'; delete from devices",
    "select * from device where node_id = 'x' or 1 = 1",
    'select * from users',
    "select * from device where secret_cipher = 'x'",
    "select * from device where node_id = 'x' -- ",
    "select * from device where project_id = 'other'",
    'select *, secret_cipher from device',
    'select count(*) from device limit 51',
    '\0',
  ])('refuses %j and says where', async (sql) => {
    const answer = await search(sql);
    if (sql === '\0') expect(errorOf(answer, 'sql')).toEqual(expectedError(400, '000006', 'sql'));
    else expect(errorOf(answer, 'At character')).toEqual(expectedError(400, '015530', 'At character'));
  });

  it.each([
    [undefined],
    [null],
    [''],
    [7],
    [['select * from device']],
    [`select * from device where${' '.repeat(400)}`],
  ])('refuses %j as no statement', async (sql) => {
    expect(errorOf(await search(sql), 'sql')).toEqual(expectedError(400, '000006', 'sql'));
  });

  it('takes every quoted value for a value and nothing else', async () => {
    const values = ["x'' or ''1''=''1", "'' union select * from users --", '?', '$1', '%', '\\', ':a', '@a', '{}'];
    for (const value of values) {
      const sql = `select * from device where node_id = '${value}' or device_name in ('${value}', 'y')`;
      expect([sql, (await search(sql)).body]).toEqual([sql, { devices: [] }]);
    }
    expect((await search('select count(*) from device')).body).toEqual({ count: 3 });
  });
});
