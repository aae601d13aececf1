import { describe, expect, it } from 'vitest';
import { Problem } from '../../../src/domain/problem.ts';
import { legacyErrorOf } from '../../../src/http/legacy/problems.ts';
import {
  codeOf,
  type LegacyApi,
  type LegacyTokens,
  security,
  startLegacyApi,
  testSecret,
  upgrade,
} from './legacy-api.ts';

const list = `${upgrade}/category`;

async function loggedIn(api: LegacyApi): Promise<LegacyTokens> {
  return (await api.login(api.appId)).json as LegacyTokens;
}

/** The answer to a call with this token. */
async function callWith({ ask, appId }: LegacyApi, accessToken: string): Promise<string> {
  return codeOf(await ask('GET', list, { headers: { app_key: appId, Authorization: `Bearer ${accessToken}` } }));
}

const refresh = (api: LegacyApi, refreshToken: string, over: object = {}) =>
  api.ask('POST', `${security}/refreshToken`, {
    headers: { 'Content-Type': 'application/json' },
    body: { appId: api.appId, secret: testSecret, refreshToken, ...over },
  });

const logout = (api: LegacyApi, accessToken: string) =>
  api.ask('POST', `${security}/logout`, { body: { accessToken } });

describe('Signing in', () => {
  it('takes the form as old clients send it and answers the five members [legacy 2]', async () => {
    const api = await startLegacyApi();
    const { status, headers, json } = await api.login(api.appId);
    expect([status, headers['content-type']]).toEqual([200, 'application/json']);
    expect(json).toEqual({
      ...{ scope: 'default', tokenType: 'bearer', expiresIn: 3600 },
      accessToken: expect.stringMatching(/^[0-9a-f]{64}$/),
      refreshToken: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('takes names in any case, JSON, whatever media type, and says what is wrong or missing [legacy 3]', async () => {
    const { ask, appId } = await startLegacyApi();
    const attempt = async (body: unknown, headers = {}) =>
      codeOf(await ask('POST', `${security}/login`, { body, headers }));
    expect(await attempt(`appId=${appId}&Secret=${testSecret}`)).toBe('200');
    expect(await attempt(`secret=${testSecret}&APPID=${appId}&x`, { 'Content-Type': 'text/plain' })).toBe('200');
    expect(await attempt(`appId=${appId}&secret=%53${testSecret.slice(1)}`)).toBe('200');
    expect(await attempt({ appId, secret: testSecret }, { 'Content-Type': 'application/json' })).toBe('200');
    expect(await attempt(`\ufeff ${JSON.stringify({ AppId: appId, secret: testSecret, more: [] })}`)).toBe('200');
    for (const body of [`appId=${appId}&secret=wrong`, `appId=${appId}&secret=${testSecret}x`]) {
      expect(await attempt(body)).toBe('401 100208');
    }
    for (const unknown of ['nobody', 'x'.repeat(200), '%zz']) {
      expect(await attempt(`appId=${unknown}&secret=${testSecret}`)).toBe('401 100208');
    }
    for (const body of [undefined, '', `appId=${appId}`, `appId=&secret=x`, { appId }, { appId, secret: null }]) {
      expect(await attempt(body)).toBe('400 102202');
    }
    for (const body of [{ appId, secret: '' }, { appId: '', secret: testSecret }, '{}']) {
      expect(await attempt(body)).toBe('400 102202');
    }
    for (const body of [
      '{',
      `{"appId":{},"secret":"x"}`,
      `appId=${appId}&secret=${'x'.repeat(257)}`,
      'appId=%00&secret=x',
    ]) {
      expect(await attempt(body)).toBe('400 100022');
    }
    expect(await attempt('x'.repeat(20_000))).toBe('413 100022');
  });

  it('gets new tokens for a refresh token, without app_key and Authorization [legacy 4]', async () => {
    const api = await startLegacyApi();
    const first = await loggedIn(api);
    const answer = await refresh(api, first.refreshToken);
    expect(answer.status).toBe(200);
    const second = answer.json as LegacyTokens;
    expect(second.refreshToken).not.toBe(first.refreshToken);
    // Both go on: the tokens of before, and the refresh token itself.
    expect([await callWith(api, first.accessToken), await callWith(api, second.accessToken)]).toEqual(['200', '200']);
    expect(codeOf(await refresh(api, first.refreshToken))).toBe('200');
    for (const token of ['wrong', first.accessToken]) expect(codeOf(await refresh(api, token))).toBe('401 100006');
    expect(codeOf(await refresh(api, first.refreshToken, { secret: 'wrong' }))).toBe('401 100208');
    expect(codeOf(await refresh(api, first.refreshToken, { appId: 'wrong' }))).toBe('401 100208');
    expect(codeOf(await refresh(api, '', {}))).toBe('400 102202');
    const foreign = await api.newClient();
    expect(codeOf(await refresh(api, first.refreshToken, { appId: foreign.appId }))).toBe('401 100006');
    api.clock.set(api.clock.now() + 86_400_000);
    expect(codeOf(await refresh(api, second.refreshToken))).toBe('401 100006');
  });

  it('leaves earlier tokens as they are, and ends them where only the newest is to count [legacy 5]', async () => {
    const many = await startLegacyApi();
    const [first, second] = [await loggedIn(many), await loggedIn(many)];
    expect([await callWith(many, first.accessToken), await callWith(many, second.accessToken)]).toEqual(['200', '200']);
    const single = await startLegacyApi({ MUSTER_LEGACY_SINGLE_TOKEN: 'true' });
    const [old, newest] = [await loggedIn(single), await loggedIn(single)];
    expect(await callWith(single, old.accessToken)).toBe('403 1010005');
    expect(await callWith(single, newest.accessToken)).toBe('200');
    expect(codeOf(await refresh(single, old.refreshToken))).toBe('200');
    expect(await callWith(single, newest.accessToken)).toBe('403 1010005');
  });

  it('ends with a logout, which may come twice [legacy 6]', async () => {
    const api = await startLegacyApi();
    const { accessToken } = await loggedIn(api);
    for (let times = 0; times < 2; times++) {
      const { status, text, headers } = await logout(api, accessToken);
      expect([status, text, headers['content-type']]).toEqual([204, '', undefined]);
    }
    expect(await callWith(api, accessToken)).toBe('403 1010005');
    expect(codeOf(await logout(api, ''))).toBe('400 102202');
  });

  it('lasts as long as the settings say', async () => {
    const api = await startLegacyApi({ MUSTER_LEGACY_ACCESS_TOKEN_LIFE_SECONDS: '60' });
    const { json } = await api.login(api.appId);
    expect(json).toMatchObject({ expiresIn: 60 });
    const { accessToken } = json as LegacyTokens;
    api.clock.set(api.clock.now() + 59_999);
    expect(await callWith(api, accessToken)).toBe('200');
    api.clock.set(api.clock.now() + 1);
    expect(await callWith(api, accessToken)).toBe('403 1010005');
  });

  it('is refused to an address after 20 failures in a minute, whatever it says then', async () => {
    const api = await startLegacyApi({ MUSTER_LEGACY_CALLS_PER_MINUTE: '100' });
    const { refreshToken } = await loggedIn(api);
    const fail = async () => codeOf(await api.login(api.appId, 'wrong'));
    for (let times = 0; times < 19; times++) expect(await fail()).toBe('401 100208');
    api.clock.set(api.clock.now() + 10_000);
    expect(codeOf(await refresh(api, refreshToken, { secret: 'wrong' }))).toBe('401 100208');
    for (const answer of [await api.login(api.appId), await refresh(api, refreshToken)]) {
      expect([codeOf(answer), answer.headers['retry-after']]).toEqual(['403 1010009', '50']);
    }
    api.clock.set(api.clock.now() + 50_000);
    expect(codeOf(await api.login(api.appId))).toBe('200');
  });

  it('is refused to all but 20 failures that come at once, and to none that succeeds', async () => {
    const api = await startLegacyApi({ MUSTER_LEGACY_CALLS_PER_MINUTE: '100' });
    const atOnce = async (secret?: string) => {
      const answers = await Promise.all(Array.from({ length: 50 }, () => api.login(api.appId, secret)));
      return answers.map(codeOf).toSorted();
    };
    expect(new Set(await atOnce())).toEqual(new Set(['200']));
    const [wrong, tooMany] = [Array<string>(20).fill('401 100208'), Array<string>(30).fill('403 1010009')];
    expect(await atOnce('wrong')).toEqual([...wrong, ...tooMany]);
    expect(codeOf(await api.login(api.appId))).toBe('403 1010009');
  });

  it('that finds too many in line is told so as work that is too much', () => {
    const error = legacyErrorOf(new Problem('rateLimited'), 'iocm');
    expect([error?.status, error?.code]).toEqual([500, '50252']);
  });

  it('may fail without end where calls are not limited', async () => {
    const api = await startLegacyApi();
    for (let times = 0; times < 30; times++) expect(codeOf(await api.login(api.appId, 'wrong'))).toBe('401 100208');
    expect(codeOf(await api.login(api.appId))).toBe('200');
  });
});

describe('A legacy secret', () => {
  const path = (appId: string): string => `/apps/${appId}/legacy-secret`;

  it('is replaced by the next one, and revoked with all tokens [legacy 49]', async () => {
    const api = await startLegacyApi();
    const { appId } = await api.given.app(api.scope);
    expect(codeOf(await api.login(appId))).toBe('401 100208');
    const made = await api.ofProject('POST', path(appId));
    expect(made.status).toBe(201);
    const { secret: old = '', ...rest } = made.json as Record<string, string>;
    expect(rest).toEqual({ app_id: appId });
    expect(old).toMatch(/^[A-Za-z0-9]{32}$/);
    const { json } = await api.login(appId, old);
    const { accessToken, refreshToken } = json as LegacyTokens;

    const wished = 'a1'.repeat(128);
    expect((await api.ofProject('POST', path(appId), { secret: wished })).json).toEqual({
      app_id: appId,
      secret: wished,
    });
    expect([codeOf(await api.login(appId, old)), codeOf(await api.login(appId, wished))]).toEqual([
      '401 100208',
      '200',
    ]);
    const client = { ...api, appId };
    expect(await callWith(client, accessToken)).toBe('200');

    const revoked = await api.ofProject('DELETE', path(appId));
    expect([revoked.status, revoked.text]).toEqual([204, '']);
    expect(codeOf(await api.login(appId, wished))).toBe('400 100247');
    expect(codeOf(await refresh(client, refreshToken, { secret: wished }))).toBe('400 100247');
    expect(codeOf(await api.login(appId, 'wrong'))).toBe('401 100208');
    expect(await callWith(client, accessToken)).toBe('403 1010005');

    await api.setSecret(appId);
    expect(codeOf(await api.login(appId))).toBe('200');
    expect(await callWith(client, accessToken)).toBe('403 1010005');
  });

  it('is stored as a hash, and so are tokens', async () => {
    const api = await startLegacyApi();
    const stored = await api.store.legacyAccess.findSecret(api.appId);
    expect(stored?.secretHash).toMatch(/^scrypt\$/);
    expect(stored?.secretHash).not.toContain(testSecret);
    const { accessToken: hash } = api.client;
    const now = api.clock.now();
    expect((await api.store.legacyAccess.findCaller({ appId: api.appId, hash, now }))?.isSignedIn).toBe(false);
  });
});
