import { schemaNode } from '@muster/contract';
import { LegacyDevice, ModifyDeviceRequest, RegisterDeviceRequest } from '@muster/contract/legacy';
import { Device } from '@muster/contract/v5';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shapeFault } from '../../../../../scripts/conformance/shape.ts';
import { asId, type DeviceId } from '../../../src/domain/ids.ts';
import { codeOf, type LegacyApi, startLegacyApi } from '../legacy/legacy-api.ts';
import { deviceArbitraries, namesOf, type Product, type Sent } from './device-arbitraries.ts';
import { type KnownDevice, legacyInfoOf, modified, type Refused, registered } from './device-model.ts';
import { loosely } from './loosely.ts';

type Json = Readonly<Record<string, unknown>>;

const runs = { numRuns: 80 };
const coins = fc.infiniteStream(fc.boolean()).map((stream) => () => stream.next().value === true);
const registrations = '/iocm/app/reg/v2.0.0/deviceCredentials';
const devices = '/iocm/app/dm/v1.4.0/devices';

const makers = [
  { manufacturerId: 'm1', manufacturerName: 'Acme', deviceType: 'press', model: 'P1', protocolType: 'MQTT' },
  { manufacturerId: 'm2', manufacturerName: 'Bolt', deviceType: 'lathe', model: 'L2', protocolType: 'CoAP' },
];

async function startWithProducts() {
  const api = await startLegacyApi();
  const products: Product[] = [];
  for (const traits of makers) {
    const { productId, name } = await api.given.product(api.scope, traits);
    products.push({ productId, name, traits });
  }
  const { groupId } = await api.given.group(api.scope);
  return { api, products, groupId };
}

async function answered({ client }: LegacyApi, method: string, path: string, body?: unknown): Promise<Json> {
  const { status, json, text } = await client.ask(method, path, body === undefined ? {} : { body });
  expect(status, text).toBeLessThan(300);
  return json as Json;
}

const sortedTags = (tags: unknown): unknown =>
  (tags as readonly { tag_key: string }[]).toSorted((one, other) => (one.tag_key < other.tag_key ? -1 : 1));

/** What is stored, and what each generation says of it. */
async function expectShown(api: LegacyApi, deviceId: string, known: KnownDevice): Promise<void> {
  const stored = await api.store.devices.find(api.scope.projectId, asId<DeviceId>(deviceId));
  expect(stored).toMatchObject({
    ...{ nodeId: known.nodeId, name: known.name, productId: known.product?.productId ?? 'unassigned' },
    auth: { authType: 'SECRET', secureAccess: known.secure, timeoutSeconds: known.timeout },
    legacy: known.kept,
  });

  const legacy = await answered(api, 'GET', `${devices}/${deviceId}?select=imsi`);
  expect(shapeFault(LegacyDevice, legacy)).toBeUndefined();
  expect(legacy).toMatchObject({ deviceId, gatewayId: deviceId, nodeType: 'GATEWAY', services: [] });
  expect(legacy['deviceInfo']).toEqual(legacyInfoOf(known));

  const v5 = (await api.ofProject('GET', `/devices/${deviceId}`)).json as Json;
  expect(shapeFault(Device, v5)).toBeUndefined();
  expect({ ...v5, tags: sortedTags(v5['tags']) }).toEqual({
    ...{ app_id: api.appId, app_name: v5['app_name'], device_id: deviceId, node_id: known.nodeId },
    ...{ gateway_id: deviceId, node_type: 'GATEWAY', status: 'INACTIVE', create_time: legacy['createTime'] },
    ...(known.name === undefined ? {} : { device_name: known.name }),
    ...{ product_id: known.product?.productId ?? 'unassigned', product_name: known.product?.name ?? 'unassigned' },
    tags: sortedTags(
      [...known.tags].map(([tag_key, tag_value]) => (tag_value === undefined ? { tag_key } : { tag_key, tag_value })),
    ),
    auth_info: {
      ...{ auth_type: 'SECRET', secret: stored?.auth.secret, secure_access: known.secure, timeout: known.timeout },
    },
  });
  await expectFound(api, deviceId, { known, legacy });
}

/** By what it was given; a query has no empty text, and two words for nothing. */
async function expectFound(
  api: LegacyApi,
  deviceId: string,
  { known, legacy }: { readonly known: KnownDevice; readonly legacy: Json },
): Promise<void> {
  const wanted = { name: known.name, location: known.kept.location, gatewayId: deviceId };
  const asked = Object.entries(wanted).filter(
    ([, value]) => value !== undefined && !['', 'null', 'None'].includes(value),
  );
  const query = asked.map(([name, value]) => `${name}=${encodeURIComponent(value ?? '')}`).join('&');
  const { devices: found } = await answered(api, 'GET', `${devices}?${query}&select=imsi`);
  expect(found).toEqual([legacy]);
}

/** The same code as the model has, or none. */
async function changed(api: LegacyApi, deviceId: string, { body, next }: { body: unknown; next: unknown }) {
  const answer = await api.client.ask('PUT', `${devices}/${deviceId}`, { body });
  expect(codeOf(answer), answer.text).toBe(next === 'no-product' ? '403 600002' : '204');
}

