import { createHash, randomBytes } from 'node:crypto';
import { PagingQuery } from '@muster/contract/v5';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toBasicTime } from '../../src/domain/time.ts';
import { type V5Route, v5Route } from '../../src/http/v5/route.ts';
import { type ApiServer, startApiServer, testKey, testPassword, testProject } from '../support/api-server.ts';
import { type HttpAnswer, type HttpCall, type SignOptions, call, callRaw, signed } from '../support/http-client.ts';
import { createManualClock } from '../support/manual-clock.ts';

const date = '20261122T015513Z';
const goldenBody =
  '{"task_name":"中文name","task_type":"createCommands","targets":["a","b"],"document":{"service_id":"s"}}';

const routes: V5Route[] = [
  v5Route('CreateBatchTask', { handle: ({ bodySha256 }) => ({ bodySha256 }) }),
  v5Route('ListBatchTasks', { handle: ({ caller }) => ({ user: caller.userName }) }),
  v5Route('ListDevices', { query: PagingQuery, handle: ({ query }) => ({ devices: [], query }) }),
  v5Route('DeleteApplication', { handle: () => undefined }),
  v5Route('UploadPackageFile', {
    stream: true,
    handle: async ({ request, bodyVerified }) => {
      let size = 0;
      for await (const chunk of request.raw as AsyncIterable<Buffer>) size += chunk.length;
      await bodyVerified();
      return { size };
    },
  }),
];

let server: ApiServer;

beforeAll(async () => {
  server = await startApiServer({ routes });
});
afterAll(() => server.stop());

const devices = '/v5/iot/proj1/devices';

function callSigned(target: HttpCall, options: Partial<SignOptions> = {}): Promise<HttpAnswer> {
  return call(server.port, signed(testKey, target, { date, ...options }));
}

function expectRefused({ status, json }: HttpAnswer): void {
  expect({ status, json }).toEqual({
    status: 401,
    json: { error_code: 'IOTDA.000002', error_msg: 'Authentication failed.' },
  });
}

const goldenHeaders = {
  'Content-Type': 'application/json',
  Host: '127.0.0.1:8099',
  'X-Project-Id': 'proj1',
  'X-Sdk-Date': date,
};

function goldenV1(signature: string): HttpCall {
  const names = 'content-type;host;instance-id;x-project-id;x-sdk-date';
  const authorization = `SDK-HMAC-SHA256 Access=AKTEST, SignedHeaders=${names}, Signature=${signature}`;
  const headers = { ...goldenHeaders, 'Instance-Id': 'inst-1', Authorization: authorization };
  return { method: 'POST', path: '/v5/iot/proj1/batchtasks', headers, body: goldenBody };
}

function goldenV3(signature: string, path = '/v5/iot/proj1/batchtask-files'): HttpCall {
  const names = 'content-type;host;x-project-id;x-sdk-date';
  const who = 'Credential=AKTEST/20261122/cn-test-1/iotdm';
  const authorization = `V11-HMAC-SHA256 ${who}, SignedHeaders=${names}, Signature=${signature}`;
  return { path, headers: { ...goldenHeaders, Authorization: authorization } };
}

