import { describe, expect, it } from 'vitest';
import { builtAt } from '../../builders/chance.ts';
import { motorAndLamp } from '../../builders/catalogue-builders.ts';
import {
  type Members,
  type Shown,
  capabilities,
  devices,
  listed,
  pump,
  register,
  registerV2,
  registered,
  shadows,
  shown,
} from './device-calls.ts';
import { codeOf, startLegacyApi } from './legacy-api.ts';

describe('Devices', () => {
  it('are registered without a product, shown, given one, and deleted [legacy 41]', async () => {
    const api = await startLegacyApi();
    const { client, given, scope, store } = api;
    const product = await given.product(scope, { ...pump, capabilities: motorAndLamp });
    const made = await registered(api, { nodeId: 'IMEI 1/ü', verifyCode: 'Code', timeout: '60', psk: null });
    expect(made).toEqual({
      ...{ deviceId: expect.stringMatching(/^[0-9a-f-]{36}$/), verifyCode: 'Code', timeout: 60, psk: null },
      secret: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    const { deviceId } = made;
    expect((await store.devices.find(scope.projectId, deviceId))?.auth).toMatchObject({
      ...{ secret: made['secret'], secureAccess: false, timeoutSeconds: 60 },
    });
    for (const path of [register, registerV2]) {
      expect(codeOf(await client.ask('POST', path, { body: { nodeId: 'IMEI 1/ü' } }))).toBe('400 100426');
    }
    const time = expect.stringMatching(/^\d{8}T\d{6}Z$/);
    const nothing = {
      ...{ mac: null, hwVersion: null, bridgeId: null, signalStrength: null, sigVersion: null, serialNumber: null },
      ...{ batteryLevel: null, license: null, endUser: null, account: null, region: null, organization: null },
      ...{ timezone: null, ip: null, dataAgingTime: null, customFields: [] },
    };
    const unknown = {
      ...{ deviceId, gatewayId: deviceId, nodeType: 'GATEWAY', createTime: time, lastModifiedTime: time, services: [] },
      deviceInfo: {
        ...{ nodeId: 'IMEI 1/ü', name: null, description: null, location: null, swVersion: null, fwVersion: null },
        ...{ manufacturerId: null, manufacturerName: null, deviceType: null, model: null, protocolType: null },
        ...{ status: 'INACTIVE', statusDetail: 'NOT_ACTIVE', mute: 'FALSE' },
        ...{ supportedSecurity: 'TRUE', isSecurity: 'FALSE', ...nothing },
      },
    };
    expect(await shown(api, deviceId)).toEqual(unknown);
    const activation = async () => (await client.ask('GET', `${register}/${deviceId}`)).json;
    expect(await activation()).toEqual({ deviceId, activated: false, name: null });

    const changes = {
      name: 'north',
      location: 'hall',
      mute: 'TRUE',
      isSecure: 'TRUE',
      region: 'r',
      endUser: null,
      imsi: '46',
    };
    const modified = await client.ask('PUT', `${devices}/${deviceId}`, { body: { ...changes, ...pump } });
    expect([modified.status, modified.text]).toEqual([204, '']);
    await given.connect(deviceId);
    await store.devices.reportProperties([
      { deviceId, serviceId: 'Motor', properties: { mode: 2 }, at: builtAt },
      { deviceId, serviceId: 'Other', properties: { x: 1 }, at: builtAt },
    ]);
    const service = { eventTime: time, serviceInfo: { muteCmds: [] } };
    expect(await shown(api, deviceId, '?select=imsi')).toEqual({
      ...unknown,
      deviceInfo: {
        ...unknown.deviceInfo,
        ...{ ...pump, name: 'north', location: 'hall', mute: 'TRUE', isSecurity: 'TRUE', region: 'r', imsi: '46' },
        ...{ status: 'ONLINE', statusDetail: 'NONE' },
      },
      services: [
        { serviceId: 'Motor', serviceType: motorAndLamp[0]?.service_type, data: { mode: 2 }, ...service },
        { serviceId: 'Other', serviceType: 'Other', data: { x: 1 }, ...service },
      ],
    });
    expect((await store.devices.find(scope.projectId, deviceId))?.productId).toBe(product.productId);
    expect(await activation()).toEqual({ deviceId, activated: true, name: 'north' });
    expect(codeOf(await client.ask('POST', register, { body: { nodeId: 'IMEI 1/ü' } }))).toBe('400 100416');
    const gone = await client.ask('DELETE', `${devices}/${deviceId}`);
    expect([gone.status, gone.text]).toEqual([204, '']);
    expect(codeOf(await client.ask('DELETE', `${devices}/${deviceId}`))).toBe('404 100403');
    expect(api.errors).toEqual([]);
  });

  it('are registered in a product, by its id or its traits, with group, tags and all that is known of them', async () => {
    const api = await startLegacyApi();
    const { given, scope, store, client } = api;
    const product = await given.product(scope, { ...pump, productId: 'pumps' as never });
    const other = await given.product(scope, { ...pump, model: 'P-8' });
    const group = await given.group(scope);
    const first = await registered(api, {
      ...{ nodeId: 'n-1', productId: 'pumps', deviceName: 'first', groupId: group.groupId, isSecure: true, psk: 'ab' },
      ...{ endUserId: 'eve', imsi: 46001, account: 'a', location: 'hall', deviceInfo: { name: 'second', model: 'x' } },
      tags: [{ tagName: 'site', tagValue: 'north', tagType: 'x' }, { tagName: 'line' }],
      customFields: [{ fieldName: 'f', fieldType: 'string', fieldValue: 7 }],
    });
    expect(first).toMatchObject({ deviceId: 'pumps_n-1', psk: 'ab', timeout: 180 });
    expect(first['verifyCode']).toMatch(/^[0-9a-f]{16}$/);
    expect(await store.devices.find(scope.projectId, first.deviceId)).toMatchObject({
      ...{ productId: product.productId, name: 'first' },
      auth: { secureAccess: true, timeoutSeconds: 180 },
      tags: [
        { key: 'line', value: undefined },
        { key: 'site', value: 'north' },
      ],
      legacy: { endUser: 'eve', imsi: '46001', account: 'a', location: 'hall', verifyCode: first['verifyCode'] },
    });
    expect((await shown(api, first.deviceId)).deviceInfo).toMatchObject({
      ...{ endUser: 'eve', account: 'a', customFields: [{ fieldName: 'f', fieldType: 'string', fieldValue: '7' }] },
    });
    expect((await store.groups.find(scope.projectId, group.groupId))?.deviceCount).toBe(1);
    const { deviceId } = await registered(
      api,
      { nodeId: 'n-2', deviceInfo: { ...pump, model: 'P-8', name: 'named' } },
      registerV2,
    );
    expect(deviceId).toBe(`${other.productId}_n-2`);
    expect((await shown(api, deviceId)).deviceInfo).toMatchObject({ name: 'named', model: 'P-8' });
    // A name that v5 would not take for an id.
    expect((await registered(api, { nodeId: 'n/3', productId: 'pumps' })).deviceId).toMatch(/^[0-9a-f-]{36}$/);
    // Somebody else's device has the id.
    const foreign = await given.scope();
    await given.product(foreign, { productId: 'pumps' as never });
    await given.device(foreign, { product: { ...product, ...foreign }, nodeId: 'n-4', deviceId: 'pumps_n-4' as never });
    expect((await registered(api, { nodeId: 'n-4', productId: 'pumps' })).deviceId).toMatch(/^[0-9a-f-]{36}$/);
    // Twenty at once are one.
    const bodies = Array.from({ length: 20 }, () => ({ nodeId: 'twenty' }));
    const answers = await Promise.all(bodies.map((body) => client.ask('POST', register, { body })));
    expect(answers.map(codeOf).toSorted()).toEqual(['200', ...Array.from({ length: 19 }, () => '400 100426')]);
  });

  it('say bit by bit which product they are of, and stay where they are called as before', async () => {
    const api = await startLegacyApi();
    const { client, given, scope, store } = api;
    const put = async (deviceId: string, body: object) =>
      codeOf(await client.ask('PUT', `${devices}/${deviceId}`, { body }));
    const { deviceId } = await registered(api, {
      ...{ nodeId: 'a', deviceInfo: { manufacturerId: 'acme', deviceType: 'Pump' } },
    });
    expect((await shown(api, deviceId)).deviceInfo).toMatchObject({
      manufacturerId: 'acme',
      deviceType: 'Pump',
      model: null,
    });
    expect(await put(deviceId, { protocolType: 'MQTT', manufacturerName: 'Acme' })).toBe('204');
    expect((await shown(api, deviceId)).deviceInfo).toMatchObject({ ...pump, model: null });
    expect(await put(deviceId, { model: 'P-7' })).toBe('403 600002');
    const older = await given.product(scope, pump);
    const own = await given.product(scope, pump);
    const productOf = async () => (await store.devices.find(scope.projectId, deviceId))?.productId;
    expect(await put(deviceId, { model: 'P-7' })).toBe('204');
    expect(await productOf()).toBe(older.productId);
    expect(await put(deviceId, { productId: own.productId })).toBe('204');
    expect(await put(deviceId, { ...pump, name: 'same' })).toBe('204');
    expect(await productOf()).toBe(own.productId);
    expect(await put(deviceId, { model: 'P-9' })).toBe('403 600002');
    expect(await put(deviceId, { productId: 'nothing' })).toBe('403 600002');
    await given.device(scope, { product: older, nodeId: 'a' });
    expect(await put(deviceId, { productId: older.productId })).toBe('400 100426');
    expect(await productOf()).toBe(own.productId);
    expect((await shown(api, deviceId)).deviceInfo).toMatchObject({ ...pump, name: 'same' });
  });

  it('get a new code and a new secret while they are active and away', async () => {
    const api = await startLegacyApi();
    const { client, scope, store, given } = api;
    const { deviceId, ...made } = await registered(api, { nodeId: 'a' });
    const refresh = (path: string, body: object = {}) => client.ask('PUT', `${path}/${deviceId}`, { body });
    const secretOf = async () => (await store.devices.find(scope.projectId, deviceId))?.auth.secret;
    expect(codeOf(await refresh(register))).toBe('400 100610');
    const session = await given.connect(deviceId);
    expect(codeOf(await refresh(registerV2))).toBe('400 100611');
    await store.sessions.detach(deviceId, session, builtAt);
    await store.sessions.settleOffline(builtAt + 1, 10);
    const again = await refresh(register, { verifyCode: 'new', timeout: 0, nodeId: 'a' });
    expect([again.status, again.json]).toEqual([200, { verifyCode: 'new', timeout: 0 }]);
    expect(await secretOf()).toBe(made['secret']);
    const renewed = (await refresh(registerV2)).json as Members;
    expect(renewed).toEqual({
      ...{ verifyCode: expect.stringMatching(/^[0-9a-f]{16}$/), timeout: 180, secret: await secretOf() },
    });
    expect(renewed['secret']).not.toBe(made['secret']);
    expect(codeOf(await refresh(register, { nodeId: 'b' }))).toBe('400 100022');
    const certified = await given.device(scope, {
      ...{ auth: { authType: 'CERTIFICATES', secureAccess: true, timeoutSeconds: 0 }, online: true },
    });
    await store.sessions.detachNode('node-1', builtAt);
    await store.sessions.settleOffline(builtAt + 1, 10);
    const { json } = await client.ask('PUT', `${registerV2}/${certified.deviceId}`);
    expect(json).toMatchObject({ secret: null });
  });
});

describe('Lists of devices', () => {
  it('need a gateway or a page [legacy 42], and say what is wrong with a filter', async () => {
    const { client } = await startLegacyApi();
    const cases = [
      ['', '400 100218'],
      ['?name=x&gatewayId=null', '400 100218'],
      ['?pageNo=-1', '400 100405'],
      ['?pageNo=x', '400 100405'],
      ['?pageNo=0&pageSize=251', '400 100405'],
      ['?gatewayId=x&pageSize=0', '400 100405'],
      ['?pageNo=0&status=AWAY', '400 100405'],
      ['?pageNo=0&nodeType=x', '400 100405'],
      ['?pageNo=0&sort=UP', '400 100405'],
      ['?pageNo=0&startTime=2026', '400 100405'],
      ['?pageNo=0&startTime=20260230T000000Z', '400 100405'],
      ['?pageNo=0&startTime=20260102T000000Z&endTime=20260101T000000Z', '400 100405'],
      ['?pageNo=0&select=x&nothing=y', '200'],
    ] as const;
    for (const [query, code] of cases) {
      expect([query, codeOf(await client.ask('GET', `${devices}${query}`))]).toEqual([query, code]);
    }
  });

  it('are found by every filter, in either order, page by page, by every version', async () => {
    const api = await startLegacyApi();
    const { client, given, scope, store } = api;
    const pumps = await given.product(scope, pump);
    const lamps = await given.product(scope, { deviceType: 'Lamp' });
    const at = (day: number) => Date.UTC(2026, 1, day);
    const gateway = await given.device(scope, { product: pumps, name: 'gate', createdAt: at(1), online: true });
    const child = await given.device(scope, {
      product: lamps,
      parent: gateway,
      createdAt: at(2),
      legacy: { location: 'hall' },
    });
    const frozen = await given.device(scope, { product: lamps, frozen: true, createdAt: at(3) + 500 });
    const last = await given.device(scope, {
      product: lamps,
      createdAt: at(4),
      legacy: { location: 'hall' },
      name: 'last',
    });
    await given.device(
      { ...scope, appId: (await given.app(scope)).appId },
      { name: 'gate', legacy: { location: 'hall' } },
    );
    await given.device(await given.scope(), { name: 'gate', legacy: { location: 'hall' } });
    const all = [gateway, child, frozen, last].map(({ deviceId }) => deviceId);
    const [g, c, f, l] = all;
    const cases: readonly (readonly [string, readonly unknown[]])[] = [
      ['', [l, f, c, g]],
      ['&sort=asc', [g, c, f, l]],
      [`&gatewayId=${String(g)}`, [c, g]],
      ['&gatewayId=nobody', []],
      ['&nodeType=endpoint', [c]],
      ['&nodeType=GATEWAY', [l, f, g]],
      ['&nodeType=UNKNOW', []],
      ['&deviceType=Lamp', [l, f, c]],
      ['&deviceType=lamp', []],
      ['&status=offline', [f]],
      ['&status=ONLINE', [g]],
      ['&status=INACTIVE', [l, c]],
      ['&location=hall', [l, c]],
      ['&location=hall&deviceType=Pump', []],
      ['&name=gate', [g]],
      ['&startTime=20260202T000000Z&endTime=20260203T000000Z', [f, c]],
      ['&startTime=20260203T000001Z', [l]],
    ];
    for (const [query, ids] of cases) {
      expect([query, await listed(api, `pageNo=0${query}`)]).toEqual([
        ...[query, { totalCount: ids.length, pageNo: 0, pageSize: 25, ids }],
      ]);
    }
    expect(await listed(api, 'pageNo=1&pageSize=3')).toEqual({ totalCount: 4, pageNo: 1, pageSize: 3, ids: [g] });
    expect(await listed(api, 'pageNo=1&pageSize=3&sort=ASC')).toMatchObject({ ids: [l] });
    expect(await listed(api, 'pageNo=7')).toMatchObject({ totalCount: 4, ids: [] });
    for (const version of ['v1.1.0', 'v1.2.0', 'v1.3.0']) {
      const path = `/iocm/app/dm/${version}/devices`;
      expect((await client.ask('GET', `${path}?pageNo=0`)).json).toMatchObject({ totalCount: 4 });
      expect((await client.ask('GET', `${path}/${String(l)}`)).json).toEqual(await shown(api, String(l)));
    }
    expect((await shown(api, String(f))).deviceInfo).toMatchObject({ status: 'OFFLINE', statusDetail: 'NOT_ACTIVE' });
    expect(await shown(api, String(c))).toMatchObject({ gatewayId: g, nodeType: 'ENDPOINT' });
    expect(await store.devices.find(scope.projectId, child.deviceId)).toBeDefined();
  });

  it('of a gateway are whole, and come with the shadow of each', async () => {
    const api = await startLegacyApi({ MUSTER_LEGACY_UNPAGED_ROWS_MAX: '250' });
    const { given, scope, store, client } = api;
    const product = await given.product(scope);
    const gateway = await given.device(scope, { product });
    const ids = [gateway.deviceId];
    for (let n = 0; n < 260; n++) ids.push((await given.device(scope, { product, parent: gateway })).deviceId);
    // More services than one look takes.
    const reports = ids.flatMap((deviceId) =>
      ['a', 'b', 'c'].map((serviceId) => ({ deviceId, serviceId, properties: { of: deviceId }, at: builtAt })),
    );
    await store.devices.reportProperties(reports);
    const { json } = await client.ask('GET', `${devices}?gatewayId=${gateway.deviceId}&sort=ASC`);
    const { devices: found, ...page } = json as { readonly devices: readonly (Shown & { services: Members[] })[] };
    expect(page).toEqual({ totalCount: 261, pageNo: 0, pageSize: 250 });
    expect(found.map(({ deviceId }) => deviceId)).toEqual(ids.slice(0, 250));
    for (const { deviceId, services } of found) {
      expect(services.map(({ serviceId, data }) => [serviceId, data])).toEqual(
        ['a', 'b', 'c'].map((serviceId) => [serviceId, { of: deviceId }]),
      );
    }
    expect((await listed(api, `gatewayId=${gateway.deviceId}`)).ids).toEqual(ids.toReversed().slice(0, 250));
    expect((await listed(api, `gatewayId=${gateway.deviceId}&pageNo=1&pageSize=250`)).ids).toHaveLength(11);
  });
});

describe('Gateways', () => {
  it('take their children along, or are kept by them', async () => {
    const api = await startLegacyApi();
    const { client, given, scope, store } = api;
    const gateway = await given.device(scope);
    const child = await given.device(scope, { parent: gateway });
    const grandchild = await given.device(scope, { parent: child });
    const gone = async (id: string, query = '') => codeOf(await client.ask('DELETE', `${devices}/${id}${query}`));
    expect(await gone(gateway.deviceId, '?cascade=false')).toBe('400 100405');
    expect(await gone(child.deviceId, '?cascade=0')).toBe('400 100405');
    expect(await gone(gateway.deviceId, '?cascade=x')).toBe('400 100022');
    expect(await gone(gateway.deviceId)).toBe('204');
    for (const { deviceId } of [gateway, child, grandchild]) {
      expect(await store.devices.find(scope.projectId, deviceId)).toBeUndefined();
    }
    const alone = await given.device(scope);
    expect(await gone(alone.deviceId, '?cascade=false')).toBe('204');
  });
});

describe('What is asked of devices', () => {
  it('is refused by name', async () => {
    const api = await startLegacyApi();
    const { client, given, scope } = api;
    const { deviceId } = await given.device(scope);
    const group = await given.group(scope, { rule: "node_id = 'x'" });
    const theirs = await given.group({ ...scope, appId: (await given.app(scope)).appId });
    const tags = (count: number) => Array.from({ length: count }, (_, n) => ({ tagName: `t${n}` }));
    const cases: readonly (readonly [string, string, unknown, string])[] = [
      ['POST', register, {}, '400 100022'],
      ['POST', register, { nodeId: '' }, '400 100022'],
      ['POST', register, { nodeId: 'x'.repeat(257) }, '400 100022'],
      ['POST', register, { nodeId: 'a\0b' }, '400 100022'],
      ['POST', register, { nodeId: 'a', verifyCode: 'x'.repeat(257) }, '400 100003'],
      ['POST', register, { nodeId: 'a', timeout: -1 }, '400 100022'],
      ['POST', register, { nodeId: 'a', timeout: 2_147_483_648 }, '400 100022'],
      ['POST', register, { nodeId: 'a', productId: 'nothing' }, '403 600002'],
      ['POST', register, { nodeId: 'a', deviceInfo: pump }, '403 600002'],
      ['POST', register, { nodeId: 'a', groupId: 'nothing' }, '404 100603'],
      ['POST', register, { nodeId: 'a', groupId: group.groupId }, '404 100603'],
      ['POST', register, { nodeId: 'a', groupId: theirs.groupId }, '404 100603'],
      ['POST', register, { nodeId: 'a', tags: tags(11) }, '400 100022'],
      ['POST', register, { nodeId: 'a', tags: [...tags(1), ...tags(1)] }, '400 100022'],
      ['PUT', `${register}/nobody`, {}, '404 100403'],
      ['PUT', `${registerV2}/nobody`, {}, '404 100403'],
      ['GET', `${register}/nobody`, undefined, '404 100403'],
      ['GET', `${registerV2}/nobody`, undefined, '405 101001'],
      ['GET', `${devices}/nobody`, undefined, '404 100403'],
      ['GET', `${devices}/a%00b`, undefined, '404 100403'],
      ['PUT', `${devices}/nobody`, {}, '404 100403'],
      ['PUT', `${devices}/${deviceId}`, { deviceConfig: { dataConfig: { dataAgingTime: 91 } } }, '400 100022'],
      ['PUT', `${devices}/${deviceId}`, { mute: 'maybe' }, '400 100022'],
      ['PUT', `${devices}/${deviceId}`, { tags: [{ tagName: 'a b' }] }, '400 100022'],
      ['PUT', `${devices}/${deviceId}`, {}, '204'],
      ['DELETE', `${devices}/nobody`, undefined, '404 100403'],
      ['GET', `${shadows}/nobody`, undefined, '404 100403'],
      ['PUT', `${shadows}/nobody`, { serviceDesireds: [{ serviceId: 'a', desired: {} }] }, '404 100403'],
      ['GET', `${capabilities}?deviceId=nobody`, undefined, '404 100403'],
    ];
    for (const [method, path, body, code] of cases) {
      expect([method, path, body, codeOf(await client.ask(method, path, { body }))]).toEqual([
        method,
        path,
        body,
        code,
      ]);
    }
    expect((await listed(api, 'pageNo=0')).ids).toEqual([deviceId]);
    expect(api.errors).toEqual([]);
  });

  it('of another application is as if there were none, but for who may name it', async () => {
    const api = await startLegacyApi();
    const { client, given, scope, newClient, store } = api;
    const owner = await newClient();
    const theirs = { ...scope, appId: owner.appId };
    const { deviceId } = await given.device(theirs, { name: 'theirs' });
    const hidden = [deviceId, (await given.device(await given.scope())).deviceId];
    const desired = { serviceDesireds: [{ serviceId: 'a', desired: { b: 1 } }] };
    for (const id of hidden) {
      for (const [method, path, body] of [
        ['PUT', `${register}/${id}`, {}],
        ['PUT', `${registerV2}/${id}`, {}],
        ['GET', `${register}/${id}`],
        ['GET', `${devices}/${id}`],
        ['PUT', `${devices}/${id}`, { name: 'mine' }],
        ['DELETE', `${devices}/${id}`],
        ['GET', `${shadows}/${id}`],
        ['PUT', `${shadows}/${id}`, desired],
        ['GET', `${capabilities}?deviceId=${id}`],
      ] as const) {
        expect([method, path, codeOf(await client.ask(method, path, { body }))]).toEqual([method, path, '404 100403']);
      }
      expect(await listed(api, `gatewayId=${id}`)).toMatchObject({ totalCount: 0 });
    }
    const named = `appId=${owner.appId}`;
    expect(codeOf(await client.ask('GET', `${devices}/${deviceId}?${named}`))).toBe('403 100217');
    expect(codeOf(await client.ask('POST', `${register}?${named}`, { body: { nodeId: 'x' } }))).toBe('403 100217');
    await api.ofProject('PUT', `/apps/${owner.appId}/legacy-grants/${client.appId}`);
    expect(codeOf(await client.ask('GET', `${devices}/${deviceId}?${named}`))).toBe('200');
    const made = await client.ask('POST', `${register}?${named}`, { body: { nodeId: 'x' } });
    const { deviceId: id } = made.json as Shown;
    expect((await store.devices.find(scope.projectId, id))?.appId).toBe(owner.appId);
    expect(await listed(api, `pageNo=0&${named}`)).toMatchObject({ totalCount: 2 });
    expect(await listed(api, 'pageNo=0')).toMatchObject({ totalCount: 0 });
  });
});
