import { describe, expect, it } from 'vitest';
import { startGateway } from './fixture/gateway-fixture.ts';

const own = '$oc/devices/p1_n1';
const mebibyte = 1_048_576;

describe('PUBLISH', () => {
  it('[device 14] with QoS 2 closes the connection without an effect', async () => {
    const { connectDevice, world } = await startGateway();
    const client = await connectDevice();
    client.publish({ topic: 'free', qos: 2, messageId: 1 });
    await client.closed;
    expect(world.uplinks.items).toEqual([]);
    expect(world.detached.items).toMatchObject([{ reason: 'qos-not-supported' }]);
  });

  it('[device 15] takes a payload of 1 MiB and closes for one byte more', async () => {
    const { connectDevice, world, clock } = await startGateway();
    const client = await connectDevice();
    const payload = Buffer.alloc(mebibyte, 7);
    client.publish({ topic: `${own}/sys/messages/up`, payload, qos: 1, messageId: 1 });
    expect((await client.nextOf('puback')).messageId).toBe(1);
    expect(world.uplinks.items[0]?.payload.equals(payload)).toBe(true);
    // The second one alone would be within the byte rate.
    clock.advance(1000);
    client.publish({ topic: `${own}/sys/messages/up`, payload: Buffer.alloc(mebibyte + 1), qos: 1, messageId: 2 });
    await client.closed;
    expect(world.uplinks.items).toHaveLength(1);
    expect(world.detached.items).toMatchObject([{ reason: 'packet-too-large' }]);
  });

  it('[device 15] closes on the fixed header alone when far more is announced', async () => {
    const { connectDevice, world } = await startGateway();
    const client = await connectDevice();
    const announced = mebibyte + 4097;
    client.write(Buffer.from([0x30, (announced & 127) | 128, ((announced >> 7) & 127) | 128, announced >> 14]));
    await client.closed;
    expect(world.detached.items).toMatchObject([{ reason: 'packet-too-large' }]);
  });

  it('[device 16] takes a burst of 500 in order over at least eight seconds and keeps the connection', async () => {
    const { connectDevice, world, clock } = await startGateway();
    const client = await connectDevice();
    const startMs = clock.now();
    for (let id = 1; id <= 500; id += 1) client.publish({ topic: 'free', payload: String(id), qos: 1, messageId: id });
    await world.uplinks.reached(100);
    while (world.uplinks.items.length < 500) {
      const count = world.uplinks.items.length;
      clock.advance(201);
      await world.uplinks.reached(count + 1);
    }
    await client.packets.reached(501);
    expect(clock.now() - startMs).toBeGreaterThanOrEqual(8000);
    const ids = Array.from({ length: 500 }, (_, index) => index + 1);
    expect(world.uplinks.items.map(({ payload }) => Number(payload))).toEqual(ids);
    expect(client.packets.items.slice(1).map(({ messageId }) => messageId)).toEqual(ids);
    for (const [index, { atMs }] of world.uplinks.items.entries()) {
      expect(atMs - startMs).toBeGreaterThanOrEqual((index - 99) * 20);
    }
    expect(world.detached.items).toEqual([]);
  });

  it('[device 12] lets the keepalive clock stand still while the server does not read', async () => {
    const limits = { uplinkMessagesPerSecond: 0.01, uplinkBurstSeconds: 200 };
    const { connectDevice, world, clock } = await startGateway({ limits });
    const client = await connectDevice();
    for (let id = 1; id <= 3; id += 1) client.publish({ topic: 'free', qos: 1, messageId: id });
    await world.uplinks.reached(2);
    clock.advance(99_000);
    expect(world.uplinks.items).toHaveLength(2);
    expect(world.detached.items).toEqual([]);
    clock.advance(2000);
    await world.uplinks.reached(3);
    clock.advance(99_000);
    expect(world.detached.items).toEqual([]);
    clock.advance(2000 + 181_000);
    await client.closed;
    expect(world.detached.items).toMatchObject([{ reason: 'keepalive-timeout' }]);
  });

  it('reads no faster than its bytes a second', async () => {
    const { connectDevice, world, clock } = await startGateway({ limits: { uplinkBytesPerSecond: 10_000 } });
    const client = await connectDevice();
    const startMs = clock.now();
    client.publish({ topic: 'free', payload: Buffer.alloc(100_000), qos: 1, messageId: 1 });
    client.publish({ topic: 'free', payload: 'last', qos: 1, messageId: 2 });
    let isOver = false;
    void world.uplinks.reached(2).then(() => {
      isOver = true;
    });
    while (!isOver) {
      clock.advance(500);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(clock.now() - startMs).toBeGreaterThanOrEqual(3000);
    expect(world.detached.items).toEqual([]);
  });

  it('[device 17] on a foreign topic is acknowledged, counted and has no effect', async () => {
    const { connectDevice, world, dropped } = await startGateway();
    const client = await connectDevice();
    const foreign = [
      '$oc/devices/p1_n2/sys/messages/up',
      '$oc/devices/p1_n1x/user/a',
      '$SYS/a',
      `${own}/other`,
      '$oc/x',
    ];
    for (const [index, topic] of foreign.entries()) client.publish({ topic, qos: 1, messageId: index + 1 });
    client.publish({ topic: '$oc/devices/p1_n2/sys/shadow/get/request_id=1', qos: 1, messageId: 9 });
    for (const index of foreign.keys()) expect((await client.nextOf('puback')).messageId).toBe(index + 1);
    expect((await client.nextOf('puback')).messageId).toBe(9);
    expect(dropped.items).toEqual(foreign.map(() => 'foreign-topic'));
    expect(world.uplinks.items).toMatchObject([{ route: { kind: 'child-shadow-get', childId: 'p1_n2' } }]);
  });

  it('drops topics of more than 512 bytes, and of more than 128 outside $oc', async () => {
    const { connectDevice, world, dropped } = await startGateway();
    const client = await connectDevice();
    const prefix = `${own}/user/`;
    const topics = [
      prefix + 'a'.repeat(512 - prefix.length),
      prefix + 'a'.repeat(513 - prefix.length),
      'ü'.repeat(64),
      `${'ü'.repeat(64)}x`,
    ];
    for (const [index, topic] of topics.entries()) client.publish({ topic, qos: 1, messageId: index + 1 });
    await client.packets.reached(5);
    expect(world.uplinks.items.map(({ topic }) => topic)).toEqual([topics[0], topics[2]]);
    expect(dropped.items).toEqual(['topic-too-long', 'topic-too-long']);
  });

  it('is acknowledged in the order sent, each only after its effect', async () => {
    const { connectDevice, world } = await startGateway();
    const client = await connectDevice();
    const release = new Map<string, () => void>();
    world.effect = ({ payload }) => new Promise((resolve) => release.set(payload.toString(), resolve));
    for (const id of [1, 2]) client.publish({ topic: 'free', payload: String(id), qos: 1, messageId: id });
    client.publish({ topic: '$foreign', qos: 1, messageId: 3 });
    client.publish({ topic: 'free', payload: 'q0' });
    client.send({ cmd: 'pingreq' });
    expect((await client.next()).cmd).toBe('pingresp');
    release.get('2')?.();
    client.send({ cmd: 'pingreq' });
    expect((await client.next()).cmd).toBe('pingresp');
    release.get('1')?.();
    for (const id of [1, 2, 3]) expect((await client.nextOf('puback')).messageId).toBe(id);
  });

  it('closes without a PUBACK when its effect fails, and does not acknowledge later ones', async () => {
    const { connectDevice, world } = await startGateway();
    const client = await connectDevice();
    world.effect = ({ payload }) => {
      if (payload.toString() === '2') throw new Error('store down');
      return Promise.resolve();
    };
    for (const id of [1, 2, 3]) client.publish({ topic: 'free', payload: String(id), qos: 1, messageId: id });
    await client.closed;
    expect(client.packets.items.filter(({ cmd, messageId }) => cmd === 'puback' && messageId !== 1)).toEqual([]);
    expect(world.detached.items).toMatchObject([{ reason: 'uplink-failed' }]);
  });

  it('is not read while too many wait for their effect', async () => {
    const { connectDevice, world } = await startGateway({ limits: { uplinksPendingMax: 4 } });
    const client = await connectDevice();
    const release: (() => void)[] = [];
    world.effect = () => new Promise((resolve) => release.push(resolve));
    for (let id = 1; id <= 10; id += 1) client.publish({ topic: 'free', payload: String(id), qos: 1, messageId: id });
    for (let id = 1; id <= 10; id += 1) {
      await world.uplinks.reached(Math.min(10, id + 3));
      expect(world.uplinks.items.length).toBeLessThanOrEqual(id + 3);
      release[id - 1]?.();
      expect((await client.nextOf('puback')).messageId).toBe(id);
    }
  });

  it('[device 21] ignores retain: nothing is kept for later subscribers', async () => {
    const { connectDevice, world } = await startGateway();
    const client = await connectDevice();
    client.publish({ topic: `${own}/user/a`, payload: 'kept?', qos: 1, messageId: 1, retain: true });
    expect((await client.next()).cmd).toBe('puback');
    client.send({ cmd: 'subscribe', messageId: 2, subscriptions: [{ topic: `${own}/user/a`, qos: 1 }] });
    expect((await client.next()).cmd).toBe('suback');
    client.send({ cmd: 'pingreq' });
    expect((await client.next()).cmd).toBe('pingresp');
    expect(world.uplinks.items).toHaveLength(1);
  });
});