describe('signatures', () => {
  const v1 = 'f1513b01234346657134c690812c038a43f034e33c6f688f273831c7ba071183';

  it('are accepted as the golden vector V1 has them, and refused with one digit changed [v5 1]', async () => {
    expect((await call(server.port, goldenV1(v1))).status).toBe(201);
    expectRefused(await call(server.port, goldenV1(v1.replace('f1513', 'f1514'))));
  });

  it('are accepted as the golden vector V3 has them, and refused with one digit changed [v5 1]', async () => {
    const v3 = 'c71330d30a2cd5b7993e2f59baee487f2522dfe69f11325c3fd8bae0e46ae9d7';
    const files = await startApiServer({
      addRoutes: () => {},
      routes: [{ ...v5Route('ListBatchTasks', { handle: () => ({}) }), endpoint: filesEndpoint() }],
    });
    expect((await call(files.port, goldenV3(v3))).status).toBe(200);
    expectRefused(await call(files.port, goldenV3(v3.replace('c713', 'c714'))));
    await files.stop();
  });

  it('are accepted from both algorithms for any region', async () => {
    const options = { algorithm: 'V11-HMAC-SHA256', region: 'my.own_region-9' } as const;
    expect((await callSigned({ path: devices }, options)).status).toBe(200);
    expect((await callSigned({ path: devices })).status).toBe(200);
  });

  it('bear a clock that is 14 minutes off, not one that is 16 [v5 3]', async () => {
    for (const minutes of [-14, 14]) {
      const at = toBasicTime(server.clock.now() + minutes * 60_000);
      expect((await callSigned({ path: devices }, { date: at })).status).toBe(200);
    }
    for (const minutes of [-16, 16]) {
      const at = toBasicTime(server.clock.now() + minutes * 60_000);
      expectRefused(await callSigned({ path: devices }, { date: at }));
    }
  });

  it('hold whatever the order and the escapes of the query are on the wire [v5 4]', async () => {
    const target = signed(testKey, { path: `${devices}?b=1&a=a%20b%27%28c%29%2A&%61%61=x+y` }, { date });
    const { status } = await call(server.port, { ...target, path: `${devices}?aa=x%20y&b=1&a=a%20b'(c)*` });
    expect(status).toBe(200);
  });

  it('do not hold for another query, path, method or body', async () => {
    const target = signed(testKey, { path: `${devices}?limit=1` }, { date });
    expectRefused(await call(server.port, { ...target, path: `${devices}?limit=2` }));
    expectRefused(await call(server.port, { ...target, path: `${devices}?limit=1&limit=1` }));
    expectRefused(await call(server.port, { ...target, path: '/v5/iot/proj1/batchtasks?limit=1' }));
    const post = signed(testKey, { method: 'POST', path: '/v5/iot/proj1/batchtasks', body: '{"a":1}' }, { date });
    expectRefused(await call(server.port, { ...post, body: '{"a":2}' }));
  });

  it('must cover host and date, and every header that they name must be there once', async () => {
    const good = signed(testKey, { path: devices, headers: { 'X-Extra': '1' } }, { date });
    const withHeaders = (changes: Record<string, string | string[]>): Promise<HttpAnswer> =>
      call(server.port, { ...good, headers: { ...good.headers, ...changes } });
    expect((await withHeaders({})).status).toBe(200);
    expectRefused(await withHeaders({ 'X-Extra': '2' }));
    expectRefused(await withHeaders({ 'X-Extra': ['1', '1'] }));
    expectRefused(await withHeaders({ Host: '127.0.0.1:1' }));
    const authorization = String(good.headers?.Authorization);
    expectRefused(await withHeaders({ Authorization: authorization.replace('host;', '') }));
    expectRefused(await withHeaders({ Authorization: authorization.replace(';x-sdk-date', '') }));
    expectRefused(await withHeaders({ Authorization: authorization.replace('x-extra;', 'x-absent;x-extra;') }));
  });

  it('are refused with a temporary security token, and for an unknown key', async () => {
    expectRefused(await callSigned({ path: devices, headers: { 'X-Security-Token': 't' } }));
    const stranger = signed({ accessKey: 'AKOTHER', secretKey: 'SKTEST' }, { path: devices }, { date });
    expectRefused(await call(server.port, stranger));
  });

  it('are refused for another day, another service and with more parts in the credential', async () => {
    const good = signed(testKey, { path: devices }, { date, algorithm: 'V11-HMAC-SHA256' });
    const authorization = String(good.headers?.Authorization);
    for (const [from, to] of [
      ['/20261122/', '/20261121/'],
      ['/iotdm', '/iam'],
      ['/iotdm', '/iotdm/x'],
      ['/cn-test-1/', '//'],
    ] as const) {
      const headers = { ...good.headers, Authorization: authorization.replace(from, to) };
      expectRefused(await call(server.port, { ...good, headers }));
    }
  });

  it('may leave an upload uncovered, never a JSON body [v5 6]', async () => {
    const upload = { method: 'POST', path: '/v5/iot/proj1/ota-upgrades/package-files', body: randomBytes(100_000) };
    const options = { contentSha256: 'UNSIGNED-PAYLOAD' };
    const multipart = { 'Content-Type': 'multipart/form-data; boundary=x' };
    const accepted = await callSigned({ ...upload, headers: multipart }, options);
    expect([accepted.status, accepted.json]).toEqual([201, { size: 100_000 }]);
    const json = { method: 'POST', path: '/v5/iot/proj1/batchtasks', body: '{}' };
    for (const type of [
      'application/json',
      'application/json;charset=UTF-8',
      'Application/JSON',
      'application/x+json',
    ]) {
      expectRefused(await callSigned({ ...json, headers: { 'Content-Type': type } }, options));
    }
    expectRefused(await callSigned(json, options));
  });

  it('cover a streamed body, whether its hash is declared or not', async () => {
    const body = randomBytes(300_000);
    const target = { method: 'POST', path: '/v5/iot/proj1/ota-upgrades/package-files', body };
    const contentSha256 = createHash('sha256').update(body).digest('hex');
    for (const options of [{ date }, { date, contentSha256 }]) {
      const good = signed(testKey, target, options);
      expect((await call(server.port, good)).status).toBe(201);
      expectRefused(await call(server.port, { ...good, body: randomBytes(300_000) }));
    }
  });

  it('are refused where the declared hash is not signed or is another one', async () => {
    const body = '{}';
    const good = signed(testKey, { method: 'POST', path: '/v5/iot/proj1/batchtasks', body }, { date });
    const contentSha256 = createHash('sha256').update(body).digest('hex');
    expectRefused(
      await call(server.port, { ...good, headers: { ...good.headers, 'X-Sdk-Content-Sha256': contentSha256 } }),
    );
    const target = { method: 'POST', path: '/v5/iot/proj1/batchtasks', body };
    expectRefused(await callSigned(target, { contentSha256: contentSha256.replace(/^./, 'x') }));
    expect((await callSigned(target, { contentSha256 })).status).toBe(201);
  });

  const garbage = [
    'SDK-HMAC-SHA256',
    'SDK-HMAC-SHA256 ',
    'SDK-HMAC-SHA256 Access=AKTEST',
    'SDK-HMAC-SHA256 Access=, SignedHeaders=host;x-sdk-date, Signature=00',
    `SDK-HMAC-SHA256 Access=AKTEST, SignedHeaders=host;x-sdk-date, Signature=${'g'.repeat(64)}`,
    `SDK-HMAC-SHA256 Access=AKTEST, Access=AKTEST, SignedHeaders=host;x-sdk-date, Signature=${'0'.repeat(64)}`,
    `SDK-HMAC-SHA256 Access=AKTEST, SignedHeaders=x-sdk-date;host, Signature=${'0'.repeat(64)}`,
    `SDK-HMAC-SHA256 Access=AKTEST, SignedHeaders=host;host;x-sdk-date, Signature=${'0'.repeat(64)}`,
    `SDK-HMAC-SHA256 Access=__proto__, SignedHeaders=host;x-sdk-date, Signature=${'0'.repeat(64)}`,
    `SDK-HMAC-SHA256 Access=' OR 1=1 --, SignedHeaders=host;x-sdk-date, Signature=${'0'.repeat(64)}`,
    `V11-HMAC-SHA256 Credential=AKTEST, SignedHeaders=host;x-sdk-date, Signature=${'0'.repeat(64)}`,
    `V11-HMAC-SHA256 Credential=////, SignedHeaders=host;x-sdk-date, Signature=${'0'.repeat(64)}`,
    'Bearer abc',
    'Basic Og==',
    '\u00ff\u00fe\u00e4,=;,,==',
    `SDK-HMAC-SHA256 ${'Access=x, '.repeat(800)}`,
  ];
  it.each(garbage)('are refused as garbage: %s', async (authorization) => {
    const headers = { Authorization: authorization, 'X-Sdk-Date': date };
    expectRefused(await call(server.port, { path: devices, headers }));
  });

  it('are refused where Authorization comes twice', async () => {
    const good = signed(testKey, { path: devices }, { date });
    const twice = ['Bearer x', String(good.headers?.Authorization)];
    const raw = [
      'GET /v5/iot/proj1/devices HTTP/1.1',
      'Host: 127.0.0.1:8099',
      `X-Sdk-Date: ${date}`,
      'Connection: close',
    ];
    const text = [...raw, ...twice.map((value) => `Authorization: ${value}`), '', ''].join('\r\n');
    expect(await callRaw(server.port, text)).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('may contain any text in signed headers', async () => {
    const headers = { 'X-Name': Buffer.from('中文 é', 'utf8').toString('latin1') };
    const target = signed(testKey, { path: devices, headers: { 'X-Name': '中文 é' } }, { date });
    const answer = await call(server.port, { ...target, headers: { ...target.headers, ...headers } });
    expect(answer.status).toBe(200);
  });
});

function filesEndpoint() {
  const { endpoint } = v5Route('ListBatchTasks', { handle: () => ({}) });
  return { ...endpoint, path: '/v5/iot/{project_id}/batchtask-files' };
}

interface SignInOptions {
  readonly name?: string;
  readonly password?: string;
  readonly domain?: unknown;
  readonly scope?: unknown;
  readonly methods?: unknown;
  readonly query?: string;
  readonly port?: number;
}

function signIn(options: SignInOptions = {}): Promise<HttpAnswer> {
  const { name = 'admin', password = testPassword, domain = { name: 'muster' }, methods = ['password'] } = options;
  const scope = 'scope' in options ? options.scope : { project: { name: 'cn-test-1' } };
  const identity = { methods, password: { user: { domain, name, password } } };
  const body = JSON.stringify({ auth: { identity, ...(scope === undefined ? {} : { scope }) } });
  const headers = { 'Content-Type': 'application/json;charset=UTF-8' };
  return call(options.port ?? server.port, {
    method: 'POST',
    path: `/v3/auth/tokens${options.query ?? ''}`,
    headers,
    body,
  });
}

async function tokenOf(options: SignInOptions = {}): Promise<string> {
  const { headers, status, text } = await signIn(options);
  expect({ status, text }).toMatchObject({ status: 201 });
  return String(headers['x-subject-token']);
}

const withToken = (token: string, path = devices, port = server.port): Promise<HttpAnswer> =>
  call(port, { path, headers: { 'X-Auth-Token': token } });

describe('tokens', () => {
  it('are given for a password and open the API [v5 2]', async () => {
    const answer = await signIn();
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({
      token: {
        issued_at: '2026-11-22T01:55:13.000Z',
        expires_at: '2026-11-23T01:55:13.000Z',
        methods: ['password'],
        project: { id: 'proj1', name: 'cn-test-1', domain: { name: 'muster' } },
        roles: [{ name: 'admin' }],
        user: { name: 'admin', domain: { name: 'muster' } },
        catalog: [],
      },
    });
    const token = String(answer.headers['x-subject-token']);
    expect(token.length).toBeLessThanOrEqual(4096);
    expect(await withToken(token)).toMatchObject({ status: 200, json: { devices: [] } });
  });

  it('are not given for a wrong password, user, domain, method or scope, with both spellings of the error [v5 2]', async () => {
    for (const wrong of [
      { password: 'wrong' },
      { name: 'nobody' },
      { domain: { name: 'elsewhere' } },
      { domain: {} },
      { methods: ['token'] },
      { methods: ['password', 'totp'] },
      { scope: { project: { name: 'unknown' } } },
      { scope: { project: { id: 'proj2' } } },
      { scope: { project: {} } },
      { scope: { domain: { name: 'elsewhere' } } },
    ]) {
      const { status, json } = await signIn(wrong);
      expect({ status, json }).toEqual({
        status: 401,
        json: {
          error_code: 'IOTDA.000002',
          error_msg: 'Authentication failed.',
          error: { code: 401, message: 'Authentication failed.', title: 'Unauthorized' },
        },
      });
    }
  });

  it('leave the catalogue out on demand', async () => {
    expect((await signIn({ query: '?nocatalog=true' })).json).not.toHaveProperty('token.catalog');
    expect((await signIn({ query: '?nocatalog=' })).json).toHaveProperty('token.catalog');
  });

  it("are for the user's only project where no scope is given, and refused where there are several", async () => {
    const fresh = await startApiServer({ routes });
    const token = await tokenOf({ scope: undefined, port: fresh.port });
    expect((await withToken(token, devices, fresh.port)).status).toBe(200);
    const admin = { 'X-Auth-Token': token, 'Content-Type': 'application/json' };
    const body = '{"project_name":"second"}';
    const created = await call(fresh.port, { method: 'POST', path: '/admin/v1/projects', headers: admin, body });
    expect(created.status).toBe(201);
    expect(await signIn({ scope: undefined, port: fresh.port })).toMatchObject({
      status: 400,
      json: { error_code: 'IOTDA.000006', error: { code: 400 } },
    });
    await fresh.stop();
  });

  it('of a domain serve /v3 only', async () => {
    const token = await tokenOf({ scope: { domain: { name: 'muster' } } });
    expect((await withToken(token, '/v3/projects')).status).toBe(200);
    expect(await withToken(token)).toMatchObject({ status: 403, json: { error_code: 'IOTDA.000021' } });
    expect((await withToken(token, '/admin/v1/users')).status).toBe(403);
  });

  it('end after their life', async () => {
    const clock = createManualClock();
    const fresh = await startApiServer({ routes, clock });
    const token = await tokenOf({ port: fresh.port });
    await clock.advance(86_400_000 - 1);
    expect((await withToken(token, devices, fresh.port)).status).toBe(200);
    await clock.advance(1);
    expectRefused(await withToken(token, devices, fresh.port));
    await fresh.stop();
  });

  it('survive a restart', async () => {
    const first = await startApiServer({ routes });
    const token = await tokenOf({ port: first.port });
    const second = await startApiServer({ routes, store: first.store, clock: first.clock });
    await first.http.close();
    expect((await withToken(token, devices, second.port)).status).toBe(200);
    await second.stop();
    await first.stop();
  });

  it('are refused when changed, cut, lengthened or invented', async () => {
    const token = await tokenOf();
    const flipped = `${token.slice(0, 20)}${token[20] === 'A' ? 'B' : 'A'}${token.slice(21)}`;
    for (const wrong of [flipped, token.slice(0, -2), `${token}AAAA`, 'v1.', 'v1.AAAA', 'x', 'é中', 'A'.repeat(5000)]) {
      const latin1 = Buffer.from(wrong, 'utf8').toString('latin1');
      expectRefused(await withToken(latin1));
    }
    expectRefused(await call(server.port, { path: devices }));
    expectRefused(await call(server.port, { path: devices, headers: { 'X-Auth-Token': [token, token] } }));
  });

  it('count only where no known algorithm stands in Authorization', async () => {
    const token = await tokenOf();
    const headers = { 'X-Auth-Token': token, Authorization: 'Bearer x' };
    expect((await call(server.port, { path: devices, headers })).status).toBe(200);
    expectRefused(
      await call(server.port, { path: devices, headers: { ...headers, Authorization: 'SDK-HMAC-SHA256 x' } }),
    );
  });
});

describe('projects', () => {
  it('are found by a signed call without X-Project-Id, by their exact name [v5 5]', async () => {
    const found = await callSigned({ path: '/v3/projects?name=cn-test-1' });
    expect(found).toMatchObject({
      status: 200,
      json: { projects: [{ id: testProject, name: 'cn-test-1', domain_id: 'muster', enabled: true }], links: {} },
    });
    expect((await callSigned({ path: '/v3/projects?name=unknown' })).json).toEqual({ projects: [], links: {} });
    expect((await callSigned({ path: '/v3/projects' })).json).toMatchObject({ projects: [{ id: testProject }] });
  });

  it('have a domain', async () => {
    const domains = [{ id: 'muster', name: 'muster', enabled: true }];
    expect((await callSigned({ path: '/v3/auth/domains' })).json).toEqual({ domains, links: {} });
  });

  it('that are foreign or unknown are forbidden, in the path and in X-Project-Id [v5 8]', async () => {
    for (const target of [
      { path: '/v5/iot/proj2/devices' },
      { path: '/v5/iot/PROJ1/devices' },
      { path: '/v5/iot/proj1%00/devices' },
      { path: devices, headers: { 'X-Project-Id': 'proj2' } },
      { path: devices, headers: { 'X-Project-Id': '' } },
    ]) {
      expect(await callSigned(target)).toMatchObject({ status: 403, json: { error_code: 'IOTDA.000021' } });
    }
  });
});
