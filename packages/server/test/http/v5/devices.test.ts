import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asId, type DeviceId } from '../../../src/domain/ids.ts';
import { errorOf, expectedError, type InventoryApi, type Json, startInventoryApi } from './fixture/inventory-api.ts';

let api: InventoryApi;
let productId = '';
let count = 0;

beforeAll(async () => {
  api = await startInventoryApi();
  productId = await createProduct('press');
});
afterAll(() => api.stop());
beforeEach(() => {
  api.link.sent.length = 0;
  api.link.closed.length = 0;
});

async function createProduct(id: string, more: Json = {}): Promise<string> {
  const product = { product_id: id, name: 'Press', device_type: 'Press', protocol_type: 'MQTT', ...more };
  const { status } = await api.mine.post('/products', { service_capabilities: [], ...product });
  expect(status).toBe(201);
  return id;
}

async function add(more: Json = {}): Promise<Json> {
  const answer = await api.mine.post('/devices', { node_id: `node-${count++}`, product_id: productId, ...more });
  expect([answer.status, answer.body.error_msg]).toEqual([201, undefined]);
  return answer.body;
}

const idOf = (device: Json): DeviceId => asId<DeviceId>(String(device.device_id));
const pathOf = (device: Json): string => `/devices/${idOf(device)}`;
const connect = (device: Json): Promise<unknown> =>
  api.store.sessions.attach({ deviceId: idOf(device), node: 'n', address: '127.0.0.1', at: api.clock.now() });

