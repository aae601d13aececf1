import { afterAll, beforeAll, describe } from 'vitest';
import { type InventoryApi, type Json, startInventoryApi } from './fixture/inventory-api.ts';
import { itRefuses, itTakes, notText, type WrongField } from './fixture/wrong-fields.ts';

let api: InventoryApi;
let path = '';
let count = 0;

beforeAll(async () => {
  api = await startInventoryApi();
  const product = { product_id: 'press', name: 'Press', device_type: 'Press', protocol_type: 'MQTT' };
  await api.mine.post('/products', { ...product, service_capabilities: [] });
  const { body } = await api.mine.post('/devices', { node_id: 'still', product_id: 'press' });
  path = `/devices/${String(body.device_id)}`;
});
afterAll(() => api.stop());

const each = (field: string, values: readonly unknown[], more: Partial<WrongField> = {}): WrongField[] =>
  values.map((value) => ({ field, value, ...more }));
const stored = async (): Promise<unknown> => (await api.mine.get('/devices?limit=50')).body;
const shadowOf = (desired: unknown, service_id: unknown = 'motor') => [{ service_id, desired }];

const changeable: WrongField[] = [
  ...each('device_name', ['a'.repeat(257), 'a b', '压'.repeat(257), ...notText]),
  ...each('description', ['a'.repeat(2049), 'a b', ...notText]),
  ...each('extension_info', ['text', [1], { a: 'x'.repeat(1024) }]),
  ...each('auth_info', ['text', [1]]),
  ...each('auth_info.secure_access', ['true', 1]),
  ...each('auth_info.timeout', [-1, 1.5, '60', 2 ** 31]),
];

describe('the fields of a device', () => {
  const options = {
    api: () => api,
    method: 'POST' as const,
    path: () => '/devices',
    body: (): Json => ({ node_id: `n${count++}`, product_id: 'press' }),
    stored,
  };
  itRefuses(
    [
      ...each('node_id', [undefined, null, '', 'a'.repeat(65), 'a.b', 'a b', '压', ...notText]),
      ...each('product_id', [undefined, null, '', 'a'.repeat(37), 'a.b', ...notText]),
      ...each('product_id', ['nothing'], { code: '013000', says: '' }),
      ...each('device_id', ['', 'a'.repeat(129), 'a.b', 'a/b', ...notText]),
      ...each('gateway_id', ['a'.repeat(129), 'a.b', ...notText]),
      ...each('gateway_id', ['nothing'], { code: '014042', says: '' }),
      ...each('app_id', ['a'.repeat(37), 'a.b', ...notText]),
      ...each('app_id', ['nowhere'], { code: '001000', status: 403, says: '' }),
      ...changeable,
      ...each('auth_info.auth_type', ['secret', 'NONE', 7]),
      ...each('auth_info.secret', ['1234567', 'a'.repeat(33), 'with.dots', 12345678]),
      ...each('auth_info.fingerprint', ['ab', 'g'.repeat(40), 'a'.repeat(41), 'a'.repeat(63)]),
      ...each('shadow', [{}, 'text', Array.from({ length: 501 }, (_, no) => ({ service_id: `s${no}`, desired: {} }))]),
      ...each('shadow', [[{ desired: {} }], shadowOf({}, '')], { says: 'shadow[0].service_id' }),
      ...each('shadow', [[{ service_id: 'a' }], shadowOf([]), shadowOf('x')], { says: 'shadow[0].desired' }),
      ...each('shadow', [shadowOf({ 'a.b': 1 }), shadowOf({ $a: 1 }), shadowOf({ 'a\0': 1 })], {
        says: 'shadow[0].desired',
      }),
      ...each('shadow', [[...shadowOf({}), ...shadowOf({})]], { says: 'shadow[1].service_id' }),
    ],
    options,
  );
  itTakes(
    [
      { field: 'node_id', value: 'a'.repeat(64) },
      { field: 'device_id', value: 'd'.repeat(128) },
      { field: 'device_id', value: null },
      { field: 'gateway_id', value: '' },
      { field: 'app_id', value: '' },
      { field: 'device_name', value: '压'.repeat(256) },
      { field: 'device_name', value: '' },
      { field: 'extension_info', value: { a: 'x'.repeat(1016) } },
      { field: 'auth_info.secret', value: 'a'.repeat(32) },
      { field: 'auth_info.fingerprint', value: 'A'.repeat(64) },
      { field: 'auth_info.timeout', value: 2_147_483_647 },
      { field: 'shadow', value: [] },
    ],
    options,
  );
});

describe('the changes of a device', () => {
  const shown = async (): Promise<unknown> => (await api.mine.get(path)).body;
  itRefuses(changeable, { api: () => api, method: 'PUT', path: () => path, body: () => ({}), stored: shown });
});

describe('the reset of a fingerprint', () => {
  const shown = async (): Promise<unknown> => (await api.mine.get(path)).body;
  itRefuses(
    [
      ...each('fingerprint', ['', 'a'.repeat(39), 'a'.repeat(41), 'g'.repeat(40), 'aa:'.repeat(20), 7, {}]),
      ...each('fingerprint_type', ['primary', 'THIRD', 1]),
      ...each('force_disconnect', ['true', 1]),
    ],
    {
      api: () => api,
      method: 'POST',
      path: () => `${path}/reset-fingerprint`,
      body: (): Json => ({}),
      stored: shown,
    },
  );
});

describe('the reset of a secret', () => {
  const shown = async (): Promise<unknown> => (await api.mine.get(path)).body;
  const options = { api: () => api, method: 'POST' as const, body: (): Json => ({}), stored: shown };
  itRefuses(
    [
      ...each('secret', ['1234567', 'a'.repeat(33), 'with.dots', 12345678, {}]),
      ...each('secret_type', ['primary', 'THIRD', 1]),
      ...each('force_disconnect', ['true', 1]),
    ],
    { ...options, path: () => `${path}/action?action_id=resetSecret` },
  );
  itRefuses([{ field: 'x', value: 1, says: 'action_id' }], { ...options, path: () => `${path}/action` });
  itRefuses([{ field: 'x', value: 1, says: 'action_id' }], {
    ...options,
    path: () => `${path}/action?action_id=reset`,
  });
});
