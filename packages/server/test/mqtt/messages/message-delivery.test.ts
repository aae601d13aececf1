import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/domain/json.ts';
import { asId, type DeviceId, type MessageId } from '../../../src/domain/ids.ts';
import type { RawClient } from '../fixture/raw-client.ts';
import { acknowledge, type DeviceApi, ownTopic, payloadOf, startDeviceApi, subscribe } from './device-api.ts';

const offline = { error_code: 'IOTDA.014016', error_msg: 'Operation not allowed. The device is not online.' };

/** Everything that waits, with what was written; the next packet is what comes after it. */
async function nextMessages(client: RawClient, count: number) {
  const packets = [];
  for (let n = 0; n < count; n++) packets.push(await client.nextOf('publish'));
  return packets;
}

/** The answer to a ping comes behind everything that was written before. */
async function hasNothing(client: RawClient): Promise<void> {
  client.send({ cmd: 'pingreq' });
  expect(await client.next()).toMatchObject({ cmd: 'pingresp' });
}

async function postAll(api: DeviceApi, deviceId: DeviceId, bodies: readonly JsonObject[]): Promise<string[]> {
  const ids = [];
  for (const body of bodies) {
    const { status, body: made } = await api.post(deviceId, body);
    expect(status).toBe(201);
    ids.push(String(made['message_id']));
  }
  return ids;
}

