import mqtt, { type MqttClient } from 'mqtt';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Device, DeviceAuth } from '../../../src/domain/device.ts';
import { createMqttListener } from '../../../src/mqtt/listener.ts';
import { resetFingerprint } from '../../../src/services/device-access.ts';
import { devicePassword } from '../../../src/services/device-side/sign-in/device-password.ts';
import { random } from '../../builders/chance.ts';
import { type DeviceCertificate, makeDeviceCertificate } from '../../support/device-certificate.ts';
import { startDeviceStack } from '../../support/device-stack.ts';
import { connectPacket, RawClient } from '../fixture/raw-client.ts';
import { testCertificate } from '../fixture/test-certificate.ts';

const own = makeDeviceCertificate();
const other = makeDeviceCertificate();
const day = 86_400_000;

interface SignInWish {
  readonly password?: string;
  readonly signType?: '0' | '1';
  readonly timestamp?: string;
}

/** A stack that listens over TLS as well, and devices that sign in with the common client library. */
async function start() {
  const stack = await startDeviceStack();
  const { gateway, given, scope, store } = stack;
  const secure = createMqttListener({ gateway, host: '127.0.0.1', port: 0, tls: testCertificate });
  await secure.start();
  onTestFinished(() => secure.stop());
  const connectTo = async (url: string, deviceId: string, certificate?: DeviceCertificate, wish: SignInWish = {}) => {
    const { password, signType = '0', timestamp = '2025041401' } = wish;
    const client = await mqtt.connectAsync(url, {
      ...(certificate === undefined ? {} : { cert: certificate.cert, key: certificate.key }),
      rejectUnauthorized: false,
      clientId: `${deviceId}_0_${signType}_${timestamp}`,
      username: deviceId,
      ...(password === undefined ? {} : { password }),
      keepalive: 60,
      reconnectPeriod: 0,
    });
    client.on('error', () => undefined);
    onTestFinished(() => client.endAsync(true));
    return client;
  };
  const connect = (deviceId: string, certificate?: DeviceCertificate, wish?: SignInWish): Promise<MqttClient> =>
    connectTo(`mqtts://127.0.0.1:${secure.port}`, deviceId, certificate, wish);
  /** The code of the CONNACK. */
  const codeOf = async (connecting: Promise<MqttClient>): Promise<unknown> => {
    try {
      await (await connecting).endAsync(true);
      return 0;
    } catch (error) {
      return (error as { code?: unknown }).code;
    }
  };
  const device = (auth: Partial<DeviceAuth> = {}): Promise<Device> =>
    given.device(scope, { auth: { authType: 'CERTIFICATES', secureAccess: true, timeoutSeconds: 0, ...auth } });
  return {
    ...stack,
    connect,
    securePort: secure.port,
    plain: (deviceId: string, wish?: SignInWish) =>
      connectTo(`mqtt://127.0.0.1:${stack.listener.port}`, deviceId, undefined, wish),
    codeOf,
    device,
    authOf: async ({ deviceId }: Device) => (await store.devices.find(scope.projectId, deviceId))?.auth,
    reset: ({ deviceId }: Device, fingerprint: string | undefined, forceDisconnect = false) =>
      resetFingerprint(
        { store, random, link: stack.side.link },
        { projectId: scope.projectId, deviceId },
        { fingerprint, slot: 'PRIMARY', forceDisconnect },
      ),
  };
}