describe('a new device', () => {
  it('is shown in full, with a generated secret and its own id as gateway', async () => {
    const created = await api.mine.post('/devices', { node_id: 'press-07', product_id: productId });
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      app_id: '00000000000000000000000000000001',
      app_name: 'DefaultApp',
      device_id: 'press_press-07',
      node_id: 'press-07',
      gateway_id: 'press_press-07',
      node_type: 'GATEWAY',
      product_id: 'press',
      product_name: 'Press',
      status: 'INACTIVE',
      tags: [],
      auth_info: {
        auth_type: 'SECRET',
        secret: expect.stringMatching(/^[0-9a-f]{32}$/),
        secure_access: true,
        timeout: 0,
      },
      create_time: '20261122T015513Z',
    });
    const shown = await api.mine.get('/devices/press_press-07');
    expect([shown.status, shown.body]).toEqual([200, created.body]);
  });

  it('keeps what it brings', async () => {
    const device = await add({
      device_id: 'My-Device_1',
      device_name: "压机_?'#().,&%@!-",
      description: 'In.hall(2)',
      extension_info: { deep: { list: [1, null] } },
      auth_info: { auth_type: 'SECRET', secret: 'my-secret_1', secure_access: false, timeout: 60 },
    });
    expect(device).toMatchObject({
      device_id: 'My-Device_1',
      device_name: "压机_?'#().,&%@!-",
      description: 'In.hall(2)',
      extension_info: { deep: { list: [1, null] } },
      auth_info: { auth_type: 'SECRET', secret: 'my-secret_1', secure_access: false, timeout: 60 },
    });
  });

  it('signs in by certificate without any secret', async () => {
    const { auth_info } = await add({ auth_info: { auth_type: 'CERTIFICATES', fingerprint: 'aB'.repeat(20) } });
    expect(auth_info).toEqual({
      auth_type: 'CERTIFICATES',
      fingerprint: 'aB'.repeat(20),
      secure_access: true,
      timeout: 0,
    });
  });

  it('begins with the defaults of its product, under what it brings itself', async () => {
    const rw = { data_type: 'int', method: 'RW' };
    const service_capabilities = [
      {
        service_id: 'motor',
        service_type: 'motor',
        properties: [
          { ...rw, property_name: 'speed', default_value: 1 },
          { ...rw, property_name: 'limit', default_value: 2 },
          { ...rw, property_name: 'kept', default_value: 3 },
        ],
      },
      { service_id: 'lamp', service_type: 'lamp', properties: [{ ...rw, property_name: 'on' }] },
    ];
    const product_id = await createProduct('with-defaults', { service_capabilities });
    const shadow = [
      { service_id: 'motor', desired: { speed: 9, kept: null } },
      { service_id: 'lamp', desired: { on: true } },
    ];
    const device = await add({ product_id, shadow });
    expect(await api.store.devices.getShadow(idOf(device))).toMatchObject([
      { serviceId: 'lamp', desired: { on: true }, version: 0 },
      { serviceId: 'motor', desired: { speed: 9, limit: 2, kept: 3 }, version: 0 },
    ]);
  });

  it('cannot begin with values that its model has not or that devices are not told', async () => {
    const properties = [{ property_name: 'heat', data_type: 'int', method: 'R' }];
    const service_capabilities = [{ service_id: 'motor', service_type: 'motor', properties }];
    const product_id = await createProduct('read-only', { service_capabilities });
    for (const [service_id, desired] of [
      ['lamp', { on: true }],
      ['motor', { colour: 'red' }],
      ['motor', { heat: 1 }],
    ]) {
      const answer = await api.mine.post('/devices', {
        node_id: 'cold',
        product_id,
        shadow: [{ service_id, desired }],
      });
      expect(errorOf(answer)).toEqual(expectedError(400, '013002'));
    }
    const large = [{ service_id: 'motor', desired: { heat: 'x'.repeat(256 * 1024) } }];
    const answer = await api.mine.post('/devices', { node_id: 'cold', product_id, shadow: large });
    expect(errorOf(answer)).toEqual(expectedError(400, '014134'));
    expect((await api.mine.get(`/devices/${product_id}_cold`)).status).toBe(404);
  });

  it('needs a node of its own and an id of its own', async () => {
    const device = await add({ node_id: 'taken', device_id: 'taken-id' });
    const again = (more: Json) => api.mine.post('/devices', { node_id: 'taken', product_id: productId, ...more });
    expect(errorOf(await again({}))).toEqual(expectedError(400, '014031'));
    expect(errorOf(await again({ device_id: device.device_id }))).toEqual(expectedError(400, '014031'));
    expect(errorOf(await again({ node_id: 'free', device_id: 'taken-id' }))).toEqual(expectedError(400, '014115'));
    await api.other.post('/products', {
      product_id: 'there',
      name: 'x',
      device_type: 'x',
      protocol_type: 'MQTT',
      service_capabilities: [],
    });
    const foreign = await api.other.post('/devices', { node_id: 'a', product_id: 'there', device_id: 'taken-id' });
    expect(errorOf(foreign)).toEqual(expectedError(400, '014115'));
  });

  it('is added once, however many ask for it at the same time', async () => {
    const body = { node_id: 'wanted', product_id: productId };
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.mine.post('/devices', body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 9 }, () => 400)]);
    const refused = answers.filter(({ status }) => status === 400);
    expect(new Set(refused.map((answer) => answer.body.error_code))).toEqual(new Set(['IOTDA.014031']));
  });

  it('needs an application and a product of that application', async () => {
    const post = (more: Json) => api.mine.post('/devices', { node_id: 'lost', product_id: productId, ...more });
    expect(errorOf(await post({ app_id: 'nowhere' }))).toEqual(expectedError(403, '001000'));
    expect(errorOf(await post({ product_id: 'nothing' }))).toEqual(expectedError(400, '013000'));
    const { body } = await api.mine.post('/apps', { app_name: 'Elsewhere' });
    expect(errorOf(await post({ app_id: body.app_id }))).toEqual(expectedError(400, '013000'));
    await createProduct('elsewhere', { app_id: body.app_id });
    expect(errorOf(await post({ product_id: 'elsewhere' }))).toEqual(expectedError(400, '013000'));
    const device = await add({ product_id: 'elsewhere', app_id: body.app_id });
    expect(device).toMatchObject({ app_id: body.app_id, app_name: 'Elsewhere' });
    expect(errorOf(await api.mine.delete(`/apps/${String(body.app_id)}`))).toEqual(expectedError(403, '001002'));
  });
});

