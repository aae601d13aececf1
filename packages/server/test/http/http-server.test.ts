import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { CreateRoleRequest, PagingQuery } from '@muster/contract/v5';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '../../src/domain/problem.ts';
import { decodePage } from '../../src/http/v5/page.ts';
import { Answer, type V5Route, v5Route } from '../../src/http/v5/route.ts';
import { type ApiServer, startApiServer, testKey } from '../support/api-server.ts';
import { type HttpAnswer, type HttpCall, call, callRaw, signed } from '../support/http-client.ts';

const date = '20261122T015513Z';
const devices = '/v5/iot/proj1/devices';
const requestId = /^[0-9a-f]{32}$/;

interface Gate {
  readonly entered: Promise<void>;
  readonly enter: () => void;
  readonly left: Promise<void>;
  readonly leave: () => void;
}

function createGate(): Gate {
  const entry = Promise.withResolvers<void>();
  const exit = Promise.withResolvers<void>();
  return { entered: entry.promise, enter: entry.resolve, left: exit.promise, leave: exit.resolve };
}

let gate = createGate();

const routes: V5Route[] = [
  v5Route('ListDevices', { query: PagingQuery, handle: ({ query }) => decodePage(query) }),
  v5Route('AddDevice', { body: CreateRoleRequest, handle: ({ body }) => body }),
  v5Route('DeleteDevice', { handle: () => undefined }),
  v5Route('ShowDevice', {
    handle: ({ param }) => {
      throw new Problem('deviceNotFound', param('device_id') === 'named' ? { field: 'device_id' } : {});
    },
  }),
  v5Route('ListProducts', {
    handle: () => {
      throw new TypeError('secret detail of a bug');
    },
  }),
  v5Route('CreateBatchTask', {
    handle: () => new Answer({ status: 200, headers: { 'X-Extra': '1' }, body: { dry: true } }),
  }),
  v5Route('RetryBatchTask', { handle: () => ({ targets: [] }) }),
  v5Route('CreateOrDeleteDeviceInGroup', { handle: () => ({}) }),
  v5Route('ListBatchTasks', {
    handle: async () => {
      gate.enter();
      await gate.left;
      return { batchtasks: [] };
    },
  }),
];

let server: ApiServer;

beforeAll(async () => {
  server = await startApiServer({ routes });
});
afterAll(() => server.stop());

const callSigned = (target: HttpCall): Promise<HttpAnswer> => call(server.port, signed(testKey, target, { date }));

function postDevice(body: string | Buffer, type = 'application/json'): Promise<HttpAnswer> {
  return callSigned({ method: 'POST', path: devices, headers: type === '' ? {} : { 'Content-Type': type }, body });
}

function expectError({ status, json }: HttpAnswer, expectedStatus: number, code: string): void {
  expect({ status, json }).toMatchObject({ status: expectedStatus, json: { error_code: `IOTDA.${code}` } });
}

