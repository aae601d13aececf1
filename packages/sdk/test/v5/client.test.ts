import { afterEach, describe, expect, it } from 'vitest';
import { MusterError, reasonOf } from '../../src/muster-error.ts';
import type { SignableRequest } from '../../src/signing/canonical-request.ts';
import { sha256Hex } from '../../src/signing/hash.ts';
import { sdkHmacAuthorization } from '../../src/signing/sdk-hmac.ts';
import { v11Authorization } from '../../src/signing/v11-hmac.ts';
import { createV5Client } from '../../src/v5/client.ts';
import { type Answer, type HttpFixture, type SeenRequest, sendJson, startHttp } from '../http-fixture.ts';

const key = { accessKey: 'AK1', secretKey: 'SK1' };
const aksk = { kind: 'aksk', ...key } as const;
const token = { kind: 'token', token: 't1' } as const;
let server: HttpFixture;

async function serve(answer: Answer): Promise<HttpFixture> {
  server = await startHttp(answer);
  return server;
}

afterEach(() => server.close());

/** The request as a server takes it apart, with only the headers that it says are signed. */
async function signableOf(
  request: SeenRequest,
  payloadHash?: string,
): Promise<{ date: string; request: SignableRequest }> {
  const names = /SignedHeaders=([^,]+)/.exec(request.headers.authorization ?? '')?.[1]?.split(';') ?? [];
  const url = new URL(request.url, 'http://host');
  const signable = {
    method: request.method,
    path: url.pathname,
    query: [...url.searchParams],
    headers: Object.fromEntries(names.map((name) => [name, String(request.headers[name])])),
    payloadHash: payloadHash ?? (await sha256Hex(Uint8Array.from(request.body))),
  };
  return { date: String(request.headers['x-sdk-date']), request: signable };
}