describe('a child device', () => {
  it('hangs below a direct device, at most two levels deep', async () => {
    const gateway = await add();
    const child = await add({ gateway_id: gateway.device_id });
    expect(child).toMatchObject({ gateway_id: gateway.device_id, node_type: 'ENDPOINT' });
    const grandchild = await add({ gateway_id: child.device_id });
    expect(grandchild).toMatchObject({ gateway_id: child.device_id, node_type: 'ENDPOINT' });
    const tooDeep = { node_id: 'deep', product_id: productId, gateway_id: grandchild.device_id };
    expect(errorOf(await api.mine.post('/devices', tooDeep))).toEqual(expectedError(400, '014042'));
    const path = `/devices?gateway_id=${String(gateway.device_id)}`;
    expect((await api.mine.get(path)).body).toMatchObject({ devices: [{ device_id: child.device_id }] });
    expect((await api.mine.get(`${path}&is_cascade_query=true`)).body).toMatchObject({
      devices: [{ device_id: grandchild.device_id }, { device_id: child.device_id }],
      page: { count: 2 },
    });
  });

  it('needs a gateway that exists in its own application and project', async () => {
    const post = (gateway_id: unknown) =>
      api.mine.post('/devices', { node_id: 'orphan', product_id: productId, gateway_id });
    expect(errorOf(await post('nothing'))).toEqual(expectedError(400, '014042'));
    await api.other.post('/products', {
      product_id: 'gw',
      name: 'x',
      device_type: 'x',
      protocol_type: 'MQTT',
      service_capabilities: [],
    });
    const foreign = await api.other.post('/devices', { node_id: 'g', product_id: 'gw' });
    expect(errorOf(await post(foreign.body.device_id))).toEqual(expectedError(400, '014042'));
    expect((await api.mine.get('/devices?node_id=orphan')).body).toMatchObject({ devices: [], page: { count: 0 } });
  });

  it('is neither frozen nor unfrozen, and holds its gateway', async () => {
    const gateway = await add();
    const child = await add({ gateway_id: gateway.device_id });
    expect(errorOf(await api.mine.post(`${pathOf(child)}/freeze`))).toEqual(expectedError(403, '014038'));
    expect(errorOf(await api.mine.post(`${pathOf(child)}/unfreeze`))).toEqual(expectedError(403, '014038'));
    expect(errorOf(await api.mine.delete(pathOf(gateway)))).toEqual(expectedError(403, '014041'));
    expect((await api.mine.delete(pathOf(child))).status).toBe(204);
    expect((await api.mine.delete(pathOf(gateway))).status).toBe(204);
    expect(errorOf(await api.mine.get(pathOf(gateway)))).toEqual(expectedError(404, '014000'));
  });
});

