import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { call, callRaw } from '../../support/http-client.ts';
import { codeOf, type LegacyApi, security, startLegacyApi, testSecret, upgrade } from './legacy-api.ts';

const list = `${upgrade}/category`;
const login = `${security}/login`;

/** The head of a request as it is written down, whatever a client library would make of it. */
const written = (lines: readonly string[], body = ''): string => `${lines.join('\r\n')}\r\n\r\n${body}`;

async function statusOf(api: LegacyApi, lines: readonly string[], body = ''): Promise<string> {
  const answer = await callRaw(api.port, written([...lines, 'Host: x', 'Connection: close'], body));
  return answer.split('\r\n', 1)[0] ?? '';
}

describe('The credentials of a call', () => {
  it('are told apart by what is wrong with them [legacy 7]', async () => {
    const { ask, client, newClient } = await startLegacyApi();
    const foreign = await newClient();
    const authorization = `Bearer ${client.accessToken}`;
    const attempt = async (path: string, headers: Record<string, string>) => ask('GET', path, { headers });
    const key = { app_key: client.appId };
    const tokens: readonly Record<string, string>[] = [
      {},
      { Authorization: 'Bearer' },
      { Authorization: 'Bearer nonsense' },
      { Authorization: `Basic ${client.accessToken}` },
      { Authorization: client.accessToken },
      { Authorization: `Bearer ${foreign.accessToken}` },
      { Authorization: 'Bearer x', access_token: client.accessToken },
      { access_token: `Bearer ${client.accessToken}` },
    ];
    for (const headers of tokens) {
      const answer = await attempt(list, { ...key, ...headers });
      const words = 'App_key or access_token is invalid.';
      expect([answer.status, answer.json]).toEqual([
        403,
        { error_code: '1010005', error_desc: words, resultcode: '1010005', resultmsg: words },
      ]);
    }
    for (const headers of [{}, { app_key: '' }, { app_key: 'nobody' }]) {
      expect(codeOf(await attempt(list, { ...headers, Authorization: authorization }))).toBe('403 1010005');
    }
  });

  it('may be called app_key or x-app-key, and come in the older header, their names and scheme in any case [legacy 8]', async () => {
    const { ask, client } = await startLegacyApi();
    const { appId, accessToken } = client;
    const accepted: readonly Record<string, string>[] = [
      { app_key: appId, access_token: accessToken },
      { app_key: appId, authorization: `bearer ${accessToken}` },
      { APP_KEY: appId, AUTHORIZATION: `BEARER  ${accessToken}` },
      { 'x-app-key': appId, Access_Token: accessToken },
      { app_key: appId, Authorization: `Bearer ${accessToken}`, access_token: 'x' },
    ];
    for (const headers of accepted) expect(codeOf(await ask('GET', list, { headers }))).toBe('200');
  });

  it('need no space behind the colon', async () => {
    const api = await startLegacyApi();
    const { appId, accessToken } = api.client;
    const lines = [`GET ${list} HTTP/1.1`, `app_key:${appId}`, `Authorization:Bearer ${accessToken}`];
    expect(await statusOf(api, lines)).toBe('HTTP/1.1 200 OK');
  });

  it('name whose things are meant, if that application lets them', async () => {
    const api = await startLegacyApi();
    const { client, given, scope } = api;
    const owner = await api.newClient();
    const pkg = await given.pkg({ ...scope, appId: owner.appId });
    const path = `${list}/${pkg.packageId}`;
    const asked = async (query: string) => codeOf(await client.ask('GET', `${path}${query}`));
    expect(await asked('')).toBe('404 123002');
    expect(await asked(`?appId=${owner.appId}`)).toBe('403 100217');
    for (const nobody of ['nobody', '%00', (await given.scope()).appId]) {
      expect(await asked(`?appId=${nobody}`)).toBe('403 100203');
    }
    const grant = `/apps/${owner.appId}/legacy-grants/${client.appId}`;
    expect((await api.ofProject('PUT', grant)).status).toBe(204);
    expect(await asked(`?appId=${owner.appId}`)).toBe('200');
    for (const own of ['', 'null', 'None', client.appId]) expect(await asked(`?appId=${own}`)).toBe('404 123002');
    expect(codeOf(await owner.ask('GET', `${path}?appId=${client.appId}`))).toBe('403 100217');
    expect((await api.ofProject('DELETE', grant)).status).toBe(204);
    expect(await asked(`?appId=${owner.appId}`)).toBe('403 100217');
  });

  it('name an application in a body by whatever text there is, null being none', async () => {
    const { client } = await startLegacyApi();
    const path = '/iocm/app/devgroup/v1.3.0/devGroups';
    const asked = async (appId: unknown, query = '') =>
      codeOf(await client.ask('POST', `${path}${query}`, { body: { appId } }));
    for (const nobody of ['', 'null', 'None', 'nobody', 7]) expect(await asked(nobody)).toBe('403 100203');
    expect([await asked(null, '?accessAppId=None'), await asked(client.appId)]).toEqual(['400 100022', '400 100022']);
  });

  it('are looked at before anything else, and the application that is named before the query', async () => {
    const { ask, client, newClient } = await startLegacyApi();
    const owner = await newClient();
    const bad = `${list}?pageSize=x`;
    expect(codeOf(await ask('GET', bad))).toBe('403 1010005');
    expect(codeOf(await client.ask('GET', `${bad}&appId=${owner.appId}`))).toBe('403 100217');
    expect(codeOf(await client.ask('GET', bad))).toBe('400 123029');
    expect(codeOf(await ask('GET', '/iodm/nowhere'))).toBe('404 101001');
  });
});

