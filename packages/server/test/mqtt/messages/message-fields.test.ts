import { beforeAll, describe, expect, it } from 'vitest';
import { openTestStore } from '../../support/test-store.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { parseMessage } from '../../../src/domain/message-request.ts';
import { type DeviceApi, startDeviceApi } from './device-api.ts';

const long = (length: number, unit = 'x'): string => unit.repeat(length);

/** [field, value, code] of the single call; the field is named in the sentence of a 000006. */
const wrong: readonly (readonly [string, unknown, string?])[] = [
  ['message', undefined],
  ['message', null],
  ['message', long(256 * 1024 + 1), '014134'],
  ['message', long(128 * 1024, '中'), '014134'],
  ['message', { a: long(256 * 1024) }, '014134'],
  ['message_id', ''],
  ['message_id', long(101)],
  ['message_id', 'a b'],
  ['message_id', 'a/b'],
  ['message_id', 7],
  ['name', long(129)],
  ['name', 'a b'],
  ['name', 'a/b'],
  ['name', 7],
  ['properties', 'text'],
  ['properties', []],
  ['properties.correlation_data', ''],
  ['properties.correlation_data', long(129)],
  ['properties.correlation_data', 'a b'],
  ['properties.response_topic', long(129)],
  ['properties.response_topic', 'a b'],
  ['properties.response_topic', 7],
  ['properties.user_properties', {}],
  ['properties.user_properties', Array.from({ length: 21 }, () => ({ prop_key: 'k', prop_value: 'v' }))],
  ['properties.user_properties', [7]],
  ['properties.user_properties', [{ prop_key: 'k' }]],
  ['properties.user_properties', [{ prop_value: 'v' }]],
  ['properties.user_properties', [{ prop_key: 'a b', prop_value: 'v' }]],
  ['properties.user_properties', [{ prop_key: long(129), prop_value: 'v' }]],
  ['properties.user_properties', [{ prop_key: 'k', prop_value: long(129) }]],
  ['properties.user_properties', [{ prop_key: 'k', prop_value: 'a/b' }]],
  ['encoding', 'gzip'],
  ['encoding', 7],
  ['payload_format', 'json'],
  ['payload_format', true],
  ['topic', long(129)],
  ['topic', 'a b'],
  ['topic', 'a/+'],
  ['topic', 'a/#'],
  ['topic', 7],
  ['topic_full_name', long(129)],
  ['topic_full_name', long(43, '中')],
  ['topic_full_name', 'a/+/b'],
  ['topic_full_name', '#'],
  ['topic_full_name', 'a\0b'],
  ['topic_full_name', 7],
  ['ttl', -5],
  ['ttl', 1],
  ['ttl', 7.5],
  ['ttl', 1445],
  ['ttl', '10'],
];

const right: readonly (readonly [string, unknown])[] = [
  ['message', ''],
  ['message', 0],
  ['message', false],
  ['message', ['a', null]],
  ['message', long(256 * 1024)],
  ['message_id', `${long(99)}_`],
  ['name', long(128, '中')],
  ['name', ''],
  ['name', null],
  ['properties', { correlation_data: long(128), response_topic: 'a/+/#?x=$y', user_properties: [] }],
  ['properties', { user_properties: Array.from({ length: 20 }, () => ({ prop_key: 'k', prop_value: 'a b 中' })) }],
  ['payload_format', 'raw'],
  ['topic', long(128)],
  ['topic', ''],
  ['topic_full_name', long(128)],
  ['topic_full_name', '$oc/broadcast/a'],
  ['ttl', 0],
  ['ttl', 5],
  ['ttl', 1440],
  ['ttl', null],
];

function withField(field: string, value: unknown): Record<string, unknown> {
  const [outer = '', inner] = field.split('.');
  const member = inner === undefined ? value : { [inner]: value };
  return { message: 'm', [outer]: member };
}

const short = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 60);

describe('a field of a message', () => {
  let api: DeviceApi;
  let path: string;

  beforeAll(async () => {
    const store = await openTestStore();
    api = await startDeviceApi({ store, isShared: true });
    path = `${(await api.device()).deviceId}/messages`;
    return async () => {
      await api.stop();
      await store.stop();
    };
  });

  for (const [field, value, code = '000006'] of wrong) {
    it(`${field} = ${short(value)} is refused with ${code}, and nothing is stored`, async () => {
      const before = (await api.http('GET', path)).body;
      const { status, body } = await api.http('POST', path, withField(field, value));
      expect([status, body['error_code']]).toEqual([400, `IOTDA.${code}`]);
      if (code === '000006') expect(body['error_msg']).toContain(field);
      expect((await api.http('GET', path)).body).toEqual(before);
    });

    it(`${field} = ${short(value)} is refused in a task's document, too`, () => {
      const document = withField(field, value) as JsonObject;
      expect(() => parseMessage(document)).toThrow(code === '000006' ? field : 'too large');
    });
  }

  for (const [field, value] of right) {
    it(`${field} = ${short(value)} is taken`, async () => {
      const { status, body } = await api.http('POST', path, withField(field, value));
      expect([status, body['error_msg']]).toEqual([201, undefined]);
    });
  }

  it('message must be base64 where encoding says so', async () => {
    for (const message of ['AQI', 'A?==', { a: 1 }]) {
      const { status, body } = await api.http('POST', path, { message, encoding: 'base64' });
      expect([status, body['error_code']]).toEqual([400, 'IOTDA.000006']);
    }
    expect((await api.http('POST', path, { message: 'AQI=', encoding: 'base64' })).status).toBe(201);
  });

  it('message_id is unique for its device, and only there', async () => {
    const body = { message: 'm', message_id: 'mine' };
    expect((await api.http('POST', path, body)).body['message_id']).toBe('mine');
    const again = await api.http('POST', path, body);
    expect([again.status, again.body['error_code']]).toEqual([400, 'IOTDA.014131']);
    expect((await api.http('POST', `${(await api.device()).deviceId}/messages`, body)).status).toBe(201);
  });

  it('is shown as it was sent, but for topic_full_name and ttl', async () => {
    const body = {
      message_id: 'shown',
      name: 'n',
      message: { a: 1 },
      properties: { correlation_data: 'c' },
      encoding: 'none',
      payload_format: 'raw',
      topic: 't',
    };
    await api.http('POST', path, { ...body, topic_full_name: 'x', ttl: 10 });
    expect((await api.http('GET', `${path}/shown`)).body).toEqual({
      ...body,
      status: 'PENDING',
      created_time: '20261122T015513Z',
    });
  });

  it('is stored for a known device alone', async () => {
    const { status, body } = await api.http('POST', 'nobody/messages', { message: 'm' });
    expect([status, body['error_code']]).toEqual([404, 'IOTDA.014000']);
  });
});
