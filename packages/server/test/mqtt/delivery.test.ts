import { connectAsync } from 'mqtt';
import { describe, expect, it } from 'vitest';
import { asId, type DeviceId } from '../../src/domain/ids.ts';
import type { PublishOutcome } from '../../src/mqtt/gateway-hooks.ts';
import { devicePassword } from '../../src/services/device-side/sign-in/device-password.ts';
import { type GatewayFixture, startGateway } from './fixture/gateway-fixture.ts';
import type { RawClient } from './fixture/raw-client.ts';

const deviceId = asId<DeviceId>('p1_n1');
const own = '$oc/devices/p1_n1';
const commands = `${own}/sys/commands/request_id=1`;

async function subscribe(client: RawClient, filters: Readonly<Record<string, 0 | 1 | 2>>): Promise<unknown> {
  const subscriptions = Object.entries(filters).map(([topic, qos]) => ({ topic, qos }));
  client.send({ cmd: 'subscribe', messageId: 9, subscriptions });
  return (await client.nextOf('suback')).granted;
}

/** A connected device whose delivery delay is over. */
async function connectDeliverable(fixture: GatewayFixture): Promise<RawClient> {
  const client = await fixture.connectDevice();
  fixture.clock.advance(fixture.gateway.limits.deliveryDelayMilliseconds);
  return client;
}

describe('SUBSCRIBE', () => {
  it('[device 14] grants QoS 2 as 1', async () => {
    const { connectDevice, world } = await startGateway();
    const client = await connectDevice();
    expect(await subscribe(client, { a: 0, b: 1, c: 2 })).toEqual([0, 1, 1]);
    expect(world.subscribed.items).toEqual([
      [
        { filter: 'a', qos: 0 },
        { filter: 'b', qos: 1 },
        { filter: 'c', qos: 1 },
      ],
    ]);
  });

  it('[device 17] answers 0x80 for foreign filters and judges the others on their own', async () => {
    const { connectDevice, world } = await startGateway();
    const client = await connectDevice();
    const granted = await subscribe(client, {
      '$oc/devices/p1_n2/sys/messages/down': 1,
      [`${own}/sys/#`]: 1,
      '#': 0,
      '$oc/devices/+/sys/#': 1,
      '$share/g/a': 1,
      '$SYS/#': 0,
      '$oc/broadcast/#': 1,
      '+/a': 1,
      'a/#/b': 0,
      'a+': 0,
      [`${own}/user/${'x'.repeat(512)}`]: 0,
      '': 0,
    });
    expect(granted).toEqual([0x80, 1, 0, 0x80, 0x80, 0x80, 1, 1, 0x80, 0x80, 0x80, 0x80]);
    expect(world.subscribed.items[0]).toHaveLength(4);
  });

  it('[device 19] answers 0x80 from the 101st filter on, and still takes a known one', async () => {
    const { connectDevice } = await startGateway();
    const client = await connectDevice();
    const names = Array.from({ length: 101 }, (_, index) => `topic/${index}`);
    expect(await subscribe(client, Object.fromEntries(names.map((name) => [name, 0])))).toEqual([
      ...names.slice(0, 100).map(() => 0),
      0x80,
    ]);
    expect(await subscribe(client, { 'topic/5': 1, 'topic/new': 1 })).toEqual([1, 0x80]);
    client.send({ cmd: 'unsubscribe', messageId: 10, unsubscriptions: ['topic/7'] });
    expect((await client.nextOf('unsuback')).messageId).toBe(10);
    expect(await subscribe(client, { 'topic/new': 1 })).toEqual([1]);
  });
});