describe('a device with a certificate', () => {
  it.each([
    ['the SHA-1', { fingerprint: own.sha1 }],
    ['the SHA-256', { fingerprint: own.sha256 }],
    ['in capitals', { fingerprint: own.sha256.toUpperCase() }],
    ['the secondary', { fingerprint: other.sha256, secondaryFingerprint: own.sha1 }],
    ['only the secondary', { secondaryFingerprint: own.sha256 }],
  ])('gets in over TLS without a password by the fingerprint of its certificate: %s', async (_what, auth) => {
    const { connect, device, status, authOf } = await start();
    const made = await device(auth);
    const client = await connect(made.deviceId, own);
    expect(client.connected).toBe(true);
    expect(await status(made.deviceId)).toBe('ONLINE');
    expect(await authOf(made)).toEqual(made.auth);
  });

  it('is refused with 4 with another certificate, with none, and by any password, over TLS and over plain TCP', async () => {
    const { connect, plain, codeOf, device } = await start();
    // One that had a secret once: it counts for nothing.
    const { deviceId } = await device({ fingerprint: own.sha256, secret: '12345678', secureAccess: false });
    const password = devicePassword('12345678', '2025041401');
    expect(await codeOf(connect(deviceId, other))).toBe(4);
    expect(await codeOf(connect(deviceId, other, { password }))).toBe(4);
    expect(await codeOf(connect(deviceId))).toBe(4);
    expect(await codeOf(connect(deviceId, undefined, { password }))).toBe(4);
    expect(await codeOf(plain(deviceId))).toBe(4);
    expect(await codeOf(plain(deviceId, { password }))).toBe(4);
    // What some libraries send for no password does no harm.
    expect(await codeOf(connect(deviceId, own, { password: '' }))).toBe(0);
  });

  it('that has no fingerprint takes that of its first connection over TLS, and no other from then on', async () => {
    const { connect, plain, codeOf, device, authOf } = await start();
    const made = await device();
    expect(await codeOf(plain(made.deviceId))).toBe(4);
    expect(await codeOf(connect(made.deviceId))).toBe(4);
    expect(await authOf(made)).toEqual(made.auth);
    expect(await codeOf(connect(made.deviceId, own))).toBe(0);
    expect(await authOf(made)).toEqual({ ...made.auth, fingerprint: own.sha256 });
    expect(await codeOf(connect(made.deviceId, other))).toBe(4);
    expect(await codeOf(connect(made.deviceId, own))).toBe(0);
  });

  it('is of one certificate alone where two come for the first time at once', async () => {
    const { connect, codeOf, device, authOf } = await start();
    for (let round = 0; round < 5; round += 1) {
      const made = await device();
      const codes = await Promise.all([own, other].map((certificate) => codeOf(connect(made.deviceId, certificate))));
      expect(codes.toSorted()).toEqual([0, 4]);
      const winner = codes[0] === 0 ? own : other;
      expect((await authOf(made))?.fingerprint).toBe(winner.sha256);
    }
  });

  it('gets 5 with the right certificate while it is frozen or a child, and takes no first one then', async () => {
    const { connect, codeOf, device, authOf, store, scope, given } = await start();
    const known = await device({ fingerprint: own.sha256 });
    const fresh = await device();
    for (const { deviceId } of [known, fresh])
      await store.effects.apply(scope.projectId, [{ kind: 'freezeDevice', deviceId }]);
    const { auth } = known;
    const child = await given.device(scope, { parent: await given.device(scope), auth });
    for (const { deviceId } of [known, fresh, child]) expect(await codeOf(connect(deviceId, own))).toBe(5);
    expect(await codeOf(connect(known.deviceId, other))).toBe(4);
    expect(await authOf(fresh)).toEqual(fresh.auth);
  });

  it('may come with one that has expired or is not valid yet, but not with a clock that is wrong by sign type 1', async () => {
    const { connect, codeOf, device, clock } = await start();
    const expired = makeDeviceCertificate({ notBefore: Date.now() - 9 * day, notAfter: Date.now() - 8 * day });
    const early = makeDeviceCertificate({ notBefore: Date.now() + 8 * day, notAfter: Date.now() + 9 * day });
    for (const certificate of [expired, early]) {
      const { deviceId } = await device({ fingerprint: certificate.sha256 });
      expect(await codeOf(connect(deviceId, certificate))).toBe(0);
      const hour = new Date(clock.now()).toISOString().slice(0, 13).replace(/[-T]/g, '');
      expect(await codeOf(connect(deviceId, certificate, { signType: '1', timestamp: hour }))).toBe(0);
      expect(await codeOf(connect(deviceId, certificate, { signType: '1', timestamp: '1999010101' }))).toBe(4);
    }
  });

  it('whose fingerprint is cleared takes that of its next connection; a new one ends the old', async () => {
    const { connect, codeOf, device, authOf, reset } = await start();
    const made = await device({ fingerprint: own.sha256 });
    await reset(made, undefined);
    expect((await authOf(made))?.fingerprint).toBeUndefined();
    expect(await codeOf(connect(made.deviceId, other))).toBe(0);
    expect(await codeOf(connect(made.deviceId, own))).toBe(4);
    await reset(made, own.sha1);
    expect(await codeOf(connect(made.deviceId, other))).toBe(4);
    expect(await codeOf(connect(made.deviceId, own))).toBe(0);
  });

  it('does not take another certificate beside the secondary one that it still has', async () => {
    const { connect, codeOf, device, authOf, reset } = await start();
    const made = await device({ fingerprint: own.sha256, secondaryFingerprint: other.sha256 });
    await reset(made, undefined);
    expect(await codeOf(connect(made.deviceId, own))).toBe(4);
    expect(await codeOf(connect(made.deviceId, other))).toBe(0);
    expect(await authOf(made)).toMatchObject({ secondaryFingerprint: other.sha256 });
  });

  it('[device 11] loses its connection by a reset that demands it, and by no other', async () => {
    const { connect, device, reset } = await start();
    const made = await device({ fingerprint: own.sha256 });
    const client = await connect(made.deviceId, own);
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    await reset(made, own.sha1);
    await client.publishAsync('free', 'still here', { qos: 1 });
    await reset(made, other.sha256, true);
    await closed;
    await expect(connect(made.deviceId, own)).rejects.toMatchObject({ code: 4 });
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is judged by it in a resumed session as well, over %s', async (version) => {
    const { device, securePort, reset } = await start();
    const made = await device({ fingerprint: own.sha256 });
    const session = await sessionOf(securePort, version, made.deviceId);
    const signIn = async (): Promise<readonly [boolean, number | undefined]> => {
      const { cert, key } = own;
      const options = { host: '127.0.0.1', port: securePort, rejectUnauthorized: false, session, cert, key } as const;
      const socket = connectTls({ ...options, minVersion: version, maxVersion: version });
      const client = new RawClient(socket);
      const code = await client.signIn(connectPacket({ deviceId: made.deviceId }, { password: undefined } as never));
      const isReused = socket.isSessionReused();
      socket.destroy();
      return [isReused, code];
    };
    expect(await signIn()).toEqual([true, 0]);
    await reset(made, other.sha256);
    expect(await signIn()).toEqual([true, 4]);
  });
});