/** Undefined: refused, as it must be. */
async function register(api: LegacyApi, body: unknown, known: KnownDevice | Refused): Promise<Json | undefined> {
  const answer = await api.client.ask('POST', registrations, { body });
  expect(codeOf(answer), answer.text).toBe(known === 'no-product' ? '403 600002' : '200');
  return known === 'no-product' ? undefined : (answer.json as Json);
}

describe('A device that a legacy client registers', () => {
  it('is shown in both generations as it was sent, however loosely, and as it was changed', {
    timeout: 240_000,
  }, async () => {
    const { api, products, groupId } = await startWithProducts();
    const { registration, modification } = deviceArbitraries(products, groupId);
    const asked = fc.record({ sent: registration, changes: fc.array(modification, { maxLength: 3 }) });
    let devicesMade = 0;
    const property = fc.asyncProperty(asked, coins, async ({ sent, changes }, coin) => {
      const nodeId = `${sent.nodeId.slice(0, 200)}-${devicesMade++}`;
      const whole: Sent = { ...sent, nodeId };
      let known = registered(whole, products);
      const answer = await register(api, loosely(schemaNode(RegisterDeviceRequest), whole, coin), known);
      if (answer === undefined || known === 'no-product') return;
      const { deviceId, verifyCode } = answer as { deviceId: string; verifyCode: string };
      const { psk = null, timeout = 180 } = sent;
      expect(answer).toEqual({ deviceId, verifyCode, timeout, psk, secret: expect.any(String) as string });
      if (sent.verifyCode !== undefined) expect(verifyCode).toBe(sent.verifyCode);
      expect(await answered(api, 'GET', `${registrations.replace('v2.0.0', 'v1.1.0')}/${deviceId}`)).toEqual({
        ...{ deviceId, activated: false, name: known.name ?? null },
      });
      const members = await answered(api, 'GET', `/iocm/app/dm/v1.2.0/devices/ids?devGroupId=${groupId}`);
      expect(members['deviceIds']).toEqual(sent.groupId === undefined ? [] : [deviceId]);
      await expectShown(api, deviceId, known);
      for (const change of changes) {
        const next = modified(known, change, products);
        await changed(api, deviceId, { body: loosely(schemaNode(ModifyDeviceRequest), change, coin), next });
        if (next !== 'no-product') known = next;
        await expectShown(api, deviceId, known);
      }
      await answered(api, 'DELETE', `${devices}/${deviceId}`);
    });
    await fc.assert(property, runs);
  });
});

describe('A device that a v5 client creates', () => {
  it('is shown in both generations as it was sent, and as it was changed', { timeout: 240_000 }, async () => {
    const { api, products } = await startWithProducts();
    const { creation, update, modification } = deviceArbitraries(products, undefined);
    const asked = fc.record({ sent: creation, update, change: modification });
    let devicesMade = 0;
    const property = fc.asyncProperty(asked, async ({ sent, update: later, change }) => {
      const nodeId = `node-${devicesMade++}`;
      const { status, json, text } = await api.ofProject('POST', '/devices', { ...sent, node_id: nodeId });
      expect(status, text).toBe(201);
      const { device_id } = json as { device_id: string };
      const put = await api.ofProject('PUT', `/devices/${device_id}`, later);
      expect(put.status, put.text).toBe(200);
      const auth = { secure_access: true, timeout: 0, ...sent.auth_info, ...later.auth_info };
      const { auth_info: _created, ...plain } = sent;
      const { auth_info: _updated, ...rest } = later;
      const shown = (await api.ofProject('GET', `/devices/${device_id}`)).json as Json;
      expect(shapeFault(Device, shown)).toBeUndefined();
      expect(shown).toMatchObject({ node_id: nodeId, ...plain, ...rest });
      expect(shown['auth_info']).toMatchObject(auth);
      const legacy = await answered(api, 'GET', `${devices}/${device_id}`);
      const names = namesOf({ ...plain, ...rest });
      const traits = products.find(({ productId }) => productId === sent.product_id)?.traits;
      expect(legacy['deviceInfo']).toMatchObject({ nodeId, ...names, ...traits, isSecurity: flag(auth.secure_access) });

      // What v5 alone knows stays as it is when legacy changes the rest.
      const known: KnownDevice = {
        ...{ nodeId, name: names.name ?? undefined, secure: auth.secure_access, timeout: auth.timeout },
        ...{ product: products.find(({ productId }) => productId === sent.product_id), kept: {}, tags: new Map() },
      };
      const next = modified(known, change, products);
      await changed(api, device_id, { body: change, next });
      const after = next === 'no-product' ? known : next;
      const changedInfo = (await answered(api, 'GET', `${devices}/${device_id}?select=imsi`))['deviceInfo'];
      expect(changedInfo).toEqual({ ...legacyInfoOf(after), description: names.description });
      const again = (await api.ofProject('GET', `/devices/${device_id}`)).json as Json;
      expect(again['extension_info']).toEqual({ ...plain, ...rest }.extension_info);
      expect((await api.ofProject('DELETE', `/devices/${device_id}`)).status).toBe(204);
    });
    await fc.assert(property, runs);
  });
});

const flag = (value: boolean): string => (value ? 'TRUE' : 'FALSE');
