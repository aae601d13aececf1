import { afterEach, describe, expect, it } from 'vitest';
import { createLegacyClient } from '../../src/legacy/index.ts';
import { MusterError } from '../../src/muster-error.ts';
import { collect } from '../collect.ts';
import { type Answer, type HttpFixture, sendJson, startHttp } from '../http-fixture.ts';

const credentials = { appId: 'app1', secret: 'Secret01' };
const groups = '/iocm/app/devgroup/v1.3.0/devGroups';
const badToken = { error_code: '1010005', error_desc: 'App_key or access_token is invalid.' };
let server: HttpFixture;

interface Signing {
  /** Seconds that a token is good for. */
  readonly expiresIn?: number;
  /** Refresh tokens are good no longer. */
  readonly refusesRefresh?: boolean;
}

/** A server that signs in with tokens that count up, and takes the newest alone. */
async function serve(answer: Answer, { expiresIn = 3600, refusesRefresh = false }: Signing = {}) {
  let issued = 0;
  server = await startHttp(async (request, response) => {
    if (request.url.includes('/sec/')) {
      if (refusesRefresh && request.url.endsWith('refreshToken')) {
        sendJson(response, { error_code: '100006', error_desc: 'Refresh access token failed.' }, 401);
        return;
      }
      issued += 1;
      const tokens = { accessToken: `a${issued}`, refreshToken: `r${issued}` };
      sendJson(response, { scope: 'default', tokenType: 'bearer', expiresIn, ...tokens });
      return;
    }
    if (request.headers.authorization === `Bearer a${issued}`) await answer(request, response);
    else sendJson(response, badToken, 403);
  });
  return {
    client: createLegacyClient({ endpoint: server.endpoint, ...credentials }),
    /** Nobody is told: the newest token is another one from now on. */
    revoke: () => {
      issued += 1;
    },
    asked: () => server.seen.map(({ method, url }) => `${method} ${url.replace(/^.*\/sec\/v1.1.0/, '')}`),
  };
}

afterEach(() => server.close());

const emptyList: Answer = (_, response) => sendJson(response, { list: [], totalCount: 0, pageNo: 0, pageSize: 0 });

