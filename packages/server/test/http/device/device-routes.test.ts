import { describe, expect, it, onTestFinished } from 'vitest';
import type { Device } from '../../../src/domain/device.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { addDeviceRoutes } from '../../../src/http/device/device-routes.ts';
import type { DeviceMessage } from '../../../src/services/device-side/device-messages.ts';
import { createDeviceHttpAccess } from '../../../src/services/device-side/http/device-http-access.ts';
import { createAuthBackoff } from '../../../src/services/device-side/sign-in/auth-backoff.ts';
import { devicePassword } from '../../../src/services/device-side/sign-in/device-password.ts';
import { createRealRandom } from '../../../src/system/real-random.ts';
import { createGiven, type DeviceWish } from '../../builders/given.ts';
import { startApiServer } from '../../support/api-server.ts';
import { call, type HttpAnswer } from '../../support/http-client.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { openTestStore } from '../../support/test-store.ts';

const timestamp = '2025041401';
const tokenLifeMs = 86_400_000;

interface Account {
  readonly deviceId: string;
  readonly auth: Device['auth'];
}

async function start() {
  const clock = createManualClock();
  const store = await openTestStore();
  const messages: DeviceMessage[] = [];
  const access = createDeviceHttpAccess({
    store,
    clock,
    random: createRealRandom(() => clock.now()),
    backoff: createAuthBackoff({ clock, authFailuresPerMinute: 10, authBackoffSeconds: 60, authBackoffKeysMax: 100 }),
    messages: { onMessage: (message) => Promise.resolve(void messages.push(message)) },
    reported: { onReported: () => undefined },
    settings: { tokenLifeMs, tokenRenewalMs: 30_000, callsPerSecond: 50, clockToleranceHours: 1 },
  });
  const server = await startApiServer({ store, clock, addRoutes: (app) => addDeviceRoutes(app, access) });
  onTestFinished(async () => {
    await server.stop();
    await store.stop();
  });
  const given = createGiven(store);
  const scope = await given.scope();
  const post = (path: string, body: unknown, token?: string): Promise<HttpAnswer> =>
    call(server.port, {
      method: 'POST',
      path,
      headers: { 'Content-Type': 'application/json', ...(token !== undefined && { access_token: token }) },
      body: Buffer.isBuffer(body) ? body : JSON.stringify(body),
    });
  const signIn = ({ deviceId, auth }: Account, over: JsonObject = {}): Promise<HttpAnswer> => {
    const secret = auth.authType === 'SECRET' ? (auth.secret ?? '') : '';
    const password = devicePassword(secret, timestamp);
    return post('/v5/device-auth', { device_id: deviceId, sign_type: 0, timestamp, password, ...over });
  };
  return {
    clock,
    store,
    access,
    messages,
    given,
    scope,
    post,
    signIn,
    device: (wish: DeviceWish = {}): Promise<Device> => given.device(scope, wish),
    tokenOf: async (device: Account): Promise<string> => {
      const { json } = await signIn(device);
      return (json as { access_token: string }).access_token;
    },
    report: ({ deviceId }: Account, token: string | undefined, body: unknown = oneProperty(25)) =>
      post(`/v5/devices/${deviceId}/sys/properties/report`, body, token),
    reportChildren: ({ deviceId }: Account, token: string, devices: readonly unknown[]) =>
      post(`/v5/devices/${deviceId}/sys/gateway/sub-devices/properties/report`, { devices }, token),
  };
}

const oneProperty = (temperature: number) => ({
  services: [{ service_id: 'Anything', properties: { temperature }, event_time: null }],
});

const errorOf = ({ status, json }: HttpAnswer) => [status, (json as { error_code: string }).error_code];

