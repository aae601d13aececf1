import { describe, expect, expectTypeOf, it } from 'vitest';
import { createDecoder, createQueryDecoder } from '../../src/decode.ts';
import type { DecodeResult } from '../../src/decode.ts';
import * as v5 from '../../src/v5/index.ts';

function pathsOf(result: DecodeResult<unknown>): string[] {
  return result.ok ? [] : result.errors.map(({ path, code }) => (code === undefined ? path : `${path} ${code}`));
}

const task = { task_name: 'fw_240_line3', task_type: 'firmwareUpgrade' };

describe('CreateBatchTask', () => {
  const decode = createDecoder(v5.CreateBatchTaskRequest);

  it('takes the example of the contract and fills need_confirm', () => {
    const body = {
      ...task,
      targets_filter: { group_ids: ['5f0c6a52-1d3b-4c8e-9b7a-2e1f0d9c8b7a'] },
      document: { package_id: '65a1b2c3d4e5f60718293a4b' },
      task_policy: { retry_count: 2, retry_interval: 5 },
    };
    expect(decode(body)).toEqual({ ok: true, value: { ...body, need_confirm: false } });
  });

  it.each([
    ['128 Han characters', '中'.repeat(128), true],
    ['129 Han characters', '中'.repeat(129), false],
    ['a dash', 'a-b', false],
    ['a space', 'a b', false],
    ['nothing', '', false],
  ])('judges a task_name of %s', (_label, task_name, good) => {
    expect(pathsOf(decode({ ...task, task_name }))).toEqual(good ? [] : ['task_name']);
  });

  it('names the target that is no device id', () => {
    expect(pathsOf(decode({ ...task, targets: ['a', 'b/c'] }))).toEqual(['targets[1]']);
  });

  it('leaves to services what has a code of its own', () => {
    const body = {
      ...task,
      task_type: 'nonsense',
      task_mode: 'x',
      targets: Array.from({ length: 30_001 }, (_, i) => `d${i}`),
      targets_filter: { colour: 'red' },
      document_source: '',
      document: {},
      task_policy: { schedule_time: '2026-01-01', retry_count: 77, retry_interval: -1 },
    };
    const result = decode(body);
    expect(pathsOf(result)).toEqual([]);
    expect(result.ok && result.value.targets_filter).toEqual({ colour: 'red' });
  });

  it('refuses an absurd number of targets under the code of the limit, without looking at them', () => {
    const targets = Array.from({ length: 1_000_000 }, () => '/');
    expect(pathsOf(decode({ ...task, targets }))).toEqual(['targets 014557']);
  });

  it('carries the code of a field whose type is wrong', () => {
    const body = { ...task, document: [], need_confirm: 'yes', task_policy: { retry_count: '1', schedule_time: 5 } };
    expect(pathsOf(decode(body)).sort()).toEqual([
      'document 014555',
      'need_confirm 014555',
      'task_policy.retry_count 014554',
      'task_policy.schedule_time 000009',
    ]);
  });

  it('lets clients leave out what decoding fills', () => {
    expectTypeOf<v5.CreateBatchTaskRequest['need_confirm']>().toEqualTypeOf<boolean | undefined>();
    const result = decode(task);
    if (result.ok) expectTypeOf(result.value.need_confirm).toEqualTypeOf<boolean>();
    expect(result.ok).toBe(true);
  });
});

describe('retry, stop and confirm', () => {
  const decode = createDecoder(v5.BatchTaskTargetsRequest);

  it('take an empty body, but no empty list', () => {
    expect(pathsOf(decode({}))).toEqual([]);
    expect(pathsOf(decode({ targets: [] }))).toEqual(['targets']);
  });

  it('leave more than 100 targets to services', () => {
    expect(pathsOf(decode({ targets: Array.from({ length: 101 }, (_, i) => `d${i}`) }))).toEqual([]);
  });
});