/** A session that can be resumed; the device has been let in with its certificate. */
async function sessionOf(port: number, version: 'TLSv1.2' | 'TLSv1.3', deviceId: string): Promise<Buffer> {
  const { cert, key } = own;
  const options = { host: '127.0.0.1', port, rejectUnauthorized: false, cert, key } as const;
  const socket = connectTls({ ...options, minVersion: version, maxVersion: version });
  const session = new Promise<Buffer>((resolve) => socket.once('session', resolve));
  const client = new RawClient(socket);
  expect(await client.signIn(connectPacket({ deviceId }, { password: undefined } as never))).toBe(0);
  socket.destroy();
  return session;
}

describe('a device with a secret', () => {
  it('needs its password whatever certificate it shows, and gives none to the store', async () => {
    const { connect, codeOf, given, scope, authOf } = await start();
    const auth: DeviceAuth = { authType: 'SECRET', secret: '12345678', secureAccess: true, timeoutSeconds: 0 };
    const made = await given.device(scope, { auth: { ...auth, fingerprint: own.sha256 } });
    const password = devicePassword('12345678', '2025041401');
    expect(await codeOf(connect(made.deviceId, own))).toBe(4);
    expect(await codeOf(connect(made.deviceId, own, { password }))).toBe(0);
    const bare = await given.device(scope, { auth });
    expect(await codeOf(connect(bare.deviceId, own, { password }))).toBe(0);
    expect(await authOf(bare)).toEqual(auth);
  });
});