describe('a device over HTTP', () => {
  it('that has a certificate signs in nowhere but over MQTT, whatever its password', async () => {
    const { device, signIn } = await start();
    const auth = { authType: 'CERTIFICATES', secureAccess: false, timeoutSeconds: 0 } as const;
    const wishes = [auth, { ...auth, fingerprint: 'a'.repeat(40) }, { ...auth, secret: '12345678' }];
    for (const wish of wishes) {
      const { deviceId } = await device({ auth: wish });
      const answer = await signIn({ deviceId, auth: { ...auth, authType: 'SECRET', secret: '12345678' } });
      expect(errorOf(answer)).toEqual([401, 'IOTDA.000002']);
    }
  });

  it('[device 64] signs in and reports, which changes its shadow, and activates it without an ONLINE', async () => {
    const { device, signIn, report, store, scope } = await start();
    const stored = await device();
    const answer = await signIn(stored);
    expect(answer.status).toBe(200);
    const { access_token: token, expires_in: expiresIn } = answer.json as { access_token: string; expires_in: number };
    expect(expiresIn).toBe(86_399);
    expect(token).toMatch(/^[\w-]{32,256}$/);
    const reported = await report(stored, token);
    expect([reported.status, reported.text]).toEqual([200, '']);
    expect(await store.devices.getShadow(stored.deviceId)).toMatchObject([{ reported: { temperature: 25 } }]);
    const active = await store.devices.find(scope.projectId, stored.deviceId);
    expect(active).toMatchObject({ connectivity: 'OFFLINE', activeAt: expect.any(Number) });
    await signIn(stored);
    expect((await store.devices.find(scope.projectId, stored.deviceId))?.activeAt).toBe(active?.activeAt);
  });

  it('[device 64] is refused with a bad token, and with the token of another device', async () => {
    const { device, tokenOf, report } = await start();
    const [one, other] = [await device(), await device()];
    const refused = [403, 'IOTDA.000004'];
    expect(errorOf(await report(one, undefined))).toEqual(refused);
    expect(errorOf(await report(one, 'x'.repeat(43)))).toEqual(refused);
    expect(errorOf(await report(one, await tokenOf(other)))).toEqual(refused);
  });

  it('[device 64] keeps its old token for 30 s after a new one, and the new one for a day', async () => {
    const { device, tokenOf, report, clock } = await start();
    const stored = await device();
    const first = await tokenOf(stored);
    const second = await tokenOf(stored);
    await clock.advance(29_999);
    expect([(await report(stored, first)).status, (await report(stored, second)).status]).toEqual([200, 200]);
    await clock.advance(1);
    expect([(await report(stored, first)).status, (await report(stored, second)).status]).toEqual([403, 200]);
    await clock.advance(tokenLifeMs - 30_001);
    expect((await report(stored, second)).status).toBe(200);
    await clock.advance(1);
    expect((await report(stored, second)).status).toBe(403);
  });

  it('[device 64] reports at most 50 children at once, all of them its own', async () => {
    const { device, tokenOf, reportChildren, store } = await start();
    const gateway = await device();
    const child = await device({ parent: gateway });
    const stranger = await device();
    const token = await tokenOf(gateway);
    const entry = ({ deviceId }: Account) => ({ device_id: deviceId, ...oneProperty(7) });
    const many = (count: number) => Array.from({ length: count }, () => entry(child));
    expect(errorOf(await reportChildren(gateway, token, many(51)))).toEqual([400, 'IOTDA.021103']);
    for (const foreign of [stranger, gateway]) {
      const answer = await reportChildren(gateway, token, [entry(child), entry(foreign)]);
      expect(errorOf(answer)).toEqual([400, 'IOTDA.021104']);
    }
    expect(await store.devices.getShadow(child.deviceId)).toEqual([]);
    expect((await reportChildren(gateway, token, many(50))).status).toBe(200);
    expect(await store.devices.getShadow(child.deviceId)).toMatchObject([{ reported: { temperature: 7 } }]);
  });

  it('sends messages for itself and its children', async () => {
    const { device, tokenOf, post, messages } = await start();
    const gateway = await device();
    const child = await device({ parent: gateway });
    const path = `/v5/devices/${gateway.deviceId}/sys/messages/up`;
    const token = await tokenOf(gateway);
    expect((await post(path, { object_device_id: child.deviceId, content: 'hello' }, token)).status).toBe(200);
    expect((await post(path, Buffer.from([1, 2, 3]), token)).status).toBe(200);
    expect(messages).toMatchObject([
      { deviceId: child.deviceId, content: { kind: 'standard', content: 'hello' } },
      { deviceId: gateway.deviceId, content: { kind: 'raw', bytes: Buffer.from([1, 2, 3]) } },
    ]);
    const foreign = await post(path, { object_device_id: 'nobody', content: 'x' }, token);
    expect(errorOf(foreign)).toEqual([400, 'IOTDA.021104']);
  });

  it('is refused alike with wrong credentials, frozen, as a child, and where it needs TLS', async () => {
    const { device, signIn } = await start();
    const parent = await device();
    const needsTls = await device();
    const { auth } = needsTls;
    const answers = [
      await signIn({ deviceId: 'nobody', auth }),
      await signIn(parent, { password: 'f'.repeat(64) }),
      await signIn(parent, { sign_type: 1 }),
      await signIn(await device({ frozen: true })),
      await signIn(await device({ parent })),
      await signIn(await device({ auth: { ...auth, secureAccess: true } })),
    ];
    for (const answer of answers) expect(errorOf(answer)).toEqual([401, 'IOTDA.000002']);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  it.each([
    ['no JSON', Buffer.from('{')],
    ['a list', []],
    ['no device', { sign_type: 0, timestamp, password: 'x' }],
    ['another sign type', { device_id: 'a', sign_type: 2, timestamp, password: 'x' }],
    ['a short timestamp', { device_id: 'a', sign_type: 0, timestamp: '123', password: 'x' }],
    ['no password', { device_id: 'a', sign_type: 0, timestamp }],
  ])('gets 000006 for a sign-in that is %s', async (_what, body) => {
    const { post } = await start();
    expect(errorOf(await post('/v5/device-auth', body))).toEqual([400, 'IOTDA.000006']);
  });

  it('is held off after ten wrong passwords', async () => {
    const { device, signIn } = await start();
    const stored = await device();
    for (let count = 0; count < 10; count += 1) await signIn(stored, { password: 'wrong' });
    expect(errorOf(await signIn(stored))).toEqual([403, 'IOTDA.021101']);
  });

  it('gets 000006 for a bad report, 021105 for one above 1 MB and 021101 above 50 calls in a second', async () => {
    const { device, tokenOf, report, clock } = await start();
    const stored = await device();
    const token = await tokenOf(stored);
    expect(errorOf(await report(stored, token, { services: [{}] }))).toEqual([400, 'IOTDA.000006']);
    expect(errorOf(await report(stored, token, Buffer.alloc(1_048_577, 32)))).toEqual([403, 'IOTDA.021105']);
    for (let count = 2; count < 50; count += 1) expect((await report(stored, token)).status).toBe(200);
    expect(errorOf(await report(stored, token))).toEqual([403, 'IOTDA.021101']);
    await clock.advance(20);
    expect((await report(stored, token)).status).toBe(200);
  });

  it('loses its tokens when it is frozen, deleted or closed, for good', async () => {
    const { device, tokenOf, report, store, scope, access } = await start();
    const [frozen, deleted, closed] = [await device(), await device(), await device()];
    const tokens = await Promise.all([tokenOf(frozen), tokenOf(deleted), tokenOf(closed)]);
    const freeze = { kind: 'freezeDevice', deviceId: frozen.deviceId } as const;
    const { closed: named } = await store.effects.apply(scope.projectId, [freeze]);
    expect(named).toEqual([frozen.deviceId]);
    expect((await report(frozen, tokens[0])).status).toBe(403);
    await store.effects.apply(scope.projectId, [{ kind: 'unfreezeDevice', deviceId: frozen.deviceId }]);
    await store.devices.delete(scope.projectId, deleted.deviceId, 0);
    access.revoke([closed.deviceId]);
    for (const [index, stored] of [frozen, deleted, closed].entries()) {
      expect(errorOf(await report(stored, tokens[index]))).toEqual([403, 'IOTDA.000004']);
    }
  });
});
