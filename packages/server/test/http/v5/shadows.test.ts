import { type DeviceShadow, endpoints } from '@muster/contract/v5';
import { describe, expect, it } from 'vitest';
import { roleAllows } from '../../../src/domain/account.ts';
import type { ServiceCapability } from '../../../src/domain/product.ts';
import { toBasicTime } from '../../../src/domain/time.ts';
import { motorAndLamp } from '../../builders/catalogue-builders.ts';
import { startWholeApi } from '../../support/whole-api.ts';

async function start(capabilities?: readonly ServiceCapability[]) {
  const api = await startWholeApi();
  const { given, scope, clock } = api;
  const product = await given.product(scope, { capabilities: capabilities ?? motorAndLamp });
  const { deviceId } = await given.device(scope, { product });
  const path = `/devices/${deviceId}/shadow`;
  const put = (shadow: unknown, of = path) => api.ofProject('PUT', of, { shadow });
  const get = async (of = path) => (await api.ofProject('GET', of)).json as DeviceShadow;
  return { ...api, product, deviceId, path, put, get, now: () => toBasicTime(clock.now()) };
}

const error = (code: string) => ({ error_code: `IOTDA.${code}` });

describe('the shadow of a device over HTTP', () => {
  it('takes desired values, counts versions and gives back all of it', async () => {
    const { put, get, deviceId, now } = await start();
    const first = await put([{ service_id: 'Motor', desired: { speed: 3, mode: { a: [1, null] } } }]);
    expect(first.status).toBe(200);
    expect(first.json).toEqual({
      device_id: deviceId,
      shadow: [
        {
          service_id: 'Motor',
          desired: { properties: { speed: 3, mode: { a: [1, null] } }, event_time: now() },
          reported: { properties: {} },
          version: 1,
        },
      ],
    });
    await put([
      { service_id: 'Motor', desired: { speed: 4, mode: null }, version: 1 },
      { service_id: 'Lamp', desired: { on: true }, version: 0 },
    ]);
    const shadow = await get();
    expect(shadow.shadow.map(({ service_id, desired, version }) => [service_id, desired?.properties, version])).toEqual(
      [
        ['Lamp', { on: true }, 1],
        ['Motor', { speed: 4 }, 2],
      ],
    );
  });

  it('replaces values whole: only one level is merged', async () => {
    const { put, get } = await start();
    await put([{ service_id: 'Motor', desired: { speed: 1, mode: { a: 1, b: 2 } } }]);
    await put([{ service_id: 'Motor', desired: { mode: { c: 3 } } }]);
    expect((await get()).shadow[0]?.desired?.properties).toEqual({ speed: 1, mode: { c: 3 } });
  });

  it('clears one key with null, a service with {}, and everything with DELETE', async () => {
    const { put, get, path, ofProject, store, deviceId } = await start();
    await put([{ service_id: 'Motor', desired: { speed: 1, mode: 'm' } }]);
    await store.devices.reportProperties([{ deviceId, serviceId: 'Motor', properties: { speed: 9 }, at: 1 }]);
    await put([{ service_id: 'Motor', desired: { mode: null } }]);
    expect((await get()).shadow[0]?.desired?.properties).toEqual({ speed: 1 });
    await put([{ service_id: 'Motor', desired: {} }]);
    expect((await get()).shadow).toMatchObject([
      { desired: { properties: {} }, reported: { properties: { speed: 9 } }, version: 3 },
    ]);
    const cleared = await ofProject('DELETE', path);
    expect([cleared.status, cleared.text]).toEqual([204, '']);
    expect((await get()).shadow).toEqual([]);
    await put([{ service_id: 'Motor', desired: { speed: 1 }, version: 0 }]);
    expect((await get()).shadow[0]?.version).toBe(1);
  });

  it('refuses another version than the stored one with 014133, and changes nothing', async () => {
    const { put, get } = await start();
    await put([{ service_id: 'Motor', desired: { speed: 1 } }]);
    for (const version of [0, 2, -1]) {
      const refused = await put([
        { service_id: 'Lamp', desired: { on: true } },
        { service_id: 'Motor', desired: { speed: 2 }, version },
      ]);
      expect(refused.status).toBe(400);
      expect(refused.json).toMatchObject(error('014133'));
    }
    expect((await get()).shadow).toMatchObject([
      { service_id: 'Motor', desired: { properties: { speed: 1 } }, version: 1 },
    ]);
  });

  it('counts no report as a version', async () => {
    const { put, store, deviceId } = await start();
    await store.devices.reportProperties([{ deviceId, serviceId: 'Motor', properties: { speed: 1 }, at: 1 }]);
    expect((await put([{ service_id: 'Motor', desired: { speed: 2 }, version: 0 }])).status).toBe(200);
  });

  it('refuses what the model lacks or devices do not let themselves be told with 013002', async () => {
    const { put, get } = await start();
    const wrong = [
      { service_id: 'Nothing', desired: { speed: 1 } },
      { service_id: 'Motor', desired: { unknown: 1 } },
      { service_id: 'Motor', desired: { temperature: 1 } },
      { service_id: 'Motor', desired: { speed: 1, temperature: 1 } },
    ];
    for (const entry of wrong) {
      const refused = await put([entry]);
      expect(refused.status).toBe(400);
      expect(refused.json).toMatchObject(error('013002'));
    }
    expect((await get()).shadow).toEqual([]);
  });

  it('clears what a changed model has left behind', async () => {
    const { put, get, store, product } = await start();
    await put([{ service_id: 'Motor', desired: { speed: 1, mode: 'm' } }]);
    await store.products.update(product, { capabilities: [] });
    expect((await put([{ service_id: 'Motor', desired: { speed: null } }])).status).toBe(200);
    expect((await get()).shadow[0]?.desired?.properties).toEqual({ mode: 'm' });
    expect((await put([{ service_id: 'Motor', desired: {} }])).status).toBe(200);
    expect((await get()).shadow[0]?.desired?.properties).toEqual({});
  });

  it.each([
    ['no shadow', {}, 'shadow'],
    ['an empty list', { shadow: [] }, 'shadow'],
    ['an entry without service', { shadow: [{ desired: {} }] }, 'shadow[0].service_id'],
    ['an empty service id', { shadow: [{ service_id: '', desired: {} }] }, 'shadow[0].service_id'],
    [
      'a service id of 65 characters',
      { shadow: [{ service_id: 'x'.repeat(65), desired: {} }] },
      'shadow[0].service_id',
    ],
    ['no desired values', { shadow: [{ service_id: 'Motor' }] }, 'shadow[0].desired'],
    ['null for all', { shadow: [{ service_id: 'Motor', desired: null }] }, 'shadow[0].desired'],
    ['a list of values', { shadow: [{ service_id: 'Motor', desired: [1] }] }, 'shadow[0].desired'],
    ['half a version', { shadow: [{ service_id: 'Motor', desired: {}, version: 0.5 }] }, 'shadow[0].version'],
    ['a key with a dot', { shadow: [{ service_id: 'Motor', desired: { 'a.b': 1 } }] }, 'shadow[0].desired'],
    ['a key with $', { shadow: [{ service_id: 'Motor', desired: { $a: 1 } }] }, 'shadow[0].desired'],
    ['a key with NUL', { shadow: [{ service_id: 'Motor', desired: { 'a\0': 1 } }] }, 'shadow[0].desired'],
    [
      'an inner key with a dot',
      { shadow: [{ service_id: 'Motor', desired: { mode: [{ 'a.b': 1 }] } }] },
      'shadow[0].desired',
    ],
    [
      'a service twice',
      {
        shadow: [
          { service_id: 'Motor', desired: {} },
          { service_id: 'Motor', desired: {} },
        ],
      },
      'shadow[1].service_id',
    ],
  ])('refuses %s with 000006, naming the field', async (_what, body, field) => {
    const { ofProject, path, get } = await start();
    const refused = await ofProject('PUT', path, body);
    expect(refused.status).toBe(400);
    expect(refused.json).toMatchObject({ ...error('000006'), error_msg: expect.stringContaining(field) });
    expect((await get()).shadow).toEqual([]);
  });

  it('refuses more than a service of a shadow may hold with 014134', async () => {
    const { put, get } = await start();
    const half = 'x'.repeat(140_000);
    await put([{ service_id: 'Motor', desired: { mode: half } }]);
    const refused = await put([
      { service_id: 'Lamp', desired: { on: true } },
      { service_id: 'Motor', desired: { speed: half } },
    ]);
    expect(refused.status).toBe(400);
    expect(refused.json).toMatchObject(error('014134'));
    expect((await get()).shadow).toMatchObject([{ service_id: 'Motor', version: 1 }]);
  });

  it('answers 404 014000 for a device that does not exist or is another project’s', async () => {
    const { ofProject, given } = await start();
    const foreign = await given.device(await given.scope(), {});
    for (const deviceId of ['nobody', foreign.deviceId]) {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const body = method === 'PUT' ? { shadow: [{ service_id: 'Motor', desired: {} }] } : undefined;
        const refused = await ofProject(method, `/devices/${deviceId}/shadow`, body);
        expect([method, refused.status, refused.json]).toEqual([method, 404, expect.objectContaining(error('014000'))]);
      }
    }
  });

  it('needs the permission of each call: a viewer only reads', () => {
    const permissions = endpoints
      .filter(({ path }) => path.endsWith('/shadow'))
      .map(({ method, permission }) => [method, permission]);
    expect(permissions).toEqual([
      ['GET', 'iotda:shadows:query'],
      ['PUT', 'iotda:shadows:update'],
      ['DELETE', 'iotda:shadows:delete'],
    ]);
    expect(permissions.map(([, permission]) => roleAllows('viewer', permission ?? ''))).toEqual([true, false, false]);
  });

  it('lets one of two writers win that expect the same version', async () => {
    const { put, get } = await start();
    const writes = [1, 2, 3, 4].map((speed) => put([{ service_id: 'Motor', desired: { speed }, version: 0 }]));
    const statuses = (await Promise.all(writes)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 400, 400, 400]);
    expect((await get()).shadow[0]?.version).toBe(1);
  });
});