describe('AddDevice', () => {
  const decode = createDecoder(v5.AddDeviceRequest);
  const device = { node_id: 'press-07', product_id: '64f0c1d2e3a4b5c6d7e8f901' };

  it('fills how the device signs in', () => {
    const result = decode(device);
    expect(result.ok && result.value.auth_info).toEqual({ auth_type: 'SECRET', secure_access: true, timeout: 0 });
  });

  it.each([
    [{ auth_info: { secret: '1234567' } }, 'auth_info.secret'],
    [{ auth_info: { secret: '1'.repeat(33) } }, 'auth_info.secret'],
    [{ auth_info: { fingerprint: 'a'.repeat(41) } }, 'auth_info.fingerprint'],
    [{ auth_info: { timeout: -1 } }, 'auth_info.timeout'],
    [{ node_id: 'a/b' }, 'node_id'],
    [{ device_name: 'a'.repeat(257) }, 'device_name'],
    [{ extension_info: 'x' }, 'extension_info'],
    [{ shadow: [{ service_id: 's' }] }, 'shadow[0].desired'],
  ])('refuses %j', (change, path) => {
    expect(pathsOf(decode({ ...device, ...change }))).toEqual([path]);
  });

  it('keeps nulls among desired values', () => {
    const result = decode({ ...device, shadow: [{ service_id: 's', desired: { a: null } }] });
    expect(result.ok && result.value.shadow).toEqual([{ service_id: 's', desired: { a: null } }]);
  });
});

describe('the update calls', () => {
  it.each([
    ['UpdateDevice', v5.UpdateDeviceRequest],
    ['UpdateProduct', v5.UpdateProductRequest],
    ['UpdateDeviceGroup', v5.UpdateDeviceGroupRequest],
    ['UpdateApplication', v5.UpdateApplicationRequest],
    ['UpdateRoutingRule', v5.UpdateRuleRequest],
    ['AdminUpdateUser', v5.UpdateUserRequest],
  ])('%s fills no default, so that absent stays unchanged', (_label, schema) => {
    expect(createDecoder(schema)({})).toEqual({ ok: true, value: {} });
  });
});

describe('the other requests', () => {
  it('an empty app_id passes everywhere, as absent', () => {
    expect(pathsOf(createQueryDecoder(v5.ListDevicesQuery)({ app_id: '' }))).toEqual([]);
    expect(pathsOf(createDecoder(v5.CreateBatchTaskRequest)({ ...task, app_id: '' }))).toEqual([]);
  });

  it('a message lives a multiple of five minutes', () => {
    const decode = createDecoder(v5.CreateMessageRequest);
    expect(pathsOf(decode({ message: { any: 'json' }, ttl: 10 }))).toEqual([]);
    expect(pathsOf(decode({ message: 'x', ttl: 7 }))).toEqual(['ttl']);
    expect(pathsOf(decode({ message: null }))).toEqual(['message']);
  });

  it('a product model is checked to its last parameter', () => {
    const decode = createDecoder(v5.CreateProductRequest);
    const product = {
      name: 'Press',
      device_type: 'press',
      protocol_type: 'MQTT',
      service_capabilities: [
        {
          service_id: '$ota',
          service_type: 's',
          properties: [{ property_name: 'p', data_type: 'int', method: 'RW', default_value: 0 }],
          commands: [{ command_name: 'c', paras: [{ para_name: 'q', data_type: 'strange' }] }],
        },
      ],
    };
    expect(pathsOf(decode(product))).toEqual(['service_capabilities[0].commands[0].paras[0].data_type']);
    expect(pathsOf(decode({ ...product, service_capabilities: [] }))).toEqual([]);
  });

  it('a property name has no dot', () => {
    const property = { property_name: 'a.b', data_type: 'int', method: 'R' };
    expect(pathsOf(createDecoder(v5.ServiceProperty)(property))).toEqual(['property_name']);
  });

  it('a package names its place, checksums in lower case', () => {
    const decode = createDecoder(v5.CreateOtaPackageRequest);
    const body = { app_id: 'a', product_id: 'p', package_type: 'firmwarePackage', version: '2.4.0' };
    expect(pathsOf(decode(body))).toEqual(['file_location']);
    const obs_location = { region_name: 'r', bucket_name: 'bkt', object_key: 'k', sign: 'A'.repeat(64) };
    expect(pathsOf(decode({ ...body, file_location: { obs_location } }))).toEqual(['file_location.obs_location.sign']);
  });
});
