import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, expectedError, type InventoryApi, type Json, startInventoryApi } from './fixture/inventory-api.ts';
import { itRefuses, itTakes, notText, type WrongField } from './fixture/wrong-fields.ts';

let api: InventoryApi;
beforeAll(async () => {
  api = await startInventoryApi();
});
afterAll(() => api.stop());

const product = (more: Json = {}): Json => ({
  name: 'Press',
  device_type: 'Press',
  protocol_type: 'MQTT',
  data_format: 'json',
  service_capabilities: [],
  ...more,
});
const property = (more: Json = {}): Json => ({ property_name: 'speed', data_type: 'int', method: 'RW', ...more });
const service = (more: Json = {}): Json => ({ service_id: 'motor', service_type: 'motor', ...more });
const withProperty = (more: Json): Json[] => [service({ properties: [property(more)] })];

const listed = async (): Promise<unknown> => (await api.mine.get('/products?limit=50')).body;

describe('products', () => {
  it('are created with everything they may have, and shown so', async () => {
    const fields = product({
      product_id: 'press-model_1',
      manufacturer_name: '压机厂',
      industry: 'Steel',
      description: 'Presses; all of them\n',
      model: 'P1',
      manufacturer_id: 'M1',
      custom_topics: ['a/b', 'c'],
      service_capabilities: [
        service({
          properties: [property({ required: true, default_value: { deep: [1] }, min: '0', max: '9', step: 0.5 })],
          commands: [{ command_name: 'go', paras: [{ para_name: 'to', data_type: 'string' }] }],
          events: [{ event_type: 'stopped' }],
        }),
      ],
    });
    const created = await api.mine.post('/products', fields);
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ ...fields, app_name: 'DefaultApp', create_time: '20261122T015513Z' });
    const shown = await api.mine.get('/products/press-model_1');
    expect([shown.status, shown.body]).toEqual([200, created.body]);
    const [summary] = (await api.mine.get('/products?product_name=Press')).body.products as Json[];
    const { service_capabilities: _, custom_topics: __, ...rest } = created.body;
    expect(summary).toEqual(rest);
  });

  it('get an id of 24 hex and leave out what has no value', async () => {
    const { body } = await api.mine.post('/products', { ...product({ name: 'Bare' }), data_format: undefined });
    expect(body).toEqual({
      app_id: '00000000000000000000000000000001',
      app_name: 'DefaultApp',
      product_id: expect.stringMatching(/^[0-9a-f]{24}$/),
      name: 'Bare',
      device_type: 'Press',
      protocol_type: 'MQTT',
      data_format: 'json',
      create_time: '20261122T015513Z',
      service_capabilities: [],
    });
  });

  it('keep on PUT what is not sent', async () => {
    const { body } = await api.mine.post('/products', product({ name: 'Kept', industry: 'Steel' }));
    const path = `/products/${String(body.product_id)}`;
    const changed = await api.mine.put(path, { name: 'Changed', service_capabilities: [service()], industry: null });
    expect([changed.status, changed.body]).toEqual([
      200,
      { ...body, name: 'Changed', service_capabilities: [service({ option: 'Optional' })] },
    ]);
    expect((await api.mine.put(path, {})).body).toEqual(changed.body);
    expect((await api.mine.put(path, { industry: '' })).body.industry).toBe('');
  });

  it('do not become CoAP ones, though a CoAP one stays one', async () => {
    const { body } = await api.mine.post('/products', product({ name: 'Wire' }));
    const path = `/products/${String(body.product_id)}`;
    expect(errorOf(await api.mine.put(path, { protocol_type: 'CoAP' }), 'protocol_type')).toEqual(
      expectedError(400, '000006', 'protocol_type'),
    );
    expect((await api.mine.get(path)).body).toEqual(body);
    const coap = await api.mine.post('/products', product({ name: 'Air', protocol_type: 'CoAP' }));
    expect((await api.mine.put(`/products/${String(coap.body.product_id)}`, { protocol_type: 'CoAP' })).status).toBe(
      200,
    );
  });

  it('are unique by id in their application, the default one first', async () => {
    const app = String((await api.mine.post('/apps', { app_name: 'Second' })).body.app_id);
    const twin = product({ product_id: 'twin' });
    expect((await api.mine.post('/products', { ...twin, app_id: app, name: 'There' })).status).toBe(201);
    expect((await api.mine.get('/products/twin')).body.name).toBe('There');
    expect((await api.mine.post('/products', { ...twin, name: 'Here' })).status).toBe(201);
    expect(errorOf(await api.mine.post('/products', twin))).toEqual(expectedError(400, '013001'));
    expect((await api.mine.get('/products/twin')).body.name).toBe('Here');
    expect((await api.mine.get(`/products/twin?app_id=${app}`)).body.name).toBe('There');
    expect((await api.mine.put('/products/twin', { app_id: app, name: 'There2' })).body.app_id).toBe(app);
    expect((await api.mine.get(`/products?app_id=${app}`)).body).toMatchObject({ products: [{ name: 'There2' }] });
    expect((await api.mine.delete(`/products/twin?app_id=${app}`)).status).toBe(204);
    expect((await api.mine.get('/products/twin')).body.name).toBe('Here');
    await api.mine.delete('/products/twin');
    await api.mine.delete(`/apps/${app}`);
  });

  it('are 404 013000 when unknown, and 403 001000 in an unknown application', async () => {
    for (const [method, body] of [['GET'], ['PUT', { name: 'x' }], ['DELETE']] as const) {
      expect(errorOf(await api.mine.call(method, '/products/nothing', body))).toEqual(expectedError(404, '013000'));
    }
    expect(errorOf(await api.mine.get('/products/nothing?app_id=nowhere'))).toEqual(expectedError(403, '001000'));
    expect(errorOf(await api.mine.put('/products/nothing', { app_id: 'nowhere' }))).toEqual(
      expectedError(403, '001000'),
    );
    expect(errorOf(await api.mine.delete('/products/nothing?app_id=nowhere'))).toEqual(expectedError(403, '001000'));
    expect(errorOf(await api.mine.get('/products?app_id=nowhere'))).toEqual(expectedError(403, '001000'));
  });

  it('of another project are as if they did not exist [v5 8]', async () => {
    const { body } = await api.other.post('/products', product({ product_id: 'foreign' }));
    for (const [method, sent] of [['GET'], ['PUT', { name: 'x' }], ['DELETE']] as const) {
      expect(errorOf(await api.mine.call(method, '/products/foreign', sent))).toEqual(expectedError(404, '013000'));
    }
    const device = await api.mine.post('/devices', { node_id: 'n', product_id: 'foreign' });
    expect(errorOf(device)).toEqual(expectedError(400, '013000'));
    expect((await api.other.get('/products/foreign')).body).toEqual(body);
    expect(errorOf(await api.mine.post('/products', product({ app_id: body.app_id })))).toEqual(
      expectedError(403, '001000'),
    );
  });

  it('stay while they have devices', async () => {
    const { body } = await api.mine.post('/products', product({ name: 'Used' }));
    const device = await api.mine.post('/devices', { node_id: 'n1', product_id: body.product_id });
    const path = `/products/${String(body.product_id)}`;
    expect(errorOf(await api.mine.delete(path))).toEqual(expectedError(403, '013003'));
    await api.mine.delete(`/devices/${String(device.body.device_id)}`);
    expect((await api.mine.delete(path)).status).toBe(204);
  });

  it('come in pages, newest first', async () => {
    const first = await api.mine.get('/products?limit=2');
    const page = first.body.page as { count: number; marker: string };
    const all = (await api.mine.get('/products')).body.products as Json[];
    expect(first.body.products).toEqual(all.slice(0, 2));
    expect(page.count).toBe(all.length);
    expect((await api.mine.get(`/products?limit=50&marker=${page.marker}`)).body.products).toEqual(all.slice(2));
  });

  it('are as many as the limit allows', async () => {
    const left = 20 - ((await api.mine.get('/products?limit=1')).body.page as { count: number }).count;
    for (let no = 0; no < left; no++) expect((await api.mine.post('/products', product())).status).toBe(201);
    expect(errorOf(await api.mine.post('/products', product()))).toEqual(expectedError(403, '013004'));
    for (const { product_id } of ((await api.mine.get('/products?limit=50')).body.products as Json[]).slice(0, left)) {
      await api.mine.delete(`/products/${String(product_id)}`);
    }
  });
});

