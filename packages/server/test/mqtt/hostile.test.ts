import mqttPacket, { type Packet } from 'mqtt-packet';
import { describe, expect, it } from 'vitest';
import { startGateway } from './fixture/gateway-fixture.ts';
import { connectPacket, type RawClient } from './fixture/raw-client.ts';

const publish: Packet = {
  cmd: 'publish',
  topic: 'free',
  payload: 'x',
  qos: 1,
  messageId: 1,
  dup: false,
  retain: false,
};

describe('a stranger', () => {
  it.each([
    ['another protocol', Buffer.from('GET / HTTP/1.1\r\nHost: muster\r\n\r\n')],
    ['random bytes', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0])],
    ['a publish before CONNECT', mqttPacket.generate(publish)],
    ['a PINGREQ before CONNECT', Buffer.from([0xc0, 0])],
    ['a CONNECT of more than 16 KiB', Buffer.from([0x10, 0x81, 0x80, 1])],
    ['a length that never ends', Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff])],
    ['a CONNECT that breaks off', Buffer.from([0x10, 12, 0, 4, ...Buffer.from('MQTT'), 4, 2, 0, 60, 0, 9])],
    ['a CONNECT without a level', Buffer.from([0x10, 6, 0, 4, ...Buffer.from('MQTT')])],
    ['a CONNECT with nothing', Buffer.from([0x10, 0])],
    ['a protocol name longer than the packet', Buffer.from([0x10, 6, 0xff, 0xff, 1, 2, 3, 4])],
    ['the reserved connect flag', Buffer.from([0x10, 12, 0, 4, ...Buffer.from('MQTT'), 4, 3, 0, 60, 0, 0])],
    ['reserved header flags', Buffer.from([0x11, 0])],
  ])('who sends %s is closed without an answer', async (_name, bytes) => {
    const { open, closed } = await startGateway();
    const client = await open();
    client.write(bytes);
    await client.closed;
    expect(client.packets.items).toEqual([]);
    expect(closed.items).toHaveLength(1);
  });

  it('may send its CONNECT byte by byte', async () => {
    const { open } = await startGateway();
    const client = await open();
    const bytes = mqttPacket.generate(connectPacket());
    for (const byte of bytes) {
      client.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await client.nextOf('connack')).returnCode).toBe(0);
  });

  it('finds room for a bounded number of unfinished connections, and again when they are over', async () => {
    const limits = { connectionsPendingMax: 500 };
    const { open, gateway, closed, clock, emptied } = await startGateway({ limits });
    const clients = await Promise.all(Array.from({ length: 2000 }, () => open()));
    const bytes = mqttPacket.generate(connectPacket()).subarray(0, 20);
    for (const client of clients) client.write(bytes);
    await closed.reached(1500);
    expect(gateway.pendingCount).toBe(500);
    expect(closed.items.every((reason) => reason === 'too-many-connections')).toBe(true);
    clock.advance(10_500);
    await Promise.all(clients.map((client) => client.closed));
    await emptied();
    expect(gateway.pendingCount).toBe(0);
    expect(await (await open()).signIn(connectPacket())).toBe(0);
  });

  it('who stays after a refusal is dropped after a moment, unread', async () => {
    const { open, emptied, clock } = await startGateway();
    const client = await open({ allowHalfOpen: true });
    expect(await client.signIn(connectPacket({ secret: 'wrong' }))).toBe(4);
    client.send(publish, connectPacket());
    clock.advance(2500);
    // Whatever comes now is answered by a reset.
    client.send(publish);
    await client.closed;
    expect(client.packets.items).toHaveLength(1);
    await emptied();
  });

  it('is told why even if it had already sent more', async () => {
    const { open } = await startGateway();
    const client = await open();
    client.send(connectPacket({ secret: 'wrong' }), ...Array.from({ length: 200 }, () => publish));
    expect((await client.nextOf('connack')).returnCode).toBe(4);
    await client.closed;
  });

  it('gets no further than the connections there may be', async () => {
    const { open, connectDevice, closed } = await startGateway({ limits: { connectionsMax: 1 } });
    const client = await connectDevice();
    const second = await open();
    await second.closed;
    client.send({ cmd: 'pingreq' });
    expect((await client.next()).cmd).toBe('pingresp');
    expect(closed.items).toEqual([]);
  });
});