describe('every answer', () => {
  it('has a request id of its own, whatever it says [v5 7]', async () => {
    const answers = [
      await callSigned({ path: devices }),
      await callSigned({ method: 'DELETE', path: `${devices}/d1` }),
      await callSigned({ path: `${devices}/d1` }),
      await callSigned({ path: '/v5/iot/proj1/products' }),
      await call(server.port, { path: devices }),
      await call(server.port, { path: '/nowhere' }),
      await call(server.port, { path: '/%zz' }),
      await call(server.port, { path: '/healthz' }),
      await call(server.port, { path: '/metrics' }),
      await call(server.port, { method: 'POST', path: '/v3/auth/tokens', body: '{' }),
      await call(server.port, { method: 'PURGE', path: devices }),
      await call(server.port, { path: devices, headers: { Expect: 'wonders' } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 204, 404, 500, 401, 404, 400, 200, 200, 400, 404, 401]);
    const ids = answers.map(({ headers }) => String(headers['x-request-id']));
    for (const id of ids) expect(id).toMatch(requestId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('to something that is no HTTP has one, too, and is an error of the contract', async () => {
    for (const bytes of [
      'nonsense\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\nbroken header\r\n\r\n',
      `GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`,
      'POST /v3/auth/tokens HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'POST /v3/auth/tokens HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      'POST /v3/auth/tokens HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    ]) {
      const answer = await callRaw(server.port, bytes);
      expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
      expect(answer.toLowerCase()).toMatch(/\r\nx-request-id: [0-9a-f]{32}\r\n/);
      expect(answer).toContain('"error_code":"IOTDA.000008"');
    }
  });

  it('to a request without Host is 400', async () => {
    const answer = await callRaw(server.port, 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toMatch(/x-request-id: [0-9a-f]{32}/i);
  });
});

describe('bodies', () => {
  const role = { user_id: 'u', project_id: 'p', role: 'viewer' };

  it('may be empty or {} where none is wanted, with a JSON content type [v5 9]', async () => {
    const headers = { 'Content-Type': 'application/json' };
    for (const body of [undefined, '', '{}']) {
      const target = { path: `${devices}/d1`, method: 'DELETE', headers, ...(body !== undefined && { body }) };
      const answer = await callSigned(target);
      expect([answer.status, answer.text]).toEqual([204, '']);
      expect((await callSigned({ ...target, path: devices, method: 'GET' })).status).toBe(200);
      expect((await callSigned({ ...target, path: '/v5/iot/proj1/batchtasks/t/retry', method: 'POST' })).status).toBe(
        200,
      );
    }
  });

  it('that are broken JSON are refused [v5 9]', async () => {
    const broken = ['{', '{"a":}', 'null,', '{"a":1}x', "{'a':1}", '\u0000', '{"a":"\u0001"}', 'NaN'];
    for (const body of [...broken, Buffer.from([0x22, 0xff, 0xfe, 0x22])]) {
      expectError(await postDevice(body), 400, '000008');
    }
  });

  it('that are JSON but no object are refused as invalid', async () => {
    for (const body of ['null', '[]', '"text"', '7', 'true']) expectError(await postDevice(body), 400, '000006');
  });

  it('name the field that is wrong', async () => {
    const answer = await postDevice(JSON.stringify({ ...role, role: 'king' }));
    expectError(answer, 400, '000006');
    expect(answer.text).toContain("'role'");
    expect((await postDevice('')).text).toContain("'user_id'");
  });

  it('lose unknown keys and nulls, and may say their character set', async () => {
    const body = JSON.stringify({ ...role, more: 1, nothing: null });
    for (const type of [
      'application/json',
      'application/json;charset=UTF-8',
      'application/json; charset="utf-8"',
      '',
    ]) {
      expect((await postDevice(body, type)).json).toEqual(role);
    }
  });

  it('of another media type or character set are refused', async () => {
    for (const type of [
      'text/plain',
      'application/xml',
      'application/json; charset=latin1',
      'multipart/form-data',
      '/',
      'é',
    ]) {
      expectError(await postDevice('{}', type), 400, '000008');
    }
  });

  it('that would change prototypes are refused, however they are spelled', async () => {
    for (const key of ['__proto__', '\\u005f_proto__', '_\\u005Fproto__', '__\\u0070roto__', '__prot\\u006F__']) {
      expectError(await postDevice(`{"user_id":{"a":[{"${key}":{"admin":true}}]}}`), 400, '000008');
    }
  });

  it('with a number that is read as another or as none are refused', async () => {
    for (const number of ['1e400', '-1E+999', `${'9'.repeat(310)}`, `1${'0'.repeat(300)}.0e20`]) {
      expectError(await postDevice(`{"user_id":{"a":[1,{"b":${number}}]}}`), 400, '000008');
    }
    expect((await postDevice('{"user_id":"1e400","a":1e-400,"b":1.5e300}')).text).not.toContain('000008');
  });

  it('that are nested without end are refused', async () => {
    expectError(await postDevice('['.repeat(200_000)), 400, '000008');
    expectError(await postDevice(`${'{"a":'.repeat(101)}1${'}'.repeat(101)}`), 400, '000008');
  });

  it('of more members or elements than any request needs are refused before they are parsed', async () => {
    const members = (count: number): string =>
      `{"targets_filter":{${Array.from({ length: count }, (_, index) => `"k${index}":1`).join()}}}`;
    const tooMany = await postDevice(members(50_000));
    expectError(tooMany, 400, '000008');
    expect(tooMany.text).toContain('50000 object members');
    expect((await postDevice(`{"a":[${'0,'.repeat(400_001)}0]}`)).text).toContain('400000 array elements');
    const most = JSON.stringify({ ...role, text: ':,"\\:'.repeat(200_000), list: Array(30_000).fill('a:b,c') });
    expect((await postDevice(most)).status).toBe(201);
    // Small enough to be parsed; the decoder then misses what is required.
    expectError(await postDevice(members(49_000)), 400, '000006');
  });

  it('of more than 8 MiB are refused, with and without their length declared', async () => {
    const large = Buffer.alloc(8 * 1024 * 1024 + 1, 0x20);
    expectError(await postDevice(large), 413, '000008');
    const chunked = { 'Transfer-Encoding': 'chunked', 'Content-Type': 'application/json' };
    expectError(await callSigned({ method: 'POST', path: devices, headers: chunked, body: large }), 413, '000008');
    const most = Buffer.concat([Buffer.from(JSON.stringify(role)), Buffer.alloc(8 * 1024 * 1024 - 60, 0x20)]);
    expect((await postDevice(most)).status).toBe(201);
  });

  it('are not read for a stranger', async () => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': '1000000' };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const socket = connect({ host: '127.0.0.1', port: server.port });
    socket.write(['POST /v5/iot/proj1/devices HTTP/1.1', 'Host: a', ...lines, '', '{'].join('\r\n'));
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1\.1 401 /);
    socket.destroy();
  });
});

describe('addresses', () => {
  it('that do not exist are 404, whatever the method [v5 9]', async () => {
    for (const target of [
      { path: '/' },
      { path: '/v5/iot/proj1/nothing' },
      { path: '/v5/iot/proj1/bridges' },
      { path: '/V5/iot/proj1/devices' },
      { path: `${devices}/` },
      { path: devices, method: 'PATCH' },
      { path: devices, method: 'PUT', body: '{}' },
      { path: '/v5/iot/proj1/devices/a/b/c' },
    ]) {
      expectError(await callSigned(target), 404, '000029');
    }
    expect((await call(server.port, { path: devices, method: 'HEAD' })).status).toBe(404);
  });

  it('with broken percent escapes are refused', async () => {
    for (const path of [`${devices}?marker=%`, `${devices}?a=%ff`, `${devices}?%zz=1`, '/v5/iot/%ff/devices']) {
      expectError(await call(server.port, { path }), 400, '000008');
    }
  });

  it('have pages that are checked', async () => {
    expect((await callSigned({ path: `${devices}?limit=50&offset=500&unknown=1` })).json).toEqual({
      limit: 50,
      marker: 'f'.repeat(24),
      offset: 500,
    });
    for (const query of ['limit=0', 'limit=51', 'limit=x', 'limit=1e1', 'limit=', 'limit=1&limit=2', 'limit=-1']) {
      expectError(await callSigned({ path: `${devices}?${query}` }), 400, '000017');
    }
    for (const query of [
      'offset=-1',
      'offset=501',
      'offset=x',
      'marker=',
      'marker=xyz',
      'marker=FFFFFFFFFFFFFFFFFFFFFFFF',
    ]) {
      expectError(await callSigned({ path: `${devices}?${query}` }), 400, '000018');
    }
  });

  it('that share a place are told apart by action_id', async () => {
    const path = '/v5/iot/proj1/device-group/g/action';
    expect((await callSigned({ method: 'POST', path: `${path}?action_id=addDevice` })).status).toBe(200);
    for (const query of ['', '?action_id=explode', '?action_id=addDevice&action_id=removeDevice']) {
      expectError(await callSigned({ method: 'POST', path: path + query }), 400, '000006');
    }
  });
});

describe('answers of handlers', () => {
  it('are errors where a problem is thrown: 404 when the address names it, 400 when a field does', async () => {
    expectError(await callSigned({ path: `${devices}/d1` }), 404, '014000');
    expectError(await callSigned({ path: `${devices}/named` }), 400, '014000');
    expectError(await callSigned({ path: `${devices}/${'x'.repeat(2000)}` }), 404, '014000');
  });

  it('say nothing about a bug, which is in the log with the request id', async () => {
    const answer = await callSigned({ path: '/v5/iot/proj1/products' });
    expectError(answer, 500, '000020');
    expect(answer.text).not.toContain('secret detail');
    const line = server.logged.findLast(({ level }) => level === 'error');
    expect(line?.fields.requestId).toBe(answer.headers['x-request-id']);
    expect(String(line?.fields.err)).toContain('secret detail');
  });

  it('may choose status and headers', async () => {
    const answer = await callSigned({ method: 'POST', path: '/v5/iot/proj1/batchtasks', body: '{}' });
    expect([answer.status, answer.headers['x-extra'], answer.json]).toEqual([200, '1', { dry: true }]);
  });
});

describe('the server', () => {
  it('says that it lives and, once it is, that it is ready', async () => {
    let ready = false;
    const fresh = await startApiServer({ ready: () => ready });
    expect((await call(fresh.port, { path: '/healthz' })).status).toBe(200);
    expectError(await call(fresh.port, { path: '/readyz' }), 503, '000023');
    ready = true;
    expect((await call(fresh.port, { path: '/readyz' })).status).toBe(200);
    await fresh.stop();
  });

  it('shows its metrics, the lag of the event loop among them', async () => {
    const { text, headers } = await call(server.port, { path: '/metrics' });
    expect(headers['content-type']).toContain('text/plain');
    expect(text).toContain('nodejs_eventloop_lag_seconds');
  });

  it('names port and setting when the port is taken', async () => {
    const fresh = await startApiServer();
    const where = { host: '127.0.0.1', port: server.port, setting: 'MUSTER_HTTP_PORT' };
    await fresh.http.close();
    const { createHttpServer } = await import('../../src/http/http-server.ts');
    const second = createHttpServer({
      host: { log: silent, clock: fresh.clock, random: { bytes: (count) => Buffer.alloc(count) } },
      ready: () => true,
      readMetrics: () => Promise.resolve({ contentType: 'text/plain', text: '' }),
      addRoutes: () => {},
    });
    await expect(second.listen(where)).rejects.toThrow(new RegExp(`Port ${server.port} .*MUSTER_HTTP_PORT.*0 picks`));
    await second.close();
    await fresh.stop();
  });

  it('finishes what is in hand when it closes, and takes nothing new', async () => {
    gate = createGate();
    const fresh = await startApiServer({ routes });
    const slow = call(fresh.port, signed(testKey, { path: '/v5/iot/proj1/batchtasks' }, { date }));
    await gate.entered;
    const closed = fresh.http.close();
    await expect(call(fresh.port, { path: '/healthz' })).rejects.toThrow('ECONNREFUSED');
    gate.leave();
    expect((await slow).status).toBe(200);
    await closed;
    await fresh.stop();
  });

  it('cuts what does not finish within ten seconds', async () => {
    gate = createGate();
    const fresh = await startApiServer({ routes });
    const stuck = call(fresh.port, signed(testKey, { path: '/v5/iot/proj1/batchtasks' }, { date }));
    stuck.catch(() => {});
    await gate.entered;
    const closed = fresh.http.close();
    await fresh.clock.advance(10_000);
    await expect(stuck).rejects.toThrow(/ECONNRESET|hang up/);
    await closed;
    gate.leave();
    await fresh.stop();
    expect(fresh.clock.pending()).toEqual([]);
  });

  it('is not held up by a connection on which nothing was asked', async () => {
    const fresh = await startApiServer();
    const accepted = once(fresh.http.app.server, 'connection');
    const idle = connect({ host: '127.0.0.1', port: fresh.port });
    const closed = once(idle, 'close');
    await accepted;
    // Time stands still: no grace ends.
    await fresh.stop();
    await closed;
  });

  it('tells a handler whose caller went before it could look', async () => {
    const seen = Promise.withResolvers<boolean>();
    const late = v5Route('ListProducts', {
      handle: async (call) => {
        const gone = once(call.request.raw.socket, 'close');
        gate.enter();
        await gone;
        seen.resolve(call.signal.aborted);
      },
    });
    gate = createGate();
    const fresh = await startApiServer({ routes: [late] });
    const target = signed(testKey, { path: '/v5/iot/proj1/products' }, { date });
    const caller = request({ host: '127.0.0.1', port: fresh.port, ...target });
    caller.on('error', () => {});
    caller.end();
    await gate.entered;
    caller.destroy();
    expect(await seen.promise).toBe(true);
    await fresh.stop();
  });

  it('closes a connection that sends its headers too slowly', async () => {
    const limits = { requestTimeoutMs: 200, headersTimeoutMs: 100, keepAliveTimeoutMs: 1000, checkMs: 50 };
    const fresh = await startApiServer({ limits });
    expect(await callRaw(fresh.port, 'GET / HTTP/1.1\r\nHost: a\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await callRaw(fresh.port, 'POST /v3/auth/tokens HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{')).toMatch(
      /^HTTP\/1\.1 400 /,
    );
    await fresh.stop();
  });
});

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
