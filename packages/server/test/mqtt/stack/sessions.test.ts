import { describe, expect, it } from 'vitest';
import type { DeviceId } from '../../../src/domain/ids.ts';
import { createDeviceService } from '../../../src/services/devices.ts';
import { random } from '../../builders/chance.ts';
import { connectPacket } from '../fixture/raw-client.ts';
import { type DeviceStack, second, startDeviceStack } from '../../support/device-stack.ts';

/** The use cases behind the API, on the same store and link. */
function devicesOf({ store, clock, side }: DeviceStack) {
  const reachability = { ofDevice: () => Promise.resolve() };
  return createDeviceService({ store, clock, random, link: side.link, reachability });
}

describe('a device that connects', () => {
  it('[device 1] is let in with the vector of the contract', async () => {
    const stack = await startDeviceStack();
    const { deviceId } = await stack.given.device(stack.scope, {
      auth: { authType: 'SECRET', secret: '12345678', secureAccess: false, timeoutSeconds: 0 },
    });
    const client = await stack.open();

    const password = 'c75150e6cb841417396819e4d2ee4358a416344a03a083e3a8567074ddec820a';
    client.send(connectPacket({ deviceId, timestamp: '2025041401' }, { password: Buffer.from(password) }));

    expect(await client.nextOf('connack')).toMatchObject({ returnCode: 0, sessionPresent: false });
  });

  it('[device 2] may have underscores in its id', async () => {
    const stack = await startDeviceStack();
    const device = await stack.given.device(stack.scope, { deviceId: 'a_b_c_d_e' as DeviceId });

    await stack.connect(device);

    expect(await stack.status(device.deviceId)).toBe('ONLINE');
  });

  it('[device 4] gets the same 4 for a wrong password, an unknown id and the name of another device', async () => {
    const stack = await startDeviceStack();
    const device = await stack.given.device(stack.scope);
    const other = await stack.given.device(stack.scope);
    const { deviceId } = device;
    const secret = device.auth.secret ?? '';
    const attempts = [
      connectPacket({ deviceId, secret: 'wrong' }),
      connectPacket({ deviceId: 'nobody', secret }),
      connectPacket({ deviceId: 'no body\0', secret }),
      connectPacket({ deviceId, secret }, { username: other.deviceId }),
    ];
    for (const packet of attempts) {
      const client = await stack.open();
      expect(await client.signIn(packet)).toBe(4);
      await client.closed;
    }
    expect(await stack.status(deviceId)).toBe('INACTIVE');
  });

  it('[device 5] gets 5 only after the right password, frozen or a child', async () => {
    const stack = await startDeviceStack();
    const frozen = await stack.given.device(stack.scope, { frozen: true });
    const gateway = await stack.given.device(stack.scope);
    const child = await stack.given.device(stack.scope, { parent: gateway });
    for (const { deviceId, auth } of [frozen, child]) {
      const right = await stack.open();
      expect(await right.signIn(connectPacket({ deviceId, secret: auth.secret ?? '' }))).toBe(5);
      const wrong = await stack.open();
      expect(await wrong.signIn(connectPacket({ deviceId, secret: 'wrong' }))).toBe(4);
    }
  });

  it('[device 5] gets 5 on plain TCP where it may only come over TLS', async () => {
    const stack = await startDeviceStack();
    const { deviceId } = await stack.given.device(stack.scope, {
      auth: { authType: 'SECRET', secret: '12345678', secureAccess: true, timeoutSeconds: 0 },
    });
    const client = await stack.open();
    expect(await client.signIn(connectPacket({ deviceId }))).toBe(5);
  });

  it('[device 4] gets 4 over plain TCP where a certificate is its way to sign in', async () => {
    const stack = await startDeviceStack();
    const { deviceId } = await stack.given.device(stack.scope, {
      auth: { authType: 'CERTIFICATES', secureAccess: false, timeoutSeconds: 0 },
    });
    const client = await stack.open();
    expect(await client.signIn(connectPacket({ deviceId }, { password: Buffer.from('') }))).toBe(4);
  });

  it('[device 8] meets a back-off after ten wrong passwords', async () => {
    const stack = await startDeviceStack();
    const { deviceId } = await stack.given.device(stack.scope);
    const codes: (number | undefined)[] = [];
    for (let attempt = 0; attempt < 11; attempt++) {
      const client = await stack.open();
      codes.push(await client.signIn(connectPacket({ deviceId, secret: 'wrong' })));
    }
    expect(codes).toEqual([...Array.from({ length: 10 }, () => 4), 3]);
  });

  it('[device 11] is closed by a freeze, and by a reset of its secret only where that is forced', async () => {
    const stack = await startDeviceStack();
    const { projectId } = stack.scope;
    const devices = devicesOf(stack);
    const device = await stack.given.device(stack.scope);
    const { deviceId } = device;

    const first = await stack.connect(device);
    await devices.resetSecret(projectId, deviceId, {
      secret: 'the2ndSecret',
      slot: 'SECONDARY',
      forceDisconnect: false,
    });
    expect(await first.rest()).toEqual([]);
    const second = await stack.connect(device, { secret: 'the2ndSecret' });
    await first.client.closed;
    await devices.resetSecret(projectId, deviceId, { secret: 'the1stSecret', slot: 'PRIMARY', forceDisconnect: true });
    await second.client.closed;
    const third = await stack.connect(device, { secret: 'the1stSecret' });
    await devices.freeze(projectId, deviceId);
    await third.client.closed;
  });

  it('[device 11] is closed when it was frozen between its sign-in and its place among the sessions', async () => {
    const stack = await startDeviceStack();
    const device = await stack.given.device(stack.scope);
    const client = await stack.connect(device, { isDelayOver: false });
    // As if the freeze had found no session to close.
    await stack.store.effects.apply(stack.scope.projectId, [{ kind: 'freezeDevice', deviceId: device.deviceId }]);

    await stack.clock.advance(500);

    await client.client.closed;
  });
});