describe('a cached message', () => {
  it('[device 34] waits for its device and is delivered on connect, in the order of creation', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const ids = await postAll(api, deviceId, [{ message: 'one' }, { message: 'two', name: 'second' }]);
    expect((await api.message(deviceId, ids[0]))['status']).toBe('PENDING');
    const client = await api.connect(deviceId);
    const packets = await nextMessages(client, 2);
    expect(packets.map(payloadOf)).toEqual([
      { object_device_id: deviceId, id: ids[0], content: 'one' },
      { object_device_id: deviceId, id: ids[1], name: 'second', content: 'two' },
    ]);
    expect(packets[0]).toMatchObject({ topic: ownTopic(deviceId, 'sys/messages/down'), qos: 0, retain: false });
    for (const id of ids) await api.messageIs(deviceId, id, 'DELIVERED');
    expect(await api.message(deviceId, ids[1])).toEqual({
      message_id: ids[1],
      name: 'second',
      message: 'two',
      encoding: 'none',
      payload_format: 'standard',
      status: 'DELIVERED',
      created_time: '20261122T015513Z',
      finished_time: '20261122T015513Z',
    });
  });

  it('[device 34] is pushed out by the 21st', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const ids = await postAll(
      api,
      deviceId,
      Array.from({ length: 21 }, (_, n) => ({ message: `m${n}` })),
    );
    expect(await api.message(deviceId, ids[0])).toMatchObject({
      status: 'FAILED',
      error_info: { error_code: 'IOTDA.014136', error_msg: 'Not delivered: expired, replaced or deleted.' },
    });
    const { body } = await api.http('GET', `${deviceId}/messages`);
    const shown = (body['messages'] as { message_id: string }[]).map((message) => message.message_id);
    expect(shown).toEqual(ids.slice(1).reverse());
    const client = await api.connect(deviceId);
    const packets = await nextMessages(client, 20);
    expect(packets.map((packet) => payloadOf(packet)['content'])).toEqual(
      Array.from({ length: 20 }, (_, n) => `m${n + 1}`),
    );
  });

  it('[device 34] without a cache time fails at once while the device is offline, and pushes out nothing', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const ids = await postAll(
      api,
      deviceId,
      Array.from({ length: 20 }, () => ({ message: 'm' })),
    );
    const { status, body } = await api.post(deviceId, { message: 'now', ttl: 0 });
    expect([status, body]).toEqual([
      201,
      {
        message_id: body['message_id'],
        result: { status: 'FAILED', created_time: '20261122T015513Z', finished_time: '20261122T015513Z' },
      },
    ]);
    expect(await api.message(deviceId, body['message_id'])).toMatchObject({ status: 'FAILED', error_info: offline });
    expect((await api.message(deviceId, ids[0]))['status']).toBe('PENDING');
  });

  it('leaves at once for a connected device, and not before its delivery delay is over', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const client = await api.signIn(deviceId);
    const [early] = await postAll(api, deviceId, [{ message: 'early' }]);
    await hasNothing(client);
    await api.clock.advance(500);
    expect(payloadOf(await client.nextOf('publish'))['id']).toBe(early);
    const [later] = await postAll(api, deviceId, [{ message: 'later', ttl: 0 }]);
    expect(payloadOf(await client.nextOf('publish'))['id']).toBe(later);
    await api.messageIs(deviceId, later, 'DELIVERED');
  });

  it('[device 24] comes with QoS 0 while only commands are subscribed at 1, and with 1 while messages are', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const client = await api.connect(deviceId, { [ownTopic(deviceId, 'sys/commands/#')]: 1 });
    await postAll(api, deviceId, [{ message: 'a' }]);
    expect(await client.nextOf('publish')).toMatchObject({ qos: 0 });
    const messages = ownTopic(deviceId, 'sys/messages/#');
    await subscribe(client, { [messages]: 1 });
    const [id] = await postAll(api, deviceId, [{ message: 'b' }]);
    const packet = await client.nextOf('publish');
    expect(packet).toMatchObject({ qos: 1, dup: false });
    expect((await api.message(deviceId, id))['status']).toBe('PENDING');
    acknowledge(client, packet.messageId);
    await api.messageIs(deviceId, id, 'DELIVERED');
    client.send({ cmd: 'unsubscribe', messageId: 8, unsubscriptions: [messages] });
    await client.nextOf('unsuback');
    await postAll(api, deviceId, [{ message: 'c' }]);
    expect(await client.nextOf('publish')).toMatchObject({ qos: 0 });
  });

  it('[device 35] is sent three times without a PUBACK, and again after a reconnect until its PUBACK', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const filters = { [ownTopic(deviceId, 'sys/messages/down')]: 1 } as const;
    const client = await api.connect(deviceId, filters);
    const [id] = await postAll(api, deviceId, [{ message: 'a' }]);
    const first = await client.nextOf('publish');
    expect(first).toMatchObject({ qos: 1, dup: false });
    for (let repeat = 0; repeat < 2; repeat++) {
      await api.clock.advance(1999);
      await hasNothing(client);
      await api.clock.advance(1);
      expect(await client.nextOf('publish')).toMatchObject({ qos: 1, dup: true, messageId: first.messageId });
    }
    await api.clock.advance(30_000);
    await hasNothing(client);
    expect((await api.message(deviceId, id))['status']).toBe('PENDING');
    const again = await api.connect(deviceId, filters);
    const packet = await again.nextOf('publish');
    expect(payloadOf(packet)).toEqual({ object_device_id: deviceId, id, content: 'a' });
    acknowledge(again, packet.messageId);
    await api.messageIs(deviceId, id, 'DELIVERED');
    await api.clock.advance(30_000);
    await hasNothing(again);
  });

  it('is tried in five rounds ten seconds apart after a connect, and once more after a matching SUBSCRIBE', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const filter = ownTopic(deviceId, 'sys/messages/down');
    const [id] = await postAll(api, deviceId, [{ message: 'a' }]);
    const client = await api.connect(deviceId, { [filter]: 1 });
    const seen: { atMs: number; dup: boolean }[] = [];
    const start = api.clock.now();
    const collect = async (untilMs: number): Promise<void> => {
      while (api.clock.now() - start <= untilMs) {
        client.send({ cmd: 'pingreq' });
        for (let packet = await client.next(); packet.cmd !== 'pingresp'; packet = await client.next()) {
          if (packet.cmd === 'publish') seen.push({ atMs: api.clock.now() - start, dup: packet.dup });
        }
        await api.clock.advance(1000);
      }
    };
    await collect(80_000);
    const rounds = [0, 10_000, 20_000, 30_000, 40_000];
    expect(seen).toEqual(
      rounds.flatMap((at) => [
        { atMs: at, dup: false },
        { atMs: at + 2000, dup: true },
        { atMs: at + 4000, dup: true },
      ]),
    );
    await subscribe(client, { 'other/#': 1 });
    await hasNothing(client);
    await subscribe(client, { [filter]: 1 });
    const packet = await client.nextOf('publish');
    acknowledge(client, packet.messageId);
    await api.messageIs(deviceId, id, 'DELIVERED');
  });

  it('does not hold back others without its PUBACK, but no more than twenty at once', async () => {
    const api = await startDeviceApi();
    const gateway = await api.device();
    const child = await api.device({ parent: gateway, online: true });
    const bodies = Array.from({ length: 15 }, (_, n) => ({ message: `m${n}` }));
    await postAll(api, gateway.deviceId, bodies);
    const childIds = await postAll(api, child.deviceId, bodies);
    const client = await api.connect(gateway.deviceId, { [ownTopic(gateway.deviceId, 'sys/#')]: 1 });
    const packets = await nextMessages(client, 20);
    await hasNothing(client);
    for (const packet of packets.slice(3, 6)) acknowledge(client, packet.messageId);
    const more = await nextMessages(client, 3);
    await hasNothing(client);
    expect(payloadOf(more[2] ?? { payload: '{}' })).toMatchObject({ object_device_id: child.deviceId, content: 'm7' });
    for (const packet of [...packets, ...more]) acknowledge(client, packet.messageId);
    const rest = await nextMessages(client, 7);
    for (const packet of rest) acknowledge(client, packet.messageId);
    for (const id of childIds) await api.messageIs(child.deviceId, id, 'DELIVERED');
  });

  it('[device 36] to a user topic waits for its SUBSCRIBE', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const client = await api.connect(deviceId);
    const [id, full] = await postAll(api, deviceId, [
      { message: 'a', topic: 'alarm' },
      { message: 'b', topic: 'alarm', topic_full_name: 'plant/7' },
    ]);
    const failed = await api.post(deviceId, { message: 'c', topic: 'alarm', ttl: 0 });
    const failedId = failed.body['message_id'];
    await api.messageIs(deviceId, failedId, 'FAILED');
    const notSubscribed = { error_code: 'IOTDA.014112', error_msg: 'The device has not subscribed to the topic.' };
    expect(await api.message(deviceId, failedId)).toMatchObject({ error_info: notSubscribed });
    await api.until(async () => (await api.message(deviceId, id))['error_info'] !== undefined);
    expect(await api.message(deviceId, id)).toMatchObject({ status: 'PENDING', error_info: notSubscribed });
    await hasNothing(client);
    await subscribe(client, { [ownTopic(deviceId, 'user/+')]: 0 });
    expect(await client.nextOf('publish')).toMatchObject({ topic: ownTopic(deviceId, 'user/alarm'), qos: 0 });
    await api.messageIs(deviceId, id, 'DELIVERED');
    expect((await api.message(deviceId, id))['error_info']).toBeUndefined();
    await subscribe(client, { 'plant/#': 1 });
    const packet = await client.nextOf('publish');
    expect(packet).toMatchObject({ topic: 'plant/7', qos: 1 });
    acknowledge(client, packet.messageId);
    await api.messageIs(deviceId, full, 'DELIVERED');
  });

  it('[device 36] made of an object arrives as text in content, a raw one as its exact bytes', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const client = await api.connect(deviceId);
    const bytes = Buffer.from([0, 255, 10, 128, 0]);
    const [first] = await postAll(api, deviceId, [
      { message: { lamp: 'on', n: [1, null] } },
      { message: bytes.toString('base64'), encoding: 'base64', payload_format: 'raw' },
      { message: 'grüß', payload_format: 'raw' },
      { message: { a: 1 }, payload_format: 'raw' },
    ]);
    const packets = await nextMessages(client, 4);
    expect(payloadOf(packets[0] ?? { payload: '{}' })).toEqual({
      object_device_id: deviceId,
      id: first,
      content: '{"lamp":"on","n":[1,null]}',
    });
    expect(packets.slice(1).map(({ payload }) => payload)).toEqual([
      bytes,
      Buffer.from('grüß'),
      Buffer.from('{"a":1}'),
    ]);
  });

  it('of a child goes through its gateway, on the topics of the gateway, once the child is ONLINE', async () => {
    const api = await startDeviceApi();
    const gateway = await api.device();
    const child = await api.device({ parent: gateway });
    const client = await api.connect(gateway.deviceId, { [ownTopic(gateway.deviceId, 'user/#')]: 0 });
    const [plain, topical] = await postAll(api, child.deviceId, [{ message: 'a' }, { message: 'b', topic: 'alarm' }]);
    await hasNothing(client);
    await api.store.devices.setChildStatuses(
      gateway.deviceId,
      [{ deviceId: child.deviceId, status: 'ONLINE' }],
      api.clock.now(),
    );
    const session = api.gateway.registry.find(gateway.deviceId);
    if (session === undefined) throw new Error('The gateway is not connected.');
    api.delivery.onChildrenReachable(session, [child.deviceId]);
    const packets = await nextMessages(client, 2);
    expect(packets.map(({ topic }) => topic)).toEqual([
      ownTopic(gateway.deviceId, 'sys/messages/down'),
      ownTopic(gateway.deviceId, 'user/alarm'),
    ]);
    expect(packets.map((packet) => payloadOf(packet)['id'])).toEqual([plain, topical]);
    expect(payloadOf(packets[0] ?? { payload: '{}' })['object_device_id']).toBe(child.deviceId);
    await api.messageIs(child.deviceId, topical, 'DELIVERED');
  });

  it('without a cache time fails when no PUBACK comes', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const client = await api.connect(deviceId, { [ownTopic(deviceId, 'sys/messages/down')]: 1 });
    const [id] = await postAll(api, deviceId, [{ message: 'a', ttl: 0 }]);
    await client.nextOf('publish');
    await api.clock.advance(6000);
    await api.messageIs(deviceId, id, 'FAILED');
    expect(await api.message(deviceId, id)).toMatchObject({ error_info: offline });
  });

  it('of 256 KB never makes a device that reads slowly a slow reader', async () => {
    // The system's own socket buffers take some of it before anything counts as unsent.
    const api = await startDeviceApi({ mqttLimits: { downlinkBytesUnsentMax: 1_500_000 } });
    const { deviceId } = await api.device();
    const text = 'x'.repeat(256 * 1024);
    const ids = await postAll(
      api,
      deviceId,
      Array.from({ length: 20 }, () => ({ message: text })),
    );
    const client = await api.signIn(deviceId);
    client.socket.pause();
    await subscribeBlind(client, ownTopic(deviceId, 'sys/messages/down'));
    await api.until(
      () => api.gateway.registry.find(deviceId)?.downlinkQos(ownTopic(deviceId, 'sys/messages/down')) === 1,
    );
    await api.clock.advance(500);
    for (let second = 0; second < 8; second++) await api.clock.advance(1000);
    expect(api.gateway.registry.find(deviceId)?.unsentBytes).toBeLessThan(1_400_000);
    expect(api.closed).toEqual([]);
    client.socket.resume();
    await client.nextOf('suback');
    const seen = new Set<string>();
    while (seen.size < ids.length) {
      await Promise.race([client.packets.has(() => true), api.clock.advance(100)]);
      const packet = await nextWithin(client, api);
      if (packet?.cmd !== 'publish') continue;
      seen.add(String(payloadOf(packet)['id']));
      acknowledge(client, packet.messageId);
    }
    for (const id of ids) await api.messageIs(deviceId, id, 'DELIVERED');
    expect(api.closed).toEqual([]);
  });

  it('[v5 62] unknown shows as an empty object, and deleting it is 204', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    expect(await api.http('GET', `${deviceId}/messages/no`)).toEqual({ status: 200, body: {} });
    expect(await api.http('DELETE', `${deviceId}/messages/no`)).toEqual({ status: 204, body: {} });
    for (const [method, path] of [
      ['GET', 'messages'],
      ['GET', 'messages/no'],
      ['DELETE', 'messages/no'],
    ] as const) {
      const { status, body } = await api.http(method, `nobody/${path}`);
      expect([status, body['error_code']]).toEqual([404, 'IOTDA.014000']);
    }
  });

  it('is withdrawn while it waits, and not once it was delivered', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const ids = await postAll(api, deviceId, [{ message: 'a' }, { message: 'b' }]);
    expect((await api.http('DELETE', `${deviceId}/messages/${ids[0]}`)).status).toBe(204);
    expect(await api.message(deviceId, ids[0])).toMatchObject({
      status: 'FAILED',
      error_info: { error_code: 'IOTDA.014136' },
    });
    const client = await api.connect(deviceId);
    expect(payloadOf(await client.nextOf('publish'))['id']).toBe(ids[1]);
    await api.messageIs(deviceId, ids[1], 'DELIVERED');
    expect((await api.http('DELETE', `${deviceId}/messages/${ids[1]}`)).status).toBe(204);
    expect((await api.message(deviceId, ids[1]))['status']).toBe('DELIVERED');
  });

  it('ends TIMEOUT when its time is over, and is forgotten a day after its end', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const [id] = await postAll(api, deviceId, [{ message: 'a', ttl: 5 }]);
    api.upkeep.start();
    await api.clock.advance(299_000);
    expect((await api.message(deviceId, id))['status']).toBe('PENDING');
    await api.clock.advance(6000);
    await api.messageIs(deviceId, id, 'TIMEOUT');
    expect(await api.message(deviceId, id)).toMatchObject({ error_info: offline });
    api.clock.set(api.clock.now() + 86_500_000);
    await api.clock.advance(5000);
    await api.until(async () => (await api.store.messages.find(deviceId, asId<MessageId>(String(id)))) === undefined);
  });
});

async function subscribeBlind(client: RawClient, topic: string): Promise<void> {
  client.send({ cmd: 'subscribe', messageId: 7, subscriptions: [{ topic, qos: 1 }] });
}

/** The next packet, with the clock moved on until it is there. */
async function nextWithin(client: RawClient, api: DeviceApi) {
  let packet: Awaited<ReturnType<RawClient['next']>> | undefined;
  const arrival = client.next().then((next) => {
    packet = next;
  });
  while (packet === undefined) await api.clock.advance(100);
  await arrival;
  return packet;
}
