import { describe, expect, it } from 'vitest';
import type { DeviceId } from '../../../src/domain/ids.ts';
import type { RawClient } from '../fixture/raw-client.ts';
import { type ApiAnswer, type DeviceApi, ownTopic, payloadOf, startDeviceApi, subscribe } from './device-api.ts';

const command = { service_id: 'Motor', command_name: 'start', paras: { speed: 3 } };
const capabilities = [
  { service_id: 'Motor', service_type: 'Motor', commands: [{ command_name: 'start' }] },
  { service_id: 'Lamp', service_type: 'Lamp' },
];

const post = (api: DeviceApi, deviceId: string, body: unknown = command): Promise<ApiAnswer> =>
  api.http('POST', `${deviceId}/commands`, body);

async function nextCommand(client: RawClient) {
  const packet = await client.nextOf('publish');
  const [, requestId = ''] = /request_id=(.*)$/.exec(packet.topic) ?? [];
  return { packet, requestId, payload: payloadOf(packet) };
}

/** Published with QoS 1, and acknowledged: it has taken its effect. */
async function answer(
  client: RawClient,
  deviceId: DeviceId,
  { requestId, payload }: { requestId: string; payload: string },
) {
  const topic = ownTopic(deviceId, `sys/commands/response/request_id=${requestId}`);
  client.publish({ topic, payload, qos: 1, messageId: 1 });
  await client.nextOf('puback');
}