describe('The limit of calls', () => {
  it('lets 100 pass in any minute, and refused ones do not count [legacy 9]', async () => {
    const {
      client,
      clock,
      newClient,
      appId,
      login: signIn,
    } = await startLegacyApi({
      MUSTER_LEGACY_CALLS_PER_MINUTE: '100',
    });
    const other = await newClient();
    const count = async (times: number, headers = {}) => {
      const codes = new Set<string>();
      for (let at = 0; at < times; at++) codes.add(codeOf(await client.ask('GET', list, { headers })));
      return [...codes];
    };
    expect(await count(20, { Authorization: 'Bearer x' })).toEqual(['403 1010005']);
    expect(await count(40)).toEqual(['200']);
    clock.set(clock.now() + 30_000);
    expect(await count(60)).toEqual(['200']);
    const { json, headers } = await client.ask('GET', list);
    expect(json).toEqual({
      ...{ error_code: '1010009', error_desc: 'app throttle exceed.' },
      ...{ resultcode: '1010009', resultmsg: 'app throttle exceed.' },
    });
    expect(headers['retry-after']).toBe('30');
    expect(await count(20)).toEqual(['403 1010009']);
    expect(codeOf(await other.ask('GET', list))).toBe('200');
    expect(codeOf(await signIn(appId))).toBe('200');
    clock.set(clock.now() + 29_999);
    expect(await count(1)).toEqual(['403 1010009']);
    clock.set(clock.now() + 1);
    expect(await count(40)).toEqual(['200']);
    expect(await count(1)).toEqual(['403 1010009']);
  });

  it('is off at 0 [legacy 9]', async () => {
    const { client } = await startLegacyApi({ MUSTER_LEGACY_CALLS_PER_MINUTE: '0' });
    for (let times = 0; times < 500; times++) expect(codeOf(await client.ask('GET', list))).toBe('200');
  });
});

