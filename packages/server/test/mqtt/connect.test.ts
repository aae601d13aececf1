import { describe, expect, it } from 'vitest';
import { asId, type DeviceId } from '../../src/domain/ids.ts';
import { startGateway } from './fixture/gateway-fixture.ts';
import { connectPacket } from './fixture/raw-client.ts';

const minuteMs = 60_000;

describe('CONNECT', () => {
  it('[device 1] is accepted with the vector of the contract on MQTT 3.1.1 and 3.1', async () => {
    const { open, world } = await startGateway();
    const password = Buffer.from('c75150e6cb841417396819e4d2ee4358a416344a03a083e3a8567074ddec820a');
    for (const protocol of [
      { protocolId: 'MQTT', protocolVersion: 4 },
      { protocolId: 'MQIsdp', protocolVersion: 3 },
    ] as const) {
      const client = await open();
      client.send(connectPacket({ timestamp: '2025041401' }, { password, ...protocol }));
      expect(await client.nextOf('connack')).toMatchObject({ returnCode: 0, sessionPresent: false });
    }
    expect(world.signIns[0]).toMatchObject({
      deviceId: 'p1_n1',
      signType: '0',
      secure: false,
      remoteAddress: '127.0.0.1',
    });
  });

  it('[device 2] takes the device id from the left of the clientId and refuses other shapes with 2', async () => {
    const { open, world } = await startGateway();
    world.devices.set('p_1_n_1_x', { secret: '12345678' });
    expect(await (await open()).signIn(connectPacket({ deviceId: 'p_1_n_1_x' }))).toBe(0);
    const bad = [
      connectPacket({}, { clientId: 'p1_n1' }),
      connectPacket({}, { clientId: '_0_0_2025041401' }),
      connectPacket({ deviceType: '3' }),
      connectPacket({ signType: '9' }),
      connectPacket({ timestamp: '202504140' }),
      connectPacket({ timestamp: '20250414011' }),
      connectPacket({}, { clientId: `${'d'.repeat(242)}_0_0_2025041401` }),
    ];
    for (const packet of bad) {
      const client = await open();
      expect(await client.signIn(packet), packet.clientId).toBe(2);
      await client.closed;
    }
    expect(world.signIns).toHaveLength(1);
  });

  it('[device 3] is refused with 2 for a keepalive outside 30 to 1200 seconds', async () => {
    const { open } = await startGateway();
    for (const [keepalive, code] of [
      [0, 2],
      [29, 2],
      [1201, 2],
      [30, 0],
      [1200, 0],
    ] as const) {
      expect(await (await open()).signIn(connectPacket({}, { keepalive }))).toBe(code);
    }
  });

  it('[device 4] answers every wrong credential with the same 4 and closes', async () => {
    const { open, refused } = await startGateway();
    const wrong = [
      connectPacket({ secret: 'wrong' }),
      connectPacket({ deviceId: 'nobody' }),
      connectPacket({}, { username: 'p1_n2' }),
      connectPacket({}, { password: Buffer.from('short') }),
      connectPacket({}, { username: undefined, password: undefined } as never),
    ];
    for (const packet of wrong) {
      const client = await open();
      expect(await client.signIn(packet)).toBe(4);
      await client.closed;
      expect(client.packets.items).toHaveLength(1);
    }
    expect(refused).toEqual(wrong.map(() => 'bad-credentials'));
  });

  it('[device 5] is refused with 5 only after the right password', async () => {
    const { open, world } = await startGateway();
    world.devices.set('frozen', { secret: 's', isFrozen: true });
    world.devices.set('child', { secret: 's', isChild: true });
    world.devices.set('secure', { secret: 's', needsTls: true });
    for (const deviceId of ['frozen', 'child', 'secure']) {
      expect(await (await open()).signIn(connectPacket({ deviceId, secret: 's' }))).toBe(5);
    }
    expect(await (await open()).signIn(connectPacket({ deviceId: 'frozen', secret: 'x' }))).toBe(4);
  });

  it('[device 6] compares the hour with sign type 1 and ignores it with 0', async () => {
    const { open } = await startGateway();
    const codeOf = async (signType: string, timestamp: string): Promise<number | undefined> =>
      (await open()).signIn(connectPacket({ signType, timestamp }));
    expect(await codeOf('1', '2025041400')).toBe(0);
    expect(await codeOf('1', '2025041401')).toBe(0);
    expect(await codeOf('1', '2025041402')).toBe(0);
    expect(await codeOf('1', '2025041325')).toBe(0);
    expect(await codeOf('1', '2025041323')).toBe(4);
    expect(await codeOf('1', '2025041403')).toBe(4);
    expect(await codeOf('0', '1999010177')).toBe(0);
  });

  it('[device 7] is refused with 1 for another protocol and with 2 for sign type 2', async () => {
    const { open } = await startGateway();
    const client = await open();
    client.write(Buffer.from([0x10, 12, 0, 4, ...Buffer.from('MQTT'), 6, 2, 0, 60, 0, 0]));
    expect((await client.nextOf('connack')).returnCode).toBe(1);
    await client.closed;
    for (const protocol of [
      { protocolId: 'MQTT', protocolVersion: 5 },
      { protocolId: 'MQTT', protocolVersion: 3 },
      { protocolId: 'MQIsdp', protocolVersion: 4 },
      { protocolId: 'XMPP', protocolVersion: 4 },
    ]) {
      expect(await (await open()).signIn(connectPacket({}, protocol as never))).toBe(1);
    }
    expect(await (await open()).signIn(connectPacket({ signType: '2' }))).toBe(2);
  });

  it('[device 8] meets a back-off after ten wrong passwords, which does not meet others elsewhere', async () => {
    const { open, clock, world } = await startGateway();
    world.devices.set('other', { secret: '12345678' });
    for (let count = 0; count < 10; count += 1) {
      expect(await (await open()).signIn(connectPacket({ secret: 'wrong' }))).toBe(4);
    }
    const checksBefore = world.signIns.length;
    expect(await (await open()).signIn(connectPacket({ secret: 'wrong' }))).toBe(3);
    expect(await (await open()).signIn(connectPacket())).toBe(3);
    expect(world.signIns).toHaveLength(checksBefore);
    const elsewhere = await open({ localAddress: '127.0.0.2' });
    expect(await elsewhere.signIn(connectPacket({ deviceId: 'other' }))).toBe(0);
    clock.advance(minuteMs);
    expect(await (await open()).signIn(connectPacket())).toBe(0);
  });

  it('[device 9] is accepted with a will, retain and without clean session; the will is never published', async () => {
    const { open, world } = await startGateway();
    const client = await open();
    const will = { topic: '$oc/devices/p1_n1/sys/messages/up', payload: 'gone', qos: 1, retain: true } as const;
    client.send(connectPacket({}, { clean: false, will }));
    expect(await client.nextOf('connack')).toMatchObject({ returnCode: 0, sessionPresent: false });
    client.socket.destroy();
    await world.detached.reached(1);
    expect(world.uplinks.items).toEqual([]);
  });

  it('[device 12] is closed after one and a half keepalives of silence, and kept by a PINGREQ', async () => {
    const { open, clock, world } = await startGateway();
    const client = await open();
    await client.signIn(connectPacket({}, { keepalive: 30 }));
    clock.advance(44_000);
    client.send({ cmd: 'pingreq' });
    expect((await client.next()).cmd).toBe('pingresp');
    clock.advance(44_000);
    expect(world.detached.items).toEqual([]);
    clock.advance(1500);
    await client.closed;
    expect(world.detached.items).toMatchObject([{ reason: 'keepalive-timeout' }]);
  });

  it('[device 13] must be complete within its time, whole or in pieces', async () => {
    const { open, clock, gateway, closed, emptied } = await startGateway();
    const silent = await open();
    const slow = await open();
    slow.write(Buffer.from([0x10, 60, 0, 4]));
    const late = await open();
    expect(await late.signIn(connectPacket())).toBe(0);
    expect(gateway.connectionCount).toBe(3);
    clock.advance(10_500);
    await Promise.all([silent.closed, slow.closed]);
    expect(closed.items).toEqual(['connect-timeout', 'connect-timeout']);
    expect(silent.packets.items).toEqual([]);
    late.socket.destroy();
    await emptied();
    expect(gateway.pendingCount).toBe(0);
  });

  it('is answered with 3 before the gateway starts, while it drains, and when the store fails or hangs', async () => {
    const { open, gateway, world, clock } = await startGateway({ isStarted: false });
    expect(await (await open()).signIn(connectPacket())).toBe(3);
    gateway.start();
    const device = await open();
    expect(await device.signIn(connectPacket())).toBe(0);
    world.beforeSignIn = () => Promise.reject(new Error('no store'));
    expect(await (await open()).signIn(connectPacket({ deviceId: 'p1_n2' }))).toBe(3);
    world.beforeSignIn = () => Promise.resolve();
    world.beforeAttach = () => Promise.reject(new Error('no store'));
    expect(await (await open()).signIn(connectPacket())).toBe(3);
    let release = (): void => undefined;
    world.beforeAttach = () => new Promise((resolve) => (release = resolve));
    const hanging = await open();
    hanging.send(connectPacket());
    await world.attachments.reached(3);
    clock.advance(10_500);
    expect((await hanging.nextOf('connack')).returnCode).toBe(3);
    release();
    await world.detached.reached(1);
    gateway.drain();
    expect(await (await open()).signIn(connectPacket())).toBe(3);
    device.send({ cmd: 'pingreq' });
    expect((await device.next()).cmd).toBe('pingresp');
  });

  it('lets packets wait that were sent before its answer', async () => {
    const { open, world } = await startGateway();
    const client = await open();
    client.send(
      connectPacket(),
      { cmd: 'publish', topic: 'free', payload: 'x', qos: 1, messageId: 7, dup: false, retain: false },
      { cmd: 'disconnect' },
    );
    expect((await client.next()).cmd).toBe('connack');
    const [uplink] = await world.uplinks.reached(1);
    expect(uplink).toMatchObject({ topic: 'free', route: { kind: 'free' }, qos: 1 });
    await client.closed;
    expect(world.detached.items).toMatchObject([{ reason: 'client-disconnect' }]);
  });

  it('takes over: the older socket closes without a packet, and the device stays attached', async () => {
    const { connectDevice, world, gateway } = await startGateway();
    const older = await connectDevice();
    const newer = await connectDevice();
    await older.closed;
    expect(older.packets.items).toHaveLength(1);
    expect(world.detached.items).toMatchObject([{ reason: 'taken-over', session: { generation: 1 } }]);
    expect(gateway.registry.find(world.detached.items[0]?.session.device.deviceId as never)?.generation).toBe(2);
    newer.send({ cmd: 'pingreq' });
    expect((await newer.next()).cmd).toBe('pingresp');
  });

  it('that is under way when the gateway stops is detached before the stop is over', async () => {
    const { open, gateway, world } = await startGateway();
    let release = (): void => undefined;
    world.beforeAttach = () => new Promise((resolve) => (release = resolve));
    const client = await open();
    client.send(connectPacket());
    await world.attachments.reached(1);
    const stopped = gateway.stop();
    await client.closed;
    release();
    await stopped;
    expect(world.detached.items).toHaveLength(1);
  });

  it('[device 11] that is under way when the credentials are reset gets 3, and is judged by the new ones when it comes again', async () => {
    const { open, gateway, world } = await startGateway();
    const release: (() => void)[] = [];
    const held = () => new Promise<void>((resolve) => void release.push(resolve));
    world.beforeSignIn = held;
    const early = await open();
    early.send(connectPacket());
    world.beforeAttach = held;
    await expect.poll(() => release.length).toBe(1);
    gateway.registry.close(asId<DeviceId>('p1_n1'), 'secret-reset');
    release[0]?.();
    await world.attachments.reached(1);
    release[1]?.();
    expect((await early.nextOf('connack')).returnCode).toBe(3);
    expect(await world.detached.reached(1)).toMatchObject([{ reason: 'secret-reset' }]);
    // A takeover on another node is no reason.
    world.beforeAttach = () => Promise.resolve();
    const later = await open();
    later.send(connectPacket());
    await expect.poll(() => release.length).toBe(3);
    gateway.registry.close(asId<DeviceId>('p1_n1'), 'taken-over', 1);
    release[2]?.();
    expect((await later.nextOf('connack')).returnCode).toBe(0);
  });

  it('loses against a later connection that was attached first', async () => {
    const { open, connectDevice, world } = await startGateway();
    let release = (): void => undefined;
    world.beforeAttach = () => new Promise((resolve) => (release = resolve));
    const slow = await open();
    slow.send(connectPacket());
    await world.attachments.reached(1);
    world.beforeAttach = () => Promise.resolve();
    const fast = await connectDevice();
    release();
    await slow.closed;
    expect(slow.packets.items).toEqual([]);
    expect(world.detached.items).toMatchObject([{ reason: 'taken-over', session: { generation: 1 } }]);
    fast.send({ cmd: 'pingreq' });
    expect((await fast.next()).cmd).toBe('pingresp');
  });
});