describe('a synchronous command', () => {
  it('[device 30] without result_code in its answer has succeeded', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device({ product: await api.given.product(api.scope, { capabilities }) });
    const client = await api.connect(deviceId);
    const called = post(api, deviceId);
    const { packet, requestId, payload } = await nextCommand(client);
    expect(packet).toMatchObject({ topic: ownTopic(deviceId, `sys/commands/request_id=${requestId}`), qos: 0 });
    expect(payload).toEqual({ object_device_id: deviceId, ...command });
    await answer(client, deviceId, { requestId, payload: '{"response_name":"ok","paras":{"rpm":7}}' });
    expect(await called).toEqual({
      status: 200,
      body: { command_id: requestId, response: { response_name: 'ok', paras: { rpm: 7 } } },
    });
  });

  it('[device 30] with another result_code is the device failure, in a call that succeeds', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const client = await api.connect(deviceId);
    for (const code of ['7', '"7"']) {
      const called = post(api, deviceId, { paras: {} });
      const { requestId } = await nextCommand(client);
      await answer(client, deviceId, { requestId, payload: `{"result_code":${code}}` });
      expect(await called).toEqual({
        status: 200,
        body: {
          command_id: requestId,
          response: { result_code: JSON.parse(code) },
          error_code: 'IOTDA.014135',
          error_msg: 'The device reported result_code 7.',
        },
      });
    }
  });

  it('[device 30] without an answer ends with 014111 after twenty seconds, and offline with 014016 at once', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const atOnce = await post(api, deviceId);
    expect([atOnce.status, atOnce.body['error_code']]).toEqual([403, 'IOTDA.014016']);
    const client = await api.connect(deviceId);
    const called = post(api, deviceId);
    await nextCommand(client);
    let isOver = false;
    void called.then(() => (isOver = true));
    await api.clock.advance(19_999);
    expect(isOver).toBe(false);
    await api.clock.advance(1);
    const late = await called;
    expect([late.status, late.body['error_code']]).toEqual([403, 'IOTDA.014111']);
  });

  it('[device 31] is not answered by a late reply, a foreign one, or one that is no JSON object', async () => {
    const api = await startDeviceApi();
    const [{ deviceId }, { deviceId: stranger }] = [await api.device(), await api.device()];
    const [client, foreign] = [await api.connect(deviceId), await api.connect(stranger)];
    const called = post(api, deviceId);
    const { requestId } = await nextCommand(client);
    await answer(foreign, stranger, { requestId, payload: '{}' });
    await answer(client, deviceId, { requestId: 'none', payload: '{}' });
    for (const payload of ['nonsense', '[]', '7']) await answer(client, deviceId, { requestId, payload });
    expect(api.dropped).toEqual(['unknown-request', 'unknown-request', 'bad-payload', 'bad-payload', 'bad-payload']);
    await api.clock.advance(20_000);
    expect((await called).body['error_code']).toBe('IOTDA.014111');
    await answer(client, deviceId, { requestId, payload: '{}' });
    expect(api.dropped).toHaveLength(6);
  });

  it('waits on while the session drops, and takes the answer of the next one, an empty one, too', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const client = await api.connect(deviceId);
    const called = post(api, deviceId);
    const { requestId } = await nextCommand(client);
    await api.disconnect(client, deviceId);
    const next = await api.connect(deviceId);
    await answer(next, deviceId, { requestId, payload: '' });
    expect(await called).toEqual({ status: 200, body: { command_id: requestId, response: {} } });
  });

  it('[device 24] comes with QoS 1 while it is subscribed at 1', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const client = await api.connect(deviceId);
    await subscribe(client, { [ownTopic(deviceId, 'sys/commands/#')]: 1 });
    const called = post(api, deviceId);
    const { packet, requestId } = await nextCommand(client);
    expect(packet.qos).toBe(1);
    await answer(client, deviceId, { requestId, payload: '{"result_code":0}' });
    expect((await called).body['error_code']).toBeUndefined();
  });

  it('[device 63] for a child goes through its gateway, and is refused while the child is not ONLINE', async () => {
    const api = await startDeviceApi();
    const gateway = await api.device();
    const client = await api.connect(gateway.deviceId);
    const away = await api.device({ parent: gateway });
    expect((await post(api, away.deviceId)).body['error_code']).toBe('IOTDA.014016');
    const { deviceId } = await api.device({ parent: gateway, online: true });
    const called = post(api, deviceId);
    const { packet, requestId, payload } = await nextCommand(client);
    expect(packet.topic).toBe(ownTopic(gateway.deviceId, `sys/commands/request_id=${requestId}`));
    expect(payload['object_device_id']).toBe(deviceId);
    await answer(client, gateway.deviceId, { requestId, payload: '{}' });
    expect((await called).status).toBe(200);
  });

  it('is refused where the model knows its service without it, and free where it does not', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device({ product: await api.given.product(api.scope, { capabilities }) });
    for (const body of [
      { service_id: 'Motor', command_name: 'stop' },
      { service_id: 'Motor' },
      { service_id: 'Lamp' },
    ]) {
      const { status, body: said } = await post(api, deviceId, { ...body, paras: {} });
      expect([status, said['error_code']]).toEqual([400, 'IOTDA.014108']);
    }
    for (const body of [{ service_id: 'Fan', command_name: 'stop' }, {}]) {
      expect((await post(api, deviceId, { ...body, paras: {} })).body['error_code']).toBe('IOTDA.014016');
    }
  });

  it('is turned away beyond the number that may wait, and answered when the server stops', async () => {
    const api = await startDeviceApi({ repliesWaitingMax: 1 });
    const { deviceId } = await api.device();
    const client = await api.connect(deviceId);
    const called = post(api, deviceId);
    await nextCommand(client);
    const second = await post(api, deviceId);
    expect([second.status, second.body['error_code']]).toEqual([403, 'IOTDA.021101']);
    api.replies.stop();
    const first = await called;
    expect([first.status, first.body['error_code']]).toEqual([503, 'IOTDA.000023']);
    expect((await post(api, deviceId)).status).toBe(503);
  });

  it('is forgotten when its caller goes away', async () => {
    const api = await startDeviceApi({ repliesWaitingMax: 1 });
    const { deviceId } = await api.device();
    const client = await api.connect(deviceId);
    const leave = api.beginCall(`${deviceId}/commands`, command);
    const { requestId } = await nextCommand(client);
    leave();
    // Its place is free again.
    await api.until(async () => {
      const called = post(api, deviceId);
      const ended = await Promise.race([called, client.packets.has(() => commandsIn(client) > 1)]);
      return ended === undefined;
    });
    await answerAmongOthers(client, deviceId, requestId);
    expect(api.dropped).toEqual(['unknown-request']);
  });

  it.each([
    ['service_id', 'x'.repeat(65), '000006'],
    ['service_id', 7, '000006'],
    ['command_name', 'x'.repeat(129), '000006'],
    ['command_name', ['start'], '000006'],
    ['paras', undefined, '000006'],
    ['paras', null, '000006'],
    ['paras', 'text', '000006'],
    ['paras', [1], '000006'],
    ['paras', { a: 'x'.repeat(256 * 1024) }, '014134'],
  ])('with %s = %o is refused', async (field, value, code) => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const { status, body } = await post(api, deviceId, { ...command, [field]: value });
    expect([status, body['error_code']]).toEqual([400, `IOTDA.${code}`]);
    if (code === '000006') expect(body['error_msg']).toContain(field);
  });

  it('takes every field at its limit, and lengths count code points', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const atLimit = {
      service_id: '😀'.repeat(64),
      command_name: '😀'.repeat(128),
      paras: { a: 'x'.repeat(256 * 1024 - '{"a":""}'.length) },
    };
    for (const body of [atLimit, { paras: {} }, { service_id: null, command_name: null, paras: { a: null } }]) {
      expect((await post(api, deviceId, body)).body['error_code']).toBe('IOTDA.014016');
    }
  });

  it('for an unknown device is 404', async () => {
    const api = await startDeviceApi();
    const { status, body } = await post(api, 'nobody');
    expect([status, body['error_code']]).toEqual([404, 'IOTDA.014000']);
  });
});

const commandsIn = (client: RawClient): number =>
  client.packets.items.filter((packet) => packet.cmd === 'publish').length;

/** As `answer`, with commands possibly in between. */
async function answerAmongOthers(client: RawClient, deviceId: DeviceId, requestId: string): Promise<void> {
  const topic = ownTopic(deviceId, `sys/commands/response/request_id=${requestId}`);
  client.publish({ topic, payload: '{}', qos: 1, messageId: 1 });
  await client.packets.has(() => client.packets.items.some((packet) => packet.cmd === 'puback'));
}