describe('An address', () => {
  it('that nobody serves is 404, one that is asked in another way 405 with what it takes [legacy 10]', async () => {
    const { ask, client, port } = await startLegacyApi();
    const expected = { error_code: '101001', error_desc: "Resource doesn't exist." };
    const nowhere = ['/iocm/app/x', '/iocm', '/iodm/', `${list}//`, `${list}/a/b`, `${list}/%zz`, `${login}X`];
    for (const path of [...nowhere, '/IOCM/app/sec/v1.1.0/login', '/iodm/northbound/v1.5.0/Category']) {
      const answer = await ask('GET', path);
      if (path.startsWith('/IOCM')) expect(answer.json).toMatchObject({ error_code: 'IOTDA.000029' });
      else
        expect([path, answer.status, answer.json, answer.headers['content-type']]).toEqual([
          ...[path, 404, expected, 'application/json'],
        ]);
    }
    for (const [method, path, allow] of [
      ['DELETE', login, 'POST'],
      ['GET', `${login}/`, 'POST'],
      ['PATCH', list, 'GET'],
      ['PURGE', list, 'GET'],
      ['OPTIONS', `${list}/x`, 'DELETE, GET'],
    ] as const) {
      const answer = await ask(method, path);
      expect([method, answer.status, answer.json, answer.headers.allow]).toEqual([method, 405, expected, allow]);
      expect(answer.headers['content-type']).toBe('application/json');
    }
    expect((await call(port, { method: 'HEAD', path: list })).status).toBe(405);
    expect(codeOf(await client.ask('GET', `${list}/`))).toBe('200');
    expect(codeOf(await client.ask('GET', `${list}/nobody/`))).toBe('404 123002');
  });

  it('may end in a slash and have odd queries, of which the first of a name counts', async () => {
    const { client } = await startLegacyApi();
    const pageOf = async (query: string) =>
      (await client.ask('GET', `${list}${query}`)).json as Record<string, unknown>;
    const { totalCount } = await pageOf('');
    expect(totalCount).toBe(0);
    for (const query of [
      '?',
      '/?',
      '?&pageNo=0',
      '?pageNo=0&&pageSize=10',
      '?=x&&&',
      '?x=%zz&y=%ff',
      '?a[b]={"c"}|^`',
    ]) {
      expect(await pageOf(query)).toEqual({ data: [], pageNo: 0, pageSize: 10, totalCount: 0 });
    }
    expect(await pageOf('?pageNo=3&pageNo=x&pageSize=7')).toMatchObject({ pageNo: 3, pageSize: 7 });
    expect(await pageOf('?pageNo=&pageSize=null&model=None')).toMatchObject({ pageNo: 0, pageSize: 10 });
    expect(await pageOf('?PAGENO=3&pageno=3')).toMatchObject({ pageNo: 0 });
    expect(await pageOf('?%00North%00appId=x')).toMatchObject({ pageNo: 0 });
    expect(await pageOf('?pageNo=999999999999999')).toMatchObject({ data: [], pageNo: 999_999_999_999_999 });
  });

  it('is no reason to read a body, nor is its media type [legacy 14]', async () => {
    const { client, given, scope } = await startLegacyApi();
    const { packageId } = await given.pkg(scope);
    const headers = { 'Content-Type': 'application/json' };
    expect(codeOf(await client.ask('GET', `${list}?%00North%00appId=x`, { headers }))).toBe('200');
    for (const body of ['', '{', 'x'.repeat(9_000_000)]) {
      expect(codeOf(await client.ask('GET', list, { headers, body }))).toBe('200');
    }
    expect(codeOf(await client.ask('DELETE', `${list}/${packageId}`, { headers }))).toBe('200');
  });

  it('that is no HTTP is refused by the parser', async () => {
    const api = await startLegacyApi();
    for (const path of [`${list}?a b`, `${list}?a=ü`]) {
      expect(await statusOf(api, [`GET ${path} HTTP/1.1`])).toBe('HTTP/1.1 400 Bad Request');
    }
    expect(await callRaw(api.port, written([`GET ${list} HTTP/1.1`, 'Connection: close']))).toContain('"120015"');
  });
});