describe('a device', () => {
  it('keeps on PUT what is not sent, its secret above all', async () => {
    const device = await add({ device_name: 'a', description: 'b', extension_info: { c: 1 } });
    const changed = await api.mine.put(pathOf(device), {
      device_name: 'A',
      auth_info: { secret: 'other-secret', secure_access: false, timeout: 9 },
    });
    expect([changed.status, changed.body]).toEqual([
      200,
      {
        ...device,
        device_name: 'A',
        auth_info: { ...(device.auth_info as Json), secure_access: false, timeout: 9 },
      },
    ]);
    expect((await api.mine.put(pathOf(device), { description: null })).body).toEqual(changed.body);
    expect((await api.mine.put(pathOf(device), { extension_info: {} })).body.extension_info).toEqual({});
  });

  it('shows when it connected, and what it said of itself', async () => {
    const device = await add();
    await connect(device);
    await api.store.devices.reportVersions(idOf(device), { fwVersion: '1', swVersion: '2', sdkVersion: '3' });
    expect((await api.mine.get(pathOf(device))).body).toMatchObject({
      status: 'ONLINE',
      active_time: '2026-11-22T01:55:13.000Z',
      connection_status_update_time: '2026-11-22T01:55:13.000Z',
      fw_version: '1',
      sw_version: '2',
      device_sdk_version: '3',
    });
  });

  it('is frozen and unfrozen; its connection ends', async () => {
    const device = await add();
    await connect(device);
    const frozen = await api.mine.post(`${pathOf(device)}/freeze`);
    expect([frozen.status, frozen.text]).toEqual([204, '']);
    expect(api.link.closed).toEqual([{ deviceId: device.device_id, reason: 'frozen' }]);
    expect((await api.mine.get(pathOf(device))).body.status).toBe('FROZEN');
    expect((await api.mine.post(`${pathOf(device)}/freeze`, {})).status).toBe(204);
    expect((await api.mine.post(`${pathOf(device)}/unfreeze`)).status).toBe(204);
    expect((await api.mine.get(pathOf(device))).body.status).not.toBe('FROZEN');
    expect(errorOf(await api.mine.post(`${pathOf(device)}/unfreeze`))).toEqual(expectedError(403, '014040'));
  });

  it('is INACTIVE again when it is unfrozen without ever having connected', async () => {
    const device = await add();
    await api.mine.post(`${pathOf(device)}/freeze`);
    await api.mine.post(`${pathOf(device)}/unfreeze`);
    expect((await api.mine.get(pathOf(device))).body.status).toBe('INACTIVE');
    // It may have reported over HTTP, which ends too.
    expect(api.link.closed).toEqual([{ deviceId: device.device_id, reason: 'frozen' }]);
  });

  it('gets a new primary or secondary secret; the connection ends on demand alone', async () => {
    const device = await add();
    const path = `${pathOf(device)}/action?action_id=resetSecret`;
    const reset = await api.mine.post(path);
    expect([reset.status, reset.body]).toEqual([
      200,
      { device_id: device.device_id, secret: expect.stringMatching(/^[0-9a-f]{32}$/), secret_type: 'PRIMARY' },
    ]);
    expect(api.link.closed).toEqual([]);
    const body = { secret: 'a-second-one', secret_type: 'SECONDARY', force_disconnect: true };
    expect((await api.mine.post(path, body)).body).toMatchObject({ secret: 'a-second-one', secret_type: 'SECONDARY' });
    expect(api.link.closed).toEqual([{ deviceId: device.device_id, reason: 'secret-reset' }]);
    expect((await api.mine.get(pathOf(device))).body.auth_info).toMatchObject({
      secret: reset.body.secret,
      secondary_secret: 'a-second-one',
    });
  });

  it('gets another primary or secondary fingerprint, or none; the connection ends on demand alone', async () => {
    const sha1 = 'a'.repeat(40);
    const device = await add({ auth_info: { auth_type: 'CERTIFICATES', fingerprint: sha1 } });
    const reset = (body?: Json) => api.mine.post(`${pathOf(device)}/reset-fingerprint`, body);
    const shown = async () => (await api.mine.get(pathOf(device))).body.auth_info;
    const sha256 = 'Ab'.repeat(32);
    const second = await reset({ fingerprint: sha256, fingerprint_type: 'SECONDARY' });
    const { device_id } = device;
    expect([second.status, second.body]).toEqual([
      200,
      { device_id, fingerprint: sha256, fingerprint_type: 'SECONDARY' },
    ]);
    expect(await shown()).toMatchObject({ fingerprint: sha1, secondary_fingerprint: sha256 });
    const cleared = await reset();
    expect([cleared.status, cleared.body]).toEqual([200, { device_id, fingerprint_type: 'PRIMARY' }]);
    expect(await shown()).toEqual({
      ...{ auth_type: 'CERTIFICATES', secure_access: true, timeout: 0 },
      secondary_fingerprint: sha256,
    });
    expect(api.link.closed).toEqual([]);
    expect((await reset({ fingerprint: sha1, force_disconnect: true })).status).toBe(200);
    expect(api.link.closed).toEqual([{ deviceId: device_id, reason: 'fingerprint-reset' }]);
  });

  it('loses its connection when it is deleted', async () => {
    const device = await add();
    const gone = await api.mine.delete(pathOf(device));
    expect([gone.status, gone.text]).toEqual([204, '']);
    expect(api.link.closed).toEqual([{ deviceId: device.device_id, reason: 'deleted' }]);
    expect(errorOf(await api.mine.delete(pathOf(device)))).toEqual(expectedError(404, '014000'));
  });

  it('tells its groups', async () => {
    const device = await add();
    const group = await api.mine.post('/device-group', { name: 'Hall 2', description: 'all of it' });
    const { group_id } = group.body;
    await api.mine.post(`/device-group/${String(group_id)}/action?action_id=addDevice&device_id=${idOf(device)}`);
    const answer = await api.mine.post(`${pathOf(device)}/list-device-group`);
    expect([answer.status, answer.body]).toEqual([
      200,
      { device_groups: [{ group_id, name: 'Hall 2', description: 'all of it', group_type: 'STATIC' }] },
    ]);
  });

  it('shows no secret to a viewer', async () => {
    const device = await add();
    const { auth_info: shown } = (await api.viewer.get(pathOf(device))).body;
    expect(shown).toEqual({ auth_type: 'SECRET', secure_access: true, timeout: 0 });
    expect(errorOf(await api.viewer.post(`${pathOf(device)}/freeze`))).toEqual(expectedError(403, '000022'));
  });

  const calls: [string, string, Json?][] = [
    ['GET', ''],
    ['PUT', '', {}],
    ['DELETE', ''],
    ['POST', '/freeze'],
    ['POST', '/unfreeze'],
    ['POST', '/action?action_id=resetSecret'],
    ['POST', '/reset-fingerprint'],
    ['POST', '/change-gateway', { gateway_id: 'any' }],
    ['POST', '/list-device-group'],
  ];
  it.each(calls)(
    'that is unknown or of another project answers 404 014000 to %s %s [v5 8]',
    async (method, end, body) => {
      const device = await add();
      for (const path of [`/devices/nothing${end}`, `/devices/%2e%2f${end}`]) {
        expect(errorOf(await api.mine.call(method, path, body))).toEqual(expectedError(404, '014000'));
      }
      expect(errorOf(await api.other.call(method, pathOf(device) + end, body))).toEqual(expectedError(404, '014000'));
      expect((await api.mine.get(pathOf(device))).body).toEqual(device);
      expect([api.link.sent, api.link.closed]).toEqual([[], []]);
    },
  );
});