describe('a device', () => {
  const bytesOf = (packet: Packet): Buffer => mqttPacket.generate(packet);
  const malformed: readonly [string, Buffer, string][] = [
    ['a second CONNECT', bytesOf(connectPacket()), 'unexpected-packet'],
    ['PUBREC', bytesOf({ cmd: 'pubrec', messageId: 1 }), 'unexpected-packet'],
    ['PUBREL', bytesOf({ cmd: 'pubrel', messageId: 1 }), 'unexpected-packet'],
    ['PUBCOMP', bytesOf({ cmd: 'pubcomp', messageId: 1 }), 'unexpected-packet'],
    ['a CONNACK', Buffer.from([0x20, 2, 0, 0]), 'unexpected-packet'],
    ['packet type 0', Buffer.from([0, 0]), 'unexpected-packet'],
    ['packet type 15', Buffer.from([0xf0, 0]), 'unexpected-packet'],
    ['both QoS bits', Buffer.from([0x36, 3, 0, 1, 0x61]), 'malformed'],
    ['a publish without a packet id', Buffer.from([0x32, 3, 0, 1, 0x61]), 'malformed'],
    ['a publish with packet id 0', Buffer.from([0x32, 5, 0, 1, 0x61, 0, 0]), 'malformed'],
    ['a publish with a topic beyond its end', Buffer.from([0x30, 3, 0, 9, 0x61]), 'malformed'],
    ['a publish without a topic', Buffer.from([0x30, 2, 0, 0]), 'malformed'],
    ['a publish with nothing', Buffer.from([0x30, 0]), 'malformed'],
    ['a publish on a wildcard', Buffer.from([0x30, 3, 0, 1, 0x23]), 'malformed'],
    ['a publish on bytes that are not UTF-8', Buffer.from([0x30, 4, 0, 2, 0xc3, 0x28]), 'malformed'],
    ['a SUBSCRIBE without filters', Buffer.from([0x82, 2, 0, 1]), 'malformed'],
    ['a SUBSCRIBE with packet id 0', Buffer.from([0x82, 6, 0, 0, 0, 1, 0x61, 0]), 'malformed'],
    ['a SUBSCRIBE with QoS 3', Buffer.from([0x82, 6, 0, 1, 0, 1, 0x61, 3]), 'malformed'],
    ['a SUBSCRIBE without its QoS', Buffer.from([0x82, 5, 0, 1, 0, 1, 0x61]), 'malformed'],
    ['a SUBSCRIBE with wrong flags', Buffer.from([0x80, 6, 0, 1, 0, 1, 0x61, 0]), 'malformed'],
    ['an UNSUBSCRIBE without filters', Buffer.from([0xa2, 2, 0, 1]), 'malformed'],
    ['a PUBACK of the wrong size', Buffer.from([0x40, 3, 0, 1, 0]), 'malformed'],
    ['a PUBACK with packet id 0', Buffer.from([0x40, 2, 0, 0]), 'malformed'],
    ['a PINGREQ with a payload', Buffer.from([0xc0, 1, 0]), 'malformed'],
    ['a SUBSCRIBE of more than 128 KiB', Buffer.from([0x82, 0x81, 0x80, 8]), 'packet-too-large'],
    ['a length of five bytes', Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 1]), 'malformed'],
  ];

  it.each(malformed)('that sends %s is closed', async (_name, bytes, reason) => {
    const { connectDevice, world } = await startGateway();
    const client = await connectDevice();
    client.write(bytes);
    await client.closed;
    expect(client.packets.items).toHaveLength(1);
    expect(world.uplinks.items).toEqual([]);
    expect(world.detached.items).toMatchObject([{ reason }]);
  });

  it('does not disturb another one by its malformed packets', async () => {
    const { connectDevice, world } = await startGateway();
    world.devices.set('p1_n2', { secret: '12345678' });
    const good = await connectDevice({ deviceId: 'p1_n2' });
    for (const [, bytes] of malformed) {
      const bad = await connectDevice();
      bad.write(bytes);
      await bad.closed;
      await expectAlive(good);
    }
  });

  it('may send PUBACKs for nothing, which cost its rate', async () => {
    const { connectDevice, clock, world } = await startGateway();
    const client = await connectDevice();
    for (let id = 1; id <= 100; id += 1) client.send({ cmd: 'puback', messageId: id });
    client.publish({ topic: 'free', qos: 0 });
    clock.advance(0);
    const uplink = world.uplinks.reached(1);
    let isOver = false;
    void uplink.then(() => {
      isOver = true;
    });
    const startMs = clock.now();
    while (!isOver) {
      clock.advance(10);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(clock.now()).toBeGreaterThan(startMs);
    expect(world.acknowledged.items).toEqual([]);
  });

  it('may flood with PINGREQ no faster than with messages', async () => {
    const { connectDevice, clock } = await startGateway();
    const client = await connectDevice();
    const startMs = clock.now();
    client.write(Buffer.alloc(600, Buffer.from([0xc0, 0])));
    const all = client.packets.reached(301);
    let isOver = false;
    void all.then(() => {
      isOver = true;
    });
    while (!isOver) {
      clock.advance(50);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(clock.now() - startMs).toBeGreaterThanOrEqual(4000);
  });
});

async function expectAlive(client: RawClient): Promise<void> {
  client.send({ cmd: 'pingreq' });
  expect((await client.next()).cmd).toBe('pingresp');
}