describe('the v5 client', () => {
  it('signs what it sends, body, path and query as they arrive', async () => {
    const { endpoint, seen } = await serve((_, response) => sendJson(response, { devices: [], page: {} }));
    const client = createV5Client({ endpoint, projectId: 'p1', credentials: aksk });
    await client.devices.list({ device_name: "a b'(c)*+é", limit: 3 });
    const [first] = seen;
    const { date, request } = await signableOf(first as SeenRequest);
    expect(first?.headers.authorization).toBe(await sdkHmacAuthorization(key, date, request));
    expect(Object.keys(request.headers)).toEqual(expect.arrayContaining(['host', 'x-sdk-date']));
    expect(request.query).toContainEqual(['device_name', "a b'(c)*+é"]);
  });

  it('searches devices, and binds and finds tags', async () => {
    const { endpoint, seen } = await serve((_, response) => sendJson(response, { count: 1 }));
    const client = createV5Client({ endpoint, projectId: 'p1', credentials: token });
    const sql = 'select count(*) from device';
    expect(await client.devices.search(sql)).toEqual({ count: 1 });
    const tags = [{ tag_key: 'site', tag_value: 'a' }];
    await client.tags.bind({ resource_type: 'device', resource_id: 'd', tags });
    await client.tags.unbind({ resource_type: 'device', resource_id: 'd', tag_keys: ['site'] });
    await client.tags.listResources({ resource_type: 'device', tags }, { limit: 2 });
    const sent = seen.map(({ method, url, body }) => [`${method} ${url}`, JSON.parse(String(body)) as unknown]);
    expect(sent).toEqual([
      ['POST /v5/iot/p1/search/query-devices', { sql }],
      ['POST /v5/iot/p1/tags/bind-resource', { resource_type: 'device', resource_id: 'd', tags }],
      ['POST /v5/iot/p1/tags/unbind-resource', { resource_type: 'device', resource_id: 'd', tag_keys: ['site'] }],
      ['POST /v5/iot/p1/tags/query-resources?limit=2', { resource_type: 'device', tags }],
    ]);
  });

  it('signs with a derived key when told to', async () => {
    const { endpoint, seen } = await serve((_, response) => sendJson(response, {}, 201));
    const client = createV5Client({ endpoint, projectId: 'p1', credentials: aksk, derived: true, regionId: 'r-1' });
    await client.apps.create({ app_name: '线3' });
    const [first] = seen;
    const { date, request } = await signableOf(first as SeenRequest);
    expect(first?.headers.authorization).toBe(await v11Authorization(key, { sdkDate: date, regionId: 'r-1' }, request));
    expect(JSON.parse(String(first?.body))).toEqual({ app_name: '线3' });
  });

  it('uploads a package file as multipart with an unsigned body', async () => {
    const { endpoint, seen } = await serve((_, response) => sendJson(response, { file_id: 'f1' }, 201));
    const client = createV5Client({ endpoint, projectId: 'p1', credentials: aksk });
    const file = await client.packages.uploadFile(new Blob(['firmware']), 'fw.bin');
    expect(file.file_id).toBe('f1');
    const [first] = seen;
    expect(first?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(first?.headers['x-sdk-content-sha256']).toBe('UNSIGNED-PAYLOAD');
    expect(String(first?.body)).toMatch(/name="file"; filename="fw.bin"[\s\S]*firmware/);
    const { date, request } = await signableOf(first as SeenRequest, 'UNSIGNED-PAYLOAD');
    expect(request.headers).toHaveProperty('x-sdk-content-sha256');
    expect(first?.headers.authorization).toBe(await sdkHmacAuthorization(key, date, request));
  });

  it('reads, writes and clears the shadow of a device', async () => {
    const { endpoint, seen } = await serve((request, response) => {
      if (request.method === 'DELETE') response.writeHead(204).end();
      else sendJson(response, { device_id: 'd/1', shadow: [] });
    });
    const { shadows } = createV5Client({ endpoint, projectId: 'p1', credentials: token });
    const body = { shadow: [{ service_id: 's', desired: { p: null }, version: 2 }] } as const;
    expect(await shadows.get('d/1')).toEqual({ device_id: 'd/1', shadow: [] });
    await shadows.update('d/1', body);
    expect(await shadows.delete('d/1')).toBeUndefined();
    const path = '/v5/iot/p1/devices/d%2F1/shadow';
    expect(seen.map(({ method, url }) => [method, url])).toEqual(
      ['GET', 'PUT', 'DELETE'].map((method) => [method, path]),
    );
    expect(JSON.parse(String(seen[1]?.body))).toEqual(body);
  });

  it('signs in once for parallel calls and again when the token is refused', async () => {
    let issued = 0;
    const { endpoint, seen } = await serve((request, response) => {
      if (request.url.startsWith('/v3/auth/tokens')) {
        issued += 1;
        response.setHeader('X-Subject-Token', `token-${issued}`);
        sendJson(response, { token: {} }, 201);
      } else if (request.headers['x-auth-token'] === 'token-1' && seen.length > 4) {
        sendJson(response, { error_code: 'IOTDA.000002', error_msg: 'Authentication failed.' }, 401);
      } else sendJson(response, { applications: [] });
    });
    const credentials = { kind: 'password', domain: 'd', user: 'u', password: 'p', project: 'n' } as const;
    const client = createV5Client({ endpoint, projectId: 'p1', credentials });
    await Promise.all([client.apps.list(), client.apps.list()]);
    expect(issued).toBe(1);
    expect(JSON.parse(String(seen[0]?.body))).toEqual({
      auth: {
        identity: { methods: ['password'], password: { user: { domain: { name: 'd' }, name: 'u', password: 'p' } } },
        scope: { project: { name: 'n' } },
      },
    });
    await client.apps.list();
    await client.apps.list();
    expect(issued).toBe(2);
  });

  it('turns an error answer into a MusterError with code, status and request id', async () => {
    const body = { error_code: 'IOTDA.014550', error_msg: 'The batch task does not exist.' };
    const { endpoint } = await serve((_, response) => sendJson(response, body, 404));
    const client = createV5Client({ endpoint, projectId: 'p1', credentials: token });
    const error = await client.batchTasks.show('x').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(MusterError);
    expect(error).toMatchObject({
      code: 'IOTDA.014550',
      message: 'The batch task does not exist.',
      status: 404,
      requestId: 'f'.repeat(32),
    });
  });

  it('makes MusterErrors of answers that are not the server’s', async () => {
    const { endpoint } = await serve((request, response) => {
      response.statusCode = request.url.includes('apps') ? 502 : 200;
      response.end('<html>');
    });
    const client = createV5Client({ endpoint, projectId: 'p1', credentials: token });
    await expect(client.apps.list()).rejects.toMatchObject({ name: 'MusterError', code: 'HTTP.502', status: 502 });
    await expect(client.products.list()).rejects.toMatchObject({ name: 'MusterError', code: 'HTTP.200' });
  });

  it('makes a MusterError of no answer at all and throws the reason of an aborted signal', async () => {
    const { endpoint, close } = await serve((_, response) => sendJson(response, {}));
    const client = createV5Client({ endpoint, projectId: 'p1', credentials: token });
    const reason = new Error('enough');
    await expect(client.apps.list({}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await close();
    const { host } = new URL(endpoint);
    await expect(client.apps.list()).rejects.toMatchObject({
      ...{ name: 'MusterError', code: 'NETWORK', status: 0 },
      message: `No answer from ${host}: connect ECONNREFUSED ${host}`,
    });
  });

  it('says of each address of a name why it does not answer', () => {
    const refusals = ['::1', '127.0.0.1'].map((address) => new Error(`connect ECONNREFUSED ${address}:1`));
    const failed = new TypeError('fetch failed', { cause: new AggregateError(refusals) });
    expect(reasonOf(failed)).toBe('connect ECONNREFUSED ::1:1, connect ECONNREFUSED 127.0.0.1:1');
  });

  it('refuses ids that would name another resource and encodes the others', async () => {
    const { endpoint, seen } = await serve((_, response) => sendJson(response, {}));
    const client = createV5Client({ endpoint, projectId: 'p1', credentials: token });
    for (const id of ['', '.', '..']) await expect(client.devices.delete(id)).rejects.toBeInstanceOf(TypeError);
    await client.devices.get('a/b?c');
    expect(seen.map((one) => one.url)).toEqual(['/v5/iot/p1/devices/a%2Fb%3Fc']);
  });

  it('sends no body for stop of all and the list as given for single targets', async () => {
    const { endpoint, seen } = await serve((_, response) => sendJson(response, { targets: [] }));
    const { batchTasks } = createV5Client({ endpoint, projectId: 'p1', credentials: token });
    await batchTasks.stop('t1');
    await batchTasks.retry('t1', ['a']);
    await batchTasks.confirm('t1', []);
    expect(seen.map((one) => [one.url, String(one.body)])).toEqual([
      ['/v5/iot/p1/batchtasks/t1/stop', ''],
      ['/v5/iot/p1/batchtasks/t1/retry', '{"targets":["a"]}'],
      ['/v5/iot/p1/batchtasks/t1/confirm', '{"targets":[]}'],
    ]);
  });

  it('sends the idempotency key and asks for a dry run', async () => {
    const { endpoint, seen } = await serve((_, response) => sendJson(response, {}, 201));
    const { batchTasks } = createV5Client({ endpoint, projectId: 'p1', credentials: token });
    const task = { task_name: 'n', task_type: 'freezeDevices', targets: ['a'] };
    await batchTasks.create(task, { idempotencyKey: 'k1' });
    await batchTasks.dryRun(task);
    expect(seen[0]?.headers['idempotency-key']).toBe('k1');
    expect(seen[1]?.url).toBe('/v5/iot/p1/batchtasks?dry_run=true');
  });

  it('returns undefined for 204', async () => {
    const { endpoint } = await serve((_, response) => void response.writeHead(204).end());
    const client = createV5Client({ endpoint, projectId: 'p1', credentials: token });
    expect(await client.devices.freeze('d1')).toBeUndefined();
  });
});