describe('the list of devices', () => {
  it('shows devices without their sign-in, newest first, in pages', async () => {
    const product_id = await createProduct('listed');
    const made: Json[] = [];
    for (let no = 0; no < 5; no++) made.unshift(await add({ product_id }));
    const first = await api.mine.get('/devices?product_id=listed&limit=2');
    const { auth_info: _, create_time: __, ...simple } = made[0] as Json;
    expect((first.body.devices as Json[])[0]).toEqual(simple);
    expect(first.body.page).toEqual({ count: 5, marker: expect.stringMatching(/^[0-9a-f]{24}$/) });
    const { marker } = first.body.page as { marker: string };
    const rest = await api.mine.get(`/devices?product_id=listed&marker=${marker}&offset=1`);
    expect((rest.body.devices as Json[]).map(({ device_id }) => device_id)).toEqual(
      made.slice(3).map(({ device_id }) => device_id),
    );
    const end = await api.mine.get('/devices?product_id=listed&offset=5');
    expect([end.status, end.body]).toEqual([200, { devices: [], page: { count: 5, marker: null } }]);
  });

  it('is narrowed by product, node, name, gateway, time and application', async () => {
    await api.clock.advance(10_000);
    const product_id = await createProduct('narrow');
    const device = await add({ product_id, node_id: 'narrow-1', device_name: 'One' });
    await api.clock.advance(10_500);
    await add({ product_id, node_id: 'narrow-2', device_name: 'Two' });
    const found = async (query: string) =>
      ((await api.mine.get(`/devices?product_id=narrow&${query}`)).body.devices as Json[]).map(
        ({ node_id }) => node_id,
      );
    expect(await found('node_id=narrow-1')).toEqual(['narrow-1']);
    expect(await found('device_name=Two')).toEqual(['narrow-2']);
    expect(await found('device_name=Tw')).toEqual([]);
    expect(await found('gateway_id=narrow_narrow-1')).toEqual([]);
    expect(await found('app_id=&node_id=&device_name=&gateway_id=&start_time=')).toEqual(['narrow-2', 'narrow-1']);
    expect(await found(`app_id=${String(device.app_id)}`)).toHaveLength(2);
    expect(await found('end_time=20261122T015523Z')).toEqual(['narrow-1']);
    expect(await found('start_time=20261122T015524Z')).toEqual(['narrow-2']);
    // Made half a second after that, and shown with it.
    expect(await found('start_time=20261122T015532Z&end_time=20261122T015533Z')).toEqual(['narrow-2']);
    expect(errorOf(await api.mine.get('/devices?app_id=nowhere'))).toEqual(expectedError(403, '001000'));
  });

  it('has none of another project [v5 8]', async () => {
    await add();
    const ids = ((await api.other.get('/devices?limit=50')).body.devices as Json[]).map(({ app_id }) => app_id);
    expect(ids).not.toContain('00000000000000000000000000000001');
  });

  const wrong: [string, string, string][] = [
    ['limit=0', '000017', 'limit'],
    ['limit=51', '000017', 'limit'],
    ['limit=ten', '000017', 'limit'],
    ['offset=501', '000018', 'offset'],
    ['offset=-1', '000018', 'offset'],
    ['marker=xyz', '000018', 'marker'],
    ['start_time=2026-11-22', '000009', ''],
    ['end_time=20261322T000000Z', '000009', ''],
    ['start_time=20261122T000001Z&end_time=20261122T000000Z', '000010', ''],
    ['start_time=20261122T000002Z&end_time=20261122T000000Z', '000010', ''],
    ['is_cascade_query=yes', '000006', 'is_cascade_query'],
    ['product_id=a.b', '000006', 'product_id'],
    ['gateway_id=a.b', '000006', 'gateway_id'],
    ['node_id=a.b', '000006', 'node_id'],
    ['node_id=a&node_id=b', '000006', 'node_id'],
    [`device_name=${'a'.repeat(257)}`, '000006', 'device_name'],
  ];
  it.each(wrong)('refuses %s with %s [v5 12]', async (query, code, says) => {
    expect(errorOf(await api.mine.get(`/devices?${query}`), says)).toEqual(expectedError(400, code, says));
  });
});