describe('a downlink', () => {
  it('reaches sys topics without a SUBSCRIBE at QoS 0, and at 1 while subscribed at 1', async () => {
    const fixture = await startGateway();
    const { registry } = fixture.gateway;
    const client = await connectDeliverable(fixture);
    expect(registry.publish(deviceId, { topic: commands, payload: '{"a":1}' })).toEqual({ kind: 'sent', qos: 0 });
    expect(await client.nextOf('publish')).toMatchObject({ topic: commands, qos: 0, retain: false, dup: false });
    await subscribe(client, { [`${own}/sys/commands/#`]: 2, '#': 1 });
    let isAcknowledged = false;
    const request = { topic: commands, payload: 'x', onAcknowledged: () => (isAcknowledged = true) };
    expect(registry.publish(deviceId, request)).toEqual({ kind: 'sent', qos: 1, packetId: 1 });
    expect(await client.nextOf('publish')).toMatchObject({ topic: commands, qos: 1, messageId: 1, retain: false });
    client.send({ cmd: 'puback', messageId: 1 });
    expect(await fixture.world.acknowledged.reached(1)).toEqual([1]);
    expect(isAcknowledged).toBe(true);
    const message = { topic: `${own}/sys/messages/down`, payload: 'x' };
    expect(registry.publish(deviceId, message)).toEqual({ kind: 'sent', qos: 0 });
    await client.nextOf('publish');
    client.send({ cmd: 'unsubscribe', messageId: 3, unsubscriptions: [`${own}/sys/commands/#`] });
    await client.nextOf('unsuback');
    expect(registry.publish(deviceId, { topic: commands, payload: 'x' })).toEqual({ kind: 'sent', qos: 0 });
  });

  it('needs a SUBSCRIBE for user, free and broadcast topics', async () => {
    const fixture = await startGateway();
    const { registry } = fixture.gateway;
    const client = await connectDeliverable(fixture);
    const topics = [`${own}/user/a`, 'free/a', '$oc/broadcast/a'];
    for (const topic of topics) {
      expect(registry.publish(deviceId, { topic, payload: 'x' })).toEqual({ kind: 'not-subscribed' });
    }
    await subscribe(client, { [`${own}/user/+`]: 0, 'free/#': 1, '$oc/broadcast/a': 0 });
    const outcomes = topics.map((topic) => registry.publish(deviceId, { topic, payload: 'x' }));
    expect(outcomes.map((outcome) => (outcome.kind === 'sent' ? outcome.qos : undefined))).toEqual([0, 1, 0]);
    for (const topic of topics) expect((await client.nextOf('publish')).topic).toBe(topic);
    expect(registry.publish(asId('absent'), { topic: commands, payload: '' })).toEqual({ kind: 'no-session' });
  });

  it('waits half a second after CONNACK, in order, unless it is an answer', async () => {
    const { connectDevice, clock, gateway, world } = await startGateway();
    const client = await connectDevice();
    const outcomes: PublishOutcome[] = [];
    const onOutcome = (outcome: PublishOutcome): unknown => outcomes.push(outcome);
    for (const payload of ['1', '2']) {
      expect(gateway.registry.publish(deviceId, { topic: commands, payload, onOutcome })).toEqual({ kind: 'held' });
    }
    gateway.registry.publish(deviceId, { topic: `${own}/user/a`, payload: '3', onOutcome });
    gateway.registry.publish(deviceId, { topic: commands, payload: 'answer', isAnswer: true });
    expect(String((await client.nextOf('publish')).payload)).toBe('answer');
    clock.advance(499);
    expect(world.sessions.items).toEqual([]);
    await subscribe(client, { [commands]: 1 });
    clock.advance(1);
    expect(world.sessions.items).toHaveLength(1);
    expect(outcomes).toEqual([
      { kind: 'sent', qos: 1, packetId: 1 },
      { kind: 'sent', qos: 1, packetId: 2 },
      { kind: 'not-subscribed' },
    ]);
    expect(String((await client.nextOf('publish')).payload)).toBe('1');
    expect(String((await client.nextOf('publish')).payload)).toBe('2');
  });

  it('that is held when the session ends learns it', async () => {
    const { connectDevice, gateway, world } = await startGateway();
    const client = await connectDevice();
    const outcomes: PublishOutcome[] = [];
    gateway.registry.publish(deviceId, {
      topic: commands,
      payload: '',
      onOutcome: (outcome) => outcomes.push(outcome),
    });
    client.send({ cmd: 'disconnect' });
    await world.detached.reached(1);
    expect(outcomes).toEqual([{ kind: 'no-session' }]);
    expect(gateway.registry.size).toBe(0);
  });

  it('is repeated with DUP and the same packet id until its PUBACK', async () => {
    const fixture = await startGateway();
    const client = await connectDeliverable(fixture);
    const session = fixture.gateway.registry.find(deviceId);
    await subscribe(client, { [`${own}/sys/#`]: 1 });
    session?.publish({ topic: commands, payload: 'once' });
    session?.publish({ topic: commands, payload: 'often', isRepeatable: true });
    expect(session?.repeat(1)).toBeUndefined();
    expect(session?.repeat(2)).toEqual({ kind: 'sent', qos: 1, packetId: 2 });
    await client.nextOf('publish');
    expect(await client.nextOf('publish')).toMatchObject({ messageId: 2, dup: false });
    const repeated = await client.nextOf('publish');
    expect(repeated).toMatchObject({ messageId: 2, dup: true, retain: false });
    expect(String((repeated as { payload: Buffer }).payload)).toBe('often');
    client.send({ cmd: 'puback', messageId: 2 });
    await fixture.world.acknowledged.reached(1);
    expect(session?.repeat(2)).toBeUndefined();
  });

  it('forgets the oldest missing PUBACK at the limit, but never one that may be repeated', async () => {
    const fixture = await startGateway({ limits: { downlinksUnacknowledgedMax: 2 } });
    const client = await connectDeliverable(fixture);
    const { registry } = fixture.gateway;
    await subscribe(client, { [`${own}/sys/#`]: 1 });
    const publish = (isRepeatable: boolean): PublishOutcome =>
      registry.publish(deviceId, { topic: commands, payload: '', isRepeatable });
    for (const packetId of [1, 2, 3]) expect(publish(false)).toMatchObject({ packetId });
    expect(publish(true)).toMatchObject({ packetId: 4 });
    expect(publish(true)).toMatchObject({ packetId: 5 });
    expect(publish(true)).toEqual({ kind: 'overloaded' });
    registry.find(deviceId)?.forget(4);
    expect(publish(true)).toMatchObject({ packetId: 6 });
  });

  it('closes the connection of a reader that leaves more than 4 MiB unread', async () => {
    const fixture = await startGateway();
    const client = await connectDeliverable(fixture);
    client.socket.pause();
    const payload = Buffer.alloc(256 * 1024);
    const outcomes: string[] = [];
    for (let count = 0; count < 200 && outcomes.at(-1) !== 'overloaded'; count += 1) {
      outcomes.push(fixture.gateway.registry.publish(deviceId, { topic: commands, payload }).kind);
    }
    expect(outcomes.at(-1)).toBe('overloaded');
    expect(outcomes.length).toBeGreaterThanOrEqual(17);
    await fixture.world.detached.reached(1);
    expect(fixture.world.detached.items).toMatchObject([{ reason: 'slow-reader' }]);
  });

  it('leaves with its fellows of one turn in one write', async () => {
    const fixture = await startGateway();
    const client = await connectDeliverable(fixture);
    const chunks: number[] = [];
    client.socket.on('data', (chunk: Buffer) => chunks.push(chunk.length));
    for (let count = 0; count < 50; count += 1) {
      fixture.gateway.registry.publish(deviceId, { topic: commands, payload: String(count) });
    }
    await client.packets.reached(51);
    expect(chunks).toHaveLength(1);
  });
});