describe('A body', () => {
  const secretAs = (api: LegacyApi) => ({ appId: api.appId, secret: testSecret, refreshToken: 'x' });

  it('may be expected, chunked, and follow another on the same connection', async () => {
    const api = await startLegacyApi();
    const body = JSON.stringify(secretAs(api));
    const head = (more: readonly string[]) => [`POST ${security}/refreshToken HTTP/1.1`, 'Host: x', ...more];
    const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    const answers = await callRaw(
      api.port,
      written(head([`Content-Length: ${body.length}`]), body) +
        written([`GET ${list} HTTP/1.1`, 'Host: x', 'Content-Length: 3'], '{[}') +
        written(head(['Transfer-Encoding: chunked', 'Connection: close']), chunked),
    );
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 401', 'HTTP/1.1 403', 'HTTP/1.1 401']);
    const lines = head([`Content-Length: ${body.length}`, 'Expect: 100-continue', 'Connection: close']);
    expect(await expecting(api.port, written(lines), body)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 401 /);
  });

  it('is read leniently: a mark, other media types, numbers and nulls, unknown members', async () => {
    const api = await startLegacyApi();
    const attempt = async (body: unknown, type = 'text/plain; charset=gbk') =>
      codeOf(await api.ask('POST', `${security}/refreshToken`, { body, headers: { 'Content-Type': type } }));
    const good = secretAs(api);
    for (const type of [
      'application/json',
      'application/json;charset=UTF-8',
      'application/x-www-form-urlencoded',
      'x',
    ]) {
      expect(await attempt(good, type)).toBe('401 100006');
    }
    expect(await attempt(`\ufeff${JSON.stringify(good)}`)).toBe('401 100006');
    expect(await attempt({ ...good, refreshToken: 12 })).toBe('401 100006');
    expect(await attempt({ ...good, extra: { deep: [null] } })).toBe('401 100006');
    expect(await attempt({ ...good, secret: null })).toBe('400 102202');
    for (const empty of ['', ' ', '\ufeff', 'null', '{}']) expect(await attempt(empty)).toBe('400 102202');
    for (const bad of ['[]', '7', '"x"', '{', '{"__proto__":1}', `${'['.repeat(101)}`]) {
      expect(await attempt(bad)).toBe('400 100022');
    }
    const refused = await api.ask('POST', `${security}/refreshToken`, { body: { ...good, secret: {} } });
    expect(refused.json).toEqual({
      ...{ error_code: '100022', error_desc: 'The input is invalid' },
      error_detail: "The parameter 'secret' must be a string.",
    });
  });
});

describe('A body that cannot be read', () => {
  const broken = (path: string) =>
    written([`POST ${path} HTTP/1.1`, 'Host: x', 'Transfer-Encoding: chunked'], 'zz\r\n');

  it('is refused as bad input of its family, and by v5 elsewhere', async () => {
    const { port } = await startLegacyApi();
    for (const [path, type, code] of [
      [`${security}/login?x=1`, 'application/json', '100022'],
      ['/iodm/app/sub/v1.1.0/subscribe', 'application/json', '120015'],
      ['/v3/auth/tokens', 'application/json; charset=utf-8', 'IOTDA.000008'],
    ] as const) {
      const answer = (await callRaw(port, broken(path))).toLowerCase();
      expect(answer).toMatch(/^http\/1\.1 400 bad request\r\n/);
      expect(answer).toContain(`\r\ncontent-type: ${type}\r\n`);
      expect(answer).toContain(`"error_code":"${code.toLowerCase()}"`);
    }
  });

  it('is refused so where it breaks off, in one plain sentence', async () => {
    const api = await startLegacyApi();
    const lines = [`POST ${security}/login HTTP/1.1`, 'Host: x', 'Content-Length: 10'];
    const answer = await brokenOff(api.port, written(lines, 'ab'));
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    const { error_code: code, error_detail: detail } = JSON.parse(answer.split('\r\n\r\n')[1] ?? '') as never;
    expect([code, detail]).toEqual(['100022', 'The request is not valid HTTP, too large or too slow.']);
    const unparsable = await api.ask('POST', `${security}/login`, { body: '{' });
    expect(unparsable.json).toMatchObject({ error_detail: 'The request body is not valid JSON in UTF-8.' });
    const large = await api.ask('POST', `${security}/login`, { body: 'x'.repeat(20_000) });
    expect(large.json).toMatchObject({ error_detail: 'The request body must not exceed 16384 bytes.' });
  });
});

describe('An answer without a body', () => {
  it('has the media type, but for 204', async () => {
    const { client, given, scope } = await startLegacyApi();
    const { packageId } = await given.pkg(scope);
    const { status, text, headers } = await client.ask('DELETE', `${list}/${packageId}`);
    expect([status, text, headers['content-type'], headers['content-length']]).toEqual([
      200,
      '',
      'application/json',
      '0',
    ]);
  });
});

/** Says no more behind these bytes. */
function brokenOff(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.end(bytes));
    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => (text += part));
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
}

/** Sends the body once the server has said that it may come. */
function expecting(port: number, head: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(head));
    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => {
      if (text === '') socket.write(body);
      text += part;
    });
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
}