describe('the legacy client', () => {
  it('signs in once for calls that start together, by the form that every server takes', async () => {
    const { client, asked } = await serve(emptyList);
    await Promise.all([client.groups.list(), client.groups.list(), client.groups.list({ name: 'a b' })]);
    expect(asked().toSorted()).toEqual([`GET ${groups}`, `GET ${groups}`, `GET ${groups}?name=a%20b`, 'POST /login']);
    const [login, call] = server.seen;
    expect(login?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(String(login?.body)).toBe('appId=app1&secret=Secret01');
    expect(login?.headers).not.toHaveProperty('app_key');
    expect(call?.headers).toMatchObject({ app_key: 'app1', authorization: 'Bearer a1' });
  });

  it('renews its token before it ends, once, and signs in where that is refused', async () => {
    const short = { expiresIn: 0 };
    const first = await serve(emptyList, short);
    await first.client.groups.list();
    await Promise.all([first.client.groups.list(), first.client.groups.list()]);
    const list = `GET ${groups}`;
    expect(first.asked()).toEqual(['POST /login', list, 'POST /refreshToken', list, list]);
    expect(JSON.parse(String(server.seen[2]?.body))).toEqual({ ...credentials, refreshToken: 'r1' });
    await server.close();
    const second = await serve(emptyList, { ...short, refusesRefresh: true });
    await second.client.groups.list();
    await second.client.groups.list();
    expect(second.asked()).toEqual(['POST /login', list, 'POST /refreshToken', 'POST /login', list]);
  });

  it('signs in anew where its token is refused, and gives up after that', async () => {
    const { client, revoke, asked } = await serve(emptyList);
    await client.groups.list();
    revoke();
    await client.groups.list();
    expect(asked()).toEqual(['POST /login', `GET ${groups}`, `GET ${groups}`, 'POST /login', `GET ${groups}`]);
    await server.close();
    const never = await serve((_, response) => sendJson(response, badToken, 403));
    await expect(never.client.groups.list()).rejects.toMatchObject({ code: '1010005', status: 403 });
    expect(never.asked()).toEqual(['POST /login', `GET ${groups}`, 'POST /login', `GET ${groups}`]);
  });

  it('throws a MusterError with what the server said', async () => {
    const { client } = await serve((_, response) => {
      const body = { error_code: '100603', error_desc: 'The device group is not existed.', error_detail: 'g1' };
      sendJson(response, body, 404);
    });
    const error: unknown = await client.groups.get('g1').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MusterError);
    expect(error).toMatchObject({
      message: 'The device group is not existed. (g1)',
      ...{ code: '100603', status: 404, requestId: 'f'.repeat(32) },
    });
    await server.close();
    await expect(client.groups.list()).rejects.toMatchObject({ code: 'NETWORK', status: 0 });
    await serve(emptyList);
  });

  it('puts parameters into the path, names other applications as each call wants it, and sends bodies as they are', async () => {
    const { client } = await serve((_, response) => sendJson(response, {}));
    await client.groups.update('g/1', { name: 'n' }, { appId: 'other' });
    await client.subscriptions.get('s1', { appId: 'other' });
    await client.call('DeleteSubscription', { params: { subscriptionId: 's1' } });
    await client.subscriptions.put({ notifyType: 'bindDevice', callbackurl: 'https://r.example/' });
    const sent = server.seen.slice(1).map(({ method, url, body }) => [`${method} ${url}`, String(body)]);
    expect(sent).toEqual([
      [`PUT ${groups}/g%2F1?accessAppId=other`, '{"name":"n"}'],
      ['GET /iocm/app/sub/v1.2.0/subscriptions/s1?appId=other', ''],
      ['DELETE /iocm/app/sub/v1.2.0/subscriptions/s1', ''],
      ['POST /iodm/app/sub/v1.1.0/subscribe', '{"notifyType":"bindDevice","callbackurl":"https://r.example/"}'],
    ]);
    await expect(client.call('ShowSubscription', {})).rejects.toThrow('The path needs subscriptionId.');
  });

  it('walks lists page by page to their end', async () => {
    const ids = Array.from({ length: 250 }, (_, at) => `d${at}`);
    const { client, asked } = await serve((request, response) => {
      const { searchParams } = new URL(request.url, 'http://host');
      const [pageNo, pageSize] = [Number(searchParams.get('pageNo')), Number(searchParams.get('pageSize'))];
      const deviceIds = ids.slice(pageNo * pageSize, (pageNo + 1) * pageSize);
      sendJson(response, { totalCount: ids.length, pageNo, pageSize, deviceIds });
    });
    expect(await collect(client.groups.listAllDevices('g1'))).toEqual(ids);
    expect(asked().slice(1)).toEqual(
      [0, 1, 2].map((pageNo) => `GET /iocm/app/dm/v1.2.0/devices/ids?devGroupId=g1&pageNo=${pageNo}&pageSize=100`),
    );
  });

  it('waits for tasks and operations, telling of each look, as long as its caller wants', async () => {
    const statuses = ['Pending', 'Running', 'Timeout'];
    let looks = 0;
    const { client } = await serve((request, response) => {
      const batch = { status: statuses[looks++] ?? 'Timeout', progress: looks };
      sendJson(response, request.url.includes('/operations/') ? { status: 'FAIL' } : batch);
    });
    const seen: unknown[] = [];
    const task = await client.batchTasks.waitFor('t1', { pollMs: 1, onProgress: ({ status }) => seen.push(status) });
    expect([task.status, seen]).toEqual(['Timeout', statuses]);
    expect(await client.upgrades.waitFor('o1')).toEqual({ status: 'FAIL' });
    looks = 0;
    const signal = AbortSignal.timeout(50);
    await expect(client.batchTasks.waitFor('t1', { signal })).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});
