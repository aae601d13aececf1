import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, expectedError, type InventoryApi, type Json, startInventoryApi } from './fixture/inventory-api.ts';

let api: InventoryApi;
let count = 0;
beforeAll(async () => {
  api = await startInventoryApi();
  for (const caller of [api.mine, api.other]) {
    await caller.post('/products', {
      ...{ product_id: 'press', name: 'Press', device_type: 'Press', protocol_type: 'MQTT', data_format: 'json' },
      service_capabilities: [],
    });
  }
});
afterAll(() => api.stop());

async function addDevice(caller = api.mine): Promise<string> {
  const { body } = await caller.post('/devices', { product_id: 'press', node_id: `tagged-${++count}` });
  return String(body.device_id);
}

const of = (device: string, more: Json) => ({ resource_type: 'device', resource_id: device, ...more });
const bind = (device: string, tags: readonly Json[], caller = api.mine) =>
  caller.post('/tags/bind-resource', of(device, { tags }));
const unbind = (device: string, tag_keys: readonly string[]) =>
  api.mine.post('/tags/unbind-resource', of(device, { tag_keys }));
const tag = (tag_key: string, tag_value?: string): Json =>
  tag_value === undefined ? { tag_key } : { tag_key, tag_value };
const tagsOf = async (device: string) => (await api.mine.get(`/devices/${device}`)).body.tags;

describe('tags', () => {
  it('are bound, shown, overwritten and taken away', async () => {
    const device = await addDevice();
    const bound = await bind(device, [tag('site', '上海'), tag('line'), tag('site', 'b-1')]);
    expect([bound.status, bound.text]).toEqual([200, '']);
    expect(await tagsOf(device)).toEqual([tag('line'), tag('site', 'b-1')]);
    await bind(device, [tag('line', '7')]);
    const listed = await api.mine.get('/devices?limit=1');
    expect(listed.body.devices).toMatchObject([{ device_id: device, tags: [tag('line', '7'), tag('site', 'b-1')] }]);
    const unbound = await unbind(device, ['site', 'site']);
    expect([unbound.status, unbound.text]).toEqual([200, '']);
    expect(await tagsOf(device)).toEqual([tag('line', '7')]);
  });

  it('are ten at most, and whatever is refused has changed nothing', async () => {
    const device = await addDevice();
    const ten = Array.from({ length: 10 }, (_, no) => tag(`key-${no}`, 'v'));
    expect(errorOf(await bind(device, [...ten, tag('more')]))).toEqual(expectedError(403, '015520'));
    expect(await tagsOf(device)).toEqual([]);
    expect((await bind(device, ten)).status).toBe(200);
    expect(errorOf(await bind(device, [tag('key-0', 'new'), tag('more')]))).toEqual(expectedError(403, '015520'));
    expect(errorOf(await unbind(device, ['key-0', 'more']))).toEqual(expectedError(400, '015521'));
    expect(await tagsOf(device)).toEqual(ten);
  });

  it('are found by any of some, in pages', async () => {
    const devices = [await addDevice(), await addDevice(), await addDevice(), await addDevice()];
    const [a = '', b = '', c = '', d = ''] = devices;
    await bind(a, [tag('find', '1')]);
    await bind(b, [tag('find', '2'), tag('too', '1')]);
    await bind(c, [tag('find'), tag('too', '1')]);
    await bind(d, [tag('other', '1')]);
    const query = async (tags: readonly Json[], page = '') =>
      (await api.mine.post(`/tags/query-resources${page}`, { resource_type: 'device', tags })).body;
    const found = async (...tags: readonly Json[]) =>
      ((await query(tags)).resources as Json[]).map(({ resource_id }) => resource_id);
    expect(await found(tag('find'))).toEqual([c, b, a]);
    expect(await found(tag('find', '1'))).toEqual([a]);
    expect(await found(tag('find', '1'), tag('too', '1'))).toEqual([c, b, a]);
    expect(await found(tag('find', '3'), tag('nothing'))).toEqual([]);
    const first = await query([tag('find')], '?limit=2');
    expect(first).toMatchObject({ resources: [{ resource_id: c }, { resource_id: b }], page: { count: 3 } });
    const marker = (first.page as { marker: string }).marker;
    expect(await query([tag('find')], `?limit=2&marker=${marker}`)).toMatchObject({
      resources: [{ resource_id: a }],
      page: { count: 3 },
    });
    await api.mine.delete(`/devices/${c}`);
    expect(await found(tag('find'))).toEqual([b, a]);
  });

  it('of another project are as if they did not exist [v5 8]', async () => {
    const foreign = await addDevice(api.other);
    await bind(foreign, [tag('whose', 'theirs')], api.other);
    for (const device of [foreign, 'nobody']) {
      expect(errorOf(await bind(device, [tag('a')]))).toEqual(expectedError(400, '014000'));
      expect(errorOf(await unbind(device, ['whose']))).toEqual(expectedError(400, '014000'));
    }
    const { body } = await api.mine.post('/tags/query-resources', { resource_type: 'device', tags: [tag('whose')] });
    expect(body).toEqual({ resources: [], page: { count: 0, marker: null } });
  });

  it('want a permission', async () => {
    const device = await addDevice();
    const { viewer } = api;
    expect(errorOf(await bind(device, [tag('a')], viewer))).toEqual(expectedError(403, '000022'));
    const { status } = await viewer.post('/tags/unbind-resource', of(device, { tag_keys: ['a'] }));
    expect(status).toBe(403);
    const found = await viewer.post('/tags/query-resources', { resource_type: 'device', tags: [tag('a')] });
    expect(found.status).toBe(200);
  });

  it.each([
    ['bind-resource', { tags: [tag('a')], resource_type: 'product' }, 'resource_type'],
    ['bind-resource', { tags: [tag('a')], resource_type: undefined }, 'resource_type'],
    ['bind-resource', { tags: [tag('a')], resource_id: 'a/b' }, 'resource_id'],
    ['bind-resource', {}, 'tags'],
    ['bind-resource', { tags: [] }, 'tags'],
    ['bind-resource', { tags: Array.from({ length: 101 }, () => tag('a')) }, 'tags'],
    ['bind-resource', { tags: [tag('')] }, 'tag_key'],
    ['bind-resource', { tags: [tag('a'.repeat(65))] }, 'tag_key'],
    ['bind-resource', { tags: [tag('a b')] }, 'tag_key'],
    ['bind-resource', { tags: [tag('a', 'b'.repeat(129))] }, 'tag_value'],
    ['bind-resource', { tags: [tag('a', "b'")] }, 'tag_value'],
    ['unbind-resource', {}, 'tag_keys'],
    ['unbind-resource', { tag_keys: [] }, 'tag_keys'],
    ['unbind-resource', { tag_keys: ['a/b'] }, 'tag_keys'],
    ['query-resources', {}, 'tags'],
    ['query-resources', { tags: [] }, 'tags'],
    ['query-resources', { tags: Array.from({ length: 11 }, () => tag('a')) }, 'tags'],
  ])('refuse %s of %j', async (call, fields, says) => {
    const answer = await api.mine.post(`/tags/${call}`, of('anything', fields));
    expect(errorOf(answer, says)).toEqual(expectedError(400, '000006', says));
  });

  it.each([
    ['limit=51', '000017'],
    ['marker=x', '000018'],
    ['offset=501', '000018'],
  ])('are not listed by %s', async (query, code) => {
    const body = { resource_type: 'device', tags: [tag('a')] };
    expect(errorOf(await api.mine.post(`/tags/query-resources?${query}`, body))).toEqual(expectedError(400, code));
  });
});
