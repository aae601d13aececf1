import { describe, expect, it } from 'vitest';
import { codeOf, type LegacyApi, startLegacyApi } from './legacy-api.ts';

const subscriptions = '/iocm/app/sub/v1.2.0/subscriptions';
const management = '/iodm/app/sub/v1.1.0/subscribe';
const oldest = ['/iocm/app/sub/v1.1.0/subscribe', '/iocm/app/sub/v1.2.0/subscribe'];
const [url, elsewhere] = ['https://receiver.example:8743/told?x=1', 'http://receiver.example/'];

type Subscription = Readonly<Record<string, unknown>> & { readonly subscriptionId: string };

const listOf = async ({ client }: Pick<LegacyApi, 'client'>, query = '') =>
  (await client.ask('GET', `${subscriptions}${query}`)).json as {
    readonly subscriptions: readonly Subscription[];
    readonly totalCount: number;
  };

describe('Subscriptions', () => {
  it('are made by three calls, found by all, and end one by one or together [legacy 45]', async () => {
    const api = await startLegacyApi();
    const { client } = api;
    const made = await client.ask('POST', `${subscriptions}?ownerFlag=false`, {
      body: { notifyType: 'deviceAdded', callbackUrl: url, appId: api.appId, channel: 'HTTP' },
    });
    expect([made.status, made.headers['content-type']]).toEqual([201, 'application/json']);
    const first = made.json as Subscription;
    expect(first).toEqual({
      ...{ subscriptionId: first.subscriptionId, notifyType: 'deviceAdded', clientIds: null },
      ...{ callbackUrl: url, callbackurl: url },
    });
    const again = { notifyType: 'deviceAdded', callbackurl: elsewhere };
    expect(codeOf(await client.ask('POST', subscriptions, { body: again }))).toBe('409 100227');

    const upgrades = { notifyType: 'fwUpgradeResultNotify', callbackurl: url };
    const managed = await client.ask('POST', management, { body: upgrades });
    expect([managed.status, managed.text, managed.headers['content-type']]).toEqual([200, '', 'application/json']);
    const moved = await client.ask('POST', management, { body: { ...upgrades, callbackUrl: elsewhere } });
    expect([moved.status, moved.text]).toEqual([200, '']);
    for (const [at, path] of oldest.entries()) {
      const { status, json } = await client.ask('POST', path, { body: { notifyType: 'bindDevice', callbackurl: url } });
      expect([status, json]).toMatchObject([201, { notifyType: 'bindDevice', callbackUrl: url, callbackurl: url }]);
      expect((await listOf(api)).totalCount).toBe(3);
      expect(at).toBeLessThan(2);
    }

    const shown = await client.ask('GET', `${subscriptions}/${first.subscriptionId}`);
    expect([shown.status, shown.json]).toEqual([200, first]);
    const all = await listOf(api);
    expect(all).toMatchObject({ totalCount: 3, pageNo: 0, pageSize: 3 });
    expect(all.subscriptions.map((one) => [one['notifyType'], one['callbackUrl']])).toEqual([
      ['deviceAdded', url],
      ['fwUpgradeResultNotify', elsewhere],
      ['bindDevice', url],
    ]);
    expect(await listOf(api, '?notifyType=binddevice')).toMatchObject({ totalCount: 1 });
    expect(await listOf(api, '?pageNo=1&pageSize=2')).toMatchObject({
      ...{ pageNo: 1, pageSize: 2, totalCount: 3, subscriptions: [{ notifyType: 'bindDevice' }] },
    });

    const gone = await client.ask('DELETE', `${subscriptions}/${first.subscriptionId}`);
    expect([gone.status, gone.text]).toEqual([204, '']);
    expect(codeOf(await client.ask('DELETE', `${subscriptions}/${first.subscriptionId}`))).toBe('404 100225');
    expect(codeOf(await client.ask('DELETE', `${subscriptions}?notifyType=deviceAdded`))).toBe('404 200001');
    const named = `?notifyType=bindDevice&callbackUrl=${encodeURIComponent(url)}`;
    expect((await client.ask('DELETE', `${subscriptions}${named}`)).status).toBe(204);
    // The bare call of the client libraries.
    const bare = { headers: { 'Content-Type': 'application/json' } };
    expect((await client.ask('DELETE', subscriptions, bare)).status).toBe(204);
    expect(codeOf(await client.ask('DELETE', subscriptions, bare))).toBe('404 200001');
    expect(await listOf(api)).toEqual({ subscriptions: [], totalCount: 0, pageNo: 0, pageSize: 0 });
    expect(api.errors).toEqual([]);
  });

  it('refuse what is wrong with what is asked', async () => {
    const api = await startLegacyApi();
    const notifyType = 'deviceAdded';
    const long = `http://r.example/${'a'.repeat(1024 - 17)}`;
    const cases: readonly (readonly [string, string, unknown, string])[] = [
      ['POST', subscriptions, { callbackUrl: url }, '400 100022'],
      ['POST', subscriptions, { notifyType }, '400 100022'],
      ['POST', subscriptions, { notifyType: 'devicesAdded', callbackUrl: url }, '400 100022'],
      ['POST', subscriptions, { notifyType, callbackUrl: url, channel: 'MQTT' }, '400 100022'],
      ['POST', subscriptions, { notifyType, callbackUrl: url, appId: 'nobody' }, '403 100203'],
      ['POST', subscriptions, { notifyType, callbackUrl: `${long}b` }, '400 100222'],
      ['POST', subscriptions, { notifyType, callbackUrl: '/told' }, '400 100222'],
      ['POST', subscriptions, { notifyType, callbackUrl: '' }, '400 100222'],
      ['POST', subscriptions, { notifyType, callbackUrl: 'ftp://r.example/' }, '400 100222'],
      ['POST', subscriptions, { notifyType, callbackUrl: 'http://' }, '400 100222'],
      ['POST', subscriptions, { notifyType, callbackUrl: 'http://r.example/a b' }, '400 100222'],
      ['POST', subscriptions, { notifyType, callbackUrl: 'http://r.example/\0' }, '400 100222'],
      ['POST', subscriptions, { notifyType, callbackUrl: 'http://r.example:99999/' }, '400 100222'],
      ['POST', subscriptions, { notifyType, callbackUrl: { a: 1 } }, '400 100222'],
      ['POST', management, { callbackurl: url }, '400 120015'],
      ['POST', management, { notifyType }, '400 120015'],
      ['POST', management, { notifyType: 'x', callbackurl: url }, '400 120015'],
      ['POST', management, { notifyType, callbackurl: 'r.example' }, '400 100222'],
      ['POST', oldest[0] ?? '', { notifyType }, '400 100022'],
      ['GET', `${subscriptions}?notifyType=x`, undefined, '400 100022'],
      ['GET', `${subscriptions}?pageSize=251`, undefined, '400 100022'],
      ['GET', `${subscriptions}/nobody`, undefined, '404 100225'],
      ['GET', `${subscriptions}/a%00b`, undefined, '404 100225'],
      ['DELETE', `${subscriptions}/nobody`, undefined, '404 100225'],
      ['DELETE', `${subscriptions}?callbackUrl=http://a%00b`, undefined, '400 100022'],
      ['DELETE', `${subscriptions}?callbackUrl=http://a`, undefined, '404 200001'],
    ];
    for (const [method, path, body, code] of cases) {
      expect([path, body, codeOf(await api.client.ask(method, path, { body }))]).toEqual([path, body, code]);
    }
    expect((await listOf(api)).totalCount).toBe(0);
    expect((await api.client.ask('POST', subscriptions, { body: { notifyType, callbackUrl: long } })).status).toBe(201);
    expect(api.errors).toEqual([]);
  });

  it('of another application do not exist, unless it lets the caller', async () => {
    const api = await startLegacyApi();
    const { client } = api;
    const owner = await api.newClient();
    const body = { notifyType: 'deviceAdded', callbackUrl: url };
    const { subscriptionId } = (await owner.ask('POST', subscriptions, { body })).json as Subscription;
    expect(codeOf(await client.ask('GET', `${subscriptions}/${subscriptionId}`))).toBe('404 100225');
    expect(codeOf(await client.ask('DELETE', `${subscriptions}/${subscriptionId}`))).toBe('404 100225');
    expect(codeOf(await client.ask('DELETE', subscriptions))).toBe('404 200001');
    expect((await listOf(api)).totalCount).toBe(0);
    const named = `?appId=${owner.appId}`;
    expect(codeOf(await client.ask('GET', `${subscriptions}${named}`))).toBe('403 100217');
    expect(codeOf(await client.ask('POST', subscriptions, { body: { ...body, appId: owner.appId } }))).toBe(
      '403 100217',
    );
    expect(codeOf(await client.ask('POST', `${management}${named}`, { body }))).toBe('403 100217');
    await api.ofProject('PUT', `/apps/${owner.appId}/legacy-grants/${client.appId}`);
    expect(await listOf(api, named)).toMatchObject({ totalCount: 1, subscriptions: [{ subscriptionId }] });
    expect((await client.ask('POST', `${management}${named}`, { body })).status).toBe(200);
    expect((await client.ask('DELETE', `${subscriptions}/${subscriptionId}${named}`)).status).toBe(204);
    expect(await listOf({ client: owner })).toMatchObject({ totalCount: 0 });
  });

  it('are listed as a whole, oldest first, as far as the settings let them', async () => {
    const api = await startLegacyApi({ MUSTER_LEGACY_UNPAGED_ROWS_MAX: '2' });
    for (const notifyType of ['ruleEvent', 'deviceAdded', 'bindDevice']) {
      await api.client.ask('POST', subscriptions, { body: { notifyType, callbackUrl: url } });
    }
    expect(await listOf(api, '?pageSize=1')).toMatchObject({
      ...{ totalCount: 3, pageNo: 0, pageSize: 2 },
      subscriptions: [{ notifyType: 'ruleEvent' }, { notifyType: 'deviceAdded' }],
    });
  });
});