describe('closing from within', () => {
  it('ends the session with its reason at once, and spares a newer generation', async () => {
    const { connectDevice, gateway, world } = await startGateway();
    const client = await connectDevice();
    expect(gateway.registry.close(deviceId, 'taken-over', 1)).toBe(false);
    expect(gateway.registry.close(deviceId, 'frozen')).toBe(true);
    await client.closed;
    expect(world.detached.items).toMatchObject([{ reason: 'frozen' }]);
    expect(gateway.registry.close(deviceId, 'frozen')).toBe(false);
  });

  it('detaches every session when the gateway stops', async () => {
    const { connectDevice, gateway, world, clock } = await startGateway();
    world.devices.set('p1_n2', { secret: '12345678' });
    const clients = [await connectDevice(), await connectDevice({ deviceId: 'p1_n2' })];
    await gateway.stop();
    await Promise.all(clients.map(({ closed }) => closed));
    expect(world.detached.items.map(({ reason }) => reason)).toEqual(['server-shutdown', 'server-shutdown']);
    expect(clock.timerCount).toBe(0);
  });
});

describe('mqtt.js', () => {
  it('connects, publishes, subscribes and receives', async () => {
    const { listener, gateway, world, clock } = await startGateway();
    const client = await connectAsync(`mqtt://127.0.0.1:${listener.port}`, {
      clientId: 'p1_n1_0_0_2025041401',
      username: 'p1_n1',
      password: devicePassword('12345678', '2025041401'),
      protocolVersion: 4,
      keepalive: 120,
      reconnectPeriod: 0,
    });
    try {
      const received = new Promise<[string, string]>((resolve) =>
        client.on('message', (topic, payload) => resolve([topic, payload.toString()])),
      );
      await client.publishAsync(`${own}/sys/messages/up`, 'hello', { qos: 1 });
      expect(world.uplinks.items).toMatchObject([{ route: { kind: 'sys', suffix: 'messages/up' }, qos: 1 }]);
      await client.subscribeAsync(`${own}/user/#`, { qos: 1 });
      clock.advance(500);
      gateway.registry.publish(deviceId, { topic: `${own}/user/x`, payload: 'down' });
      expect(await received).toEqual([`${own}/user/x`, 'down']);
      expect(await world.acknowledged.reached(1)).toEqual([1]);
    } finally {
      await client.endAsync();
    }
    await world.detached.reached(1);
    expect(world.detached.items).toMatchObject([{ reason: 'client-disconnect' }]);
  });
});
