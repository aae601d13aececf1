import { describe, expect, it } from 'vitest';
import type { DeviceId } from '../../../src/domain/ids.ts';
import type { RawClient } from '../fixture/raw-client.ts';
import { type ApiAnswer, type DeviceApi, ownTopic, payloadOf, startDeviceApi } from './device-api.ts';

const capabilities = [
  {
    ...{ service_id: 'Lamp', service_type: 'Lamp' },
    properties: [
      { property_name: 'on', data_type: 'boolean', method: 'RWE' },
      { property_name: 'hours', data_type: 'int', method: 'R' },
    ],
  },
];
const wanted = { services: [{ service_id: 'Lamp', properties: { on: true } }] };

const put = (api: DeviceApi, deviceId: string, body: unknown = wanted): Promise<ApiAnswer> =>
  api.http('PUT', `${deviceId}/properties`, body);
const get = (api: DeviceApi, deviceId: string, query = '?service_id=Lamp'): Promise<ApiAnswer> =>
  api.http('GET', `${deviceId}/properties${query}`);

async function lamp(api: DeviceApi) {
  return api.device({ product: await api.given.product(api.scope, { capabilities }) });
}

async function nextRequest(client: RawClient, deviceId: DeviceId, kind: 'set' | 'get') {
  const packet = await client.nextOf('publish');
  const start = ownTopic(deviceId, `sys/properties/${kind}/request_id=`);
  expect(packet.topic.slice(0, start.length)).toBe(start);
  expect(packet.qos).toBe(0);
  const requestId = packet.topic.slice(start.length);
  const reply = async (payload: string): Promise<void> => {
    const topic = ownTopic(deviceId, `sys/properties/${kind}/response/request_id=${requestId}`);
    client.publish({ topic, payload, qos: 1, messageId: 1 });
    await client.nextOf('puback');
  };
  return { payload: payloadOf(packet), requestId, reply };
}

describe('properties of a device', () => {
  it('[device 23] are set without a SUBSCRIBE, and its answer is handed on', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await lamp(api);
    const client = await api.connect(deviceId);
    const called = put(api, deviceId);
    const { payload, requestId, reply } = await nextRequest(client, deviceId, 'set');
    expect(payload).toEqual({ object_device_id: deviceId, ...wanted });
    await reply('{"result_code":0,"result_desc":"done"}');
    const response = { result_code: 0, result_desc: 'done' };
    expect(await called).toEqual({ status: 200, body: { request_id: requestId, response } });
  });

  it('[device 23] are asked for without a SUBSCRIBE, and [device 31] answered in the bare form of Go as well', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await lamp(api);
    const client = await api.connect(deviceId);
    const values = { service_id: 'Lamp', properties: { on: true, hours: 7 } };
    for (const response of [{ services: [values] }, values]) {
      const called = get(api, deviceId);
      const { payload, requestId, reply } = await nextRequest(client, deviceId, 'get');
      expect(payload).toEqual({ object_device_id: deviceId, service_id: 'Lamp' });
      await reply(JSON.stringify(response));
      expect(await called).toEqual({ status: 200, body: { request_id: requestId, response } });
    }
  });

  it('are refused by the device in a call that succeeds', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await lamp(api);
    const client = await api.connect(deviceId);
    const called = put(api, deviceId);
    const { requestId, reply } = await nextRequest(client, deviceId, 'set');
    await reply('{"result_code":5}');
    expect(await called).toEqual({
      status: 200,
      body: {
        ...{ request_id: requestId, response: { result_code: 5 } },
        ...{ error_code: 'IOTDA.014135', error_msg: 'The device reported result_code 5.' },
      },
    });
  });

  it('need a device that is there, and answers within twenty seconds', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await lamp(api);
    for (const call of [put, get]) {
      const { status, body } = await call(api, deviceId);
      expect([status, body['error_code']]).toEqual([403, 'IOTDA.014016']);
    }
    const client = await api.connect(deviceId);
    for (const [kind, call] of [
      ['set', put],
      ['get', get],
    ] as const) {
      const called = call(api, deviceId);
      await nextRequest(client, deviceId, kind);
      await api.clock.advance(20_000);
      const { status, body } = await called;
      expect([status, body['error_code']]).toEqual([403, 'IOTDA.014111']);
    }
  });

  it('of a child go through its gateway', async () => {
    const api = await startDeviceApi();
    const gateway = await api.device();
    const product = await api.given.product(api.scope, { capabilities });
    const { deviceId } = await api.device({ product, parent: gateway, online: true });
    const client = await api.connect(gateway.deviceId);
    const called = put(api, deviceId);
    const { payload, reply } = await nextRequest(client, gateway.deviceId, 'set');
    expect(payload['object_device_id']).toBe(deviceId);
    await reply('');
    expect((await called).status).toBe(200);
  });

  it.each([
    ['of an unknown service', { services: [{ service_id: 'Fan', properties: { on: true } }] }, '013002'],
    ['that are unknown', { services: [{ service_id: 'Lamp', properties: { colour: 1 } }] }, '013002'],
    ['that can only be read', { services: [{ service_id: 'Lamp', properties: { on: true, hours: 1 } }] }, '013002'],
    ['of too many bytes', { services: [{ service_id: 'Lamp', properties: { on: 'x'.repeat(262_144) } }] }, '014134'],
    ['of no service', { services: [] }, '000006'],
    ['without properties', { services: [{ service_id: 'Lamp' }] }, '000006'],
    ['in no list', { services: {} }, '000006'],
  ])('%s are not set', async (_what, body, code) => {
    const api = await startDeviceApi();
    const { deviceId } = await lamp(api);
    await api.connect(deviceId);
    const { status, body: said } = await put(api, deviceId, body);
    expect([status, said['error_code']]).toEqual([400, `IOTDA.${code}`]);
  });

  it('are asked for by a service that the model knows', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await lamp(api);
    expect((await get(api, deviceId, '?service_id=Fan')).body['error_code']).toBe('IOTDA.013002');
    expect((await get(api, deviceId, '')).body['error_code']).toBe('IOTDA.000006');
    expect((await get(api, 'nobody')).body['error_code']).toBe('IOTDA.014000');
    expect((await put(api, 'nobody')).body['error_code']).toBe('IOTDA.014000');
  });
});