const name = (field: string, max: number): WrongField[] => [
  { field, value: 'a'.repeat(max + 1) },
  { field, value: 'a b' },
  ...notText.map((value) => ({ field, value })),
];
const required = (field: string): WrongField[] => [
  { field, value: undefined },
  { field, value: null },
  { field, value: '' },
];
const inModel = (value: unknown, says: string): WrongField => ({ field: 'service_capabilities', value, says });

describe('the fields of a product', () => {
  const options = {
    api: () => api,
    method: 'POST' as const,
    path: () => '/products',
    body: () => product(),
    stored: listed,
  };
  itRefuses(
    [
      { field: 'product_id', value: 'a'.repeat(37) },
      { field: 'product_id', value: 'a.b' },
      ...required('name'),
      ...name('name', 64),
      ...required('device_type'),
      ...name('device_type', 32),
      ...required('protocol_type'),
      { field: 'protocol_type', value: 'mqtt' },
      { field: 'data_format', value: 'xml' },
      { field: 'service_capabilities', value: undefined },
      { field: 'service_capabilities', value: {} },
      ...name('manufacturer_name', 32),
      ...name('industry', 64),
      { field: 'description', value: 'a'.repeat(129) },
      { field: 'description', value: '<a>' },
      { field: 'app_id', value: 'a'.repeat(37) },
      { field: 'app_id', value: 'nowhere', code: '001000', status: 403, says: '' },
      ...name('model', 32),
      ...name('manufacturer_id', 32),
      { field: 'custom_topics', value: Array.from({ length: 51 }, (_, no) => `t${no}`) },
      { field: 'custom_topics', value: ['a b'] },
      { field: 'custom_topics', value: [''] },
      { field: 'custom_topics', value: ['a'.repeat(65)] },
    ],
    options,
  );
  itRefuses(
    [
      inModel(
        Array.from({ length: 501 }, (_, no) => service({ service_id: `s${no}` })),
        'service_capabilities',
      ),
      inModel([service(), service({ service_type: 'b' })], 'service_capabilities[1].service_id'),
      inModel([service({ service_id: undefined })], 'service_capabilities[0].service_id'),
      inModel([service({ service_id: 'a b' })], 'service_capabilities[0].service_id'),
      inModel([service({ service_type: undefined })], 'service_capabilities[0].service_type'),
      inModel([service({ option: 'Maybe' })], 'service_capabilities[0].option'),
      inModel([service({ description: 'a'.repeat(129) })], 'service_capabilities[0].description'),
      inModel(withProperty({ property_name: 'a.b' }), 'properties[0].property_name'),
      inModel(withProperty({ property_name: 'a$b' }), 'properties[0].property_name'),
      inModel(withProperty({ property_name: '' }), 'properties[0].property_name'),
      inModel(withProperty({ data_type: 'float' }), 'properties[0].data_type'),
      inModel(withProperty({ data_type: undefined }), 'properties[0].data_type'),
      inModel(withProperty({ method: 'WR' }), 'properties[0].method'),
      inModel(withProperty({ method: undefined }), 'properties[0].method'),
      inModel(withProperty({ required: 'yes' }), 'properties[0].required'),
      inModel(withProperty({ min: '' }), 'properties[0].min'),
      inModel(withProperty({ max: '1'.repeat(17) }), 'properties[0].max'),
      inModel(withProperty({ max_length: 1.5 }), 'properties[0].max_length'),
      inModel(withProperty({ step: 'one' }), 'properties[0].step'),
      inModel(withProperty({ unit: 'u'.repeat(17) }), 'properties[0].unit'),
      inModel(withProperty({ enum_list: 'a,b' }), 'properties[0].enum_list'),
      inModel([service({ properties: Array.from({ length: 501 }, () => property()) })], 'properties'),
      inModel([service({ commands: [{ command_name: 'a b' }] })], 'commands[0].command_name'),
      inModel([service({ commands: [{ command_name: 'a', paras: [{ para_name: 'p' }] }] })], 'paras[0].data_type'),
      inModel([service({ events: [{ event_type: 'a'.repeat(33) }] })], 'events[0].event_type'),
      inModel(
        Array.from({ length: 100 }, (_, no) =>
          service({ service_id: `s${no}`, properties: [property({ default_value: 'x'.repeat(6000) })] }),
        ),
        'service_capabilities',
      ),
    ],
    options,
  );
  itTakes(
    [
      { field: 'product_id', value: 'a'.repeat(36) },
      { field: 'name', value: "压_?'#().,&%@!-" },
      { field: 'app_id', value: '' },
      { field: 'service_capabilities', value: withProperty({ data_type: 'string list', default_value: null }) },
      { field: 'service_capabilities', value: [service({ service_id: '$a' })] },
    ],
    options,
  );
});

describe('the changes of a product', () => {
  let path = '';
  beforeAll(async () => {
    path = `/products/${String((await api.mine.post('/products', product({ name: 'Still' }))).body.product_id)}`;
  });
  itRefuses(
    [
      ...name('name', 64),
      { field: 'name', value: '' },
      ...name('device_type', 32),
      { field: 'protocol_type', value: 'mqtt' },
      { field: 'data_format', value: 'xml' },
      inModel([service(), service()], 'service_capabilities[1].service_id'),
      { field: 'custom_topics', value: [7] },
    ],
    {
      api: () => api,
      method: 'PUT',
      path: () => path,
      body: () => ({}),
      stored: async () => (await api.mine.get(path)).body,
    },
  );
});