describe('the status of a device', () => {
  it('[device 28] turns ONLINE on connect and OFFLINE some seconds after the end', async () => {
    const stack = await startDeviceStack();
    const { projectId } = stack.scope;
    const device = await stack.given.device(stack.scope);
    const connectedAt = stack.clock.now();

    const client = await stack.connect(device);
    expect(await stack.store.devices.find(projectId, device.deviceId)).toMatchObject({
      connectivity: 'ONLINE',
      activeAt: connectedAt,
      statusAt: connectedAt,
    });

    await client.vanish();
    await stack.eventually(() => stack.store.sessions.earliestEnded());
    const endedAt = stack.clock.now();
    await stack.clock.advance(4 * second);
    expect(await stack.status(device.deviceId)).toBe('ONLINE');
    await stack.clock.advance(2 * second);
    await stack.eventually(async () => (await stack.status(device.deviceId)) === 'OFFLINE');
    const offline = await stack.store.devices.find(projectId, device.deviceId);
    expect(offline).toMatchObject({ activeAt: connectedAt, statusAt: endedAt });
  });

  it('[device 28] stays ONLINE where the device is back within the delay', async () => {
    const stack = await startDeviceStack();
    const device = await stack.given.device(stack.scope);
    const first = await stack.connect(device);
    const statusAt = (await stack.store.devices.find(stack.scope.projectId, device.deviceId))?.statusAt;

    await first.vanish();
    await stack.eventually(() => stack.store.sessions.earliestEnded());
    await stack.clock.advance(4 * second);
    const again = await stack.connect(device);
    await stack.clock.advance(10 * second);

    expect(await again.rest()).toEqual([]);
    const now = await stack.store.devices.find(stack.scope.projectId, device.deviceId);
    expect(now).toMatchObject({ connectivity: 'ONLINE', statusAt });
  });

  it('[device 10] stays ONLINE through a takeover, which closes the older socket', async () => {
    const stack = await startDeviceStack();
    const device = await stack.given.device(stack.scope);
    const first = await stack.connect(device);
    const second_ = await stack.connect(device);

    await first.client.closed;
    await stack.clock.advance(10 * second);

    expect(await stack.status(device.deviceId)).toBe('ONLINE');
    expect(await second_.rest()).toEqual([]);
  });

  it('lasts for its delay from the start of a node that died, for devices that do not come back', async () => {
    const stack = await startDeviceStack();
    const device = await stack.given.device(stack.scope);
    // What an earlier life of this node has left.
    await stack.given.connect(device.deviceId, stack.clock.now());
    await stack.side.stop();
    await stack.side.start();
    expect(await stack.status(device.deviceId)).toBe('ONLINE');
    expect(await stack.store.sessions.earliestEnded()).toBe(stack.clock.now());
  });

  it('[device 29] is OFFLINE after an unfreeze, INACTIVE where it never connected', async () => {
    const stack = await startDeviceStack();
    const { projectId } = stack.scope;
    const devices = devicesOf(stack);
    const device = await stack.given.device(stack.scope);
    const fresh = await stack.given.device(stack.scope);
    const client = await stack.connect(device);
    for (const { deviceId } of [device, fresh]) {
      await devices.freeze(projectId, deviceId);
      expect((await devices.get(projectId, deviceId)).frozen).toBe(true);
    }
    await client.client.closed;
    await stack.clock.advance(6 * second);
    for (const { deviceId } of [device, fresh]) await devices.unfreeze(projectId, deviceId);
    await stack.eventually(async () => (await stack.status(device.deviceId)) === 'OFFLINE');
    expect(await stack.status(fresh.deviceId)).toBe('INACTIVE');
  });
});
