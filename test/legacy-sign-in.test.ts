import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect, type ConnectionOptions } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { testCertificate } from '../packages/server/test/mqtt/fixture/test-certificate.ts';
import { makeDeviceCertificate } from '../packages/server/test/support/device-certificate.ts';
import { createSecureSite } from './support/secure-site.ts';

const timeout = 60_000;
const day = 86_400_000;

interface Tokens {
  readonly accessToken: string;
}

interface Account {
  readonly defaultAppId: string;
  readonly legacyAppSecret: string;
}

async function accountIn(dataDir: string): Promise<Account> {
  return JSON.parse(await readFile(join(dataDir, 'credentials.json'), 'utf8')) as Account;
}

/** Rejects where the handshake fails. */
async function loginOver(base: string, account: Account, tls: ConnectionOptions): Promise<Tokens> {
  const sent = request(`${base}/iocm/app/sec/v1.1.0/login`, { method: 'POST', agent: false, ...tls });
  sent.end(`appId=${account.defaultAppId}&secret=${account.legacyAppSecret}`);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  expect(answer.statusCode).toBe(200);
  return JSON.parse(await text(answer)) as Tokens;
}

async function statusWith(base: string, { defaultAppId }: Account, { accessToken }: Tokens): Promise<number> {
  const headers = { app_key: defaultAppId, authorization: `Bearer ${accessToken}` };
  const answer = await fetch(`${base}/iodm/northbound/v1.5.0/category`, { headers });
  return answer.status;
}

describe('A legacy application', { timeout }, () => {
  it('signs in over HTTPS with no certificate, its own or an expired one, and on the plain port as well [legacy 1]', async () => {
    const site = await createSecureSite();
    const { http, https } = await site.start();
    const account = await accountIn(site.dataDir);
    const ca = await site.ownCertificate();
    const own = makeDeviceCertificate();
    const expired = makeDeviceCertificate({ notBefore: Date.now() - 3 * day, notAfter: Date.now() - day });
    for (const shown of [{}, testCertificate, own, expired]) {
      const { cert, key } = shown as Partial<typeof own>;
      const tokens = await loginOver(https, account, { ca, ...(cert === undefined ? {} : { cert, key }) });
      expect(await statusWith(http, account, tokens)).toBe(200);
    }
    const plain = await fetch(`${http}/iocm/app/sec/v1.1.0/login`, {
      method: 'POST',
      body: `appId=${account.defaultAppId}&secret=${account.legacyAppSecret}`,
    });
    expect(plain.status).toBe(200);
  });

  it('needs a certificate of the authority that is named [legacy 1]', async () => {
    const site = await createSecureSite();
    const authority = join(`${site.dataDir}-authority.pem`);
    await writeFile(authority, testCertificate.cert);
    const { https } = await site.start({ MUSTER_TLS_CLIENT_CA: authority });
    const account = await accountIn(site.dataDir);
    const ca = await site.ownCertificate();
    const { cert, key } = makeDeviceCertificate();
    await expect(loginOver(https, account, { ca })).rejects.toThrow();
    await expect(loginOver(https, account, { ca, cert, key })).rejects.toThrow();
    expect(await loginOver(https, account, { ca, ...testCertificate })).toMatchObject({ tokenType: 'bearer' });
  });

  it('keeps its tokens when the server starts again, under the names that the settings gave', async () => {
    const site = await createSecureSite();
    const settings = { MUSTER_LEGACY_APP_ID: 'old-app', MUSTER_LEGACY_APP_SECRET: 'OldSecret1' };
    const { https } = await site.start(settings);
    const account = { defaultAppId: 'old-app', legacyAppSecret: 'OldSecret1' };
    const tokens = await loginOver(https, account, { ca: await site.ownCertificate() });
    await site.stop();
    const { http } = await site.start(settings);
    expect(await statusWith(http, account, tokens)).toBe(200);
  });

  it('is understood in every form that old clients write [legacy 50]', async () => {
    const site = await createSecureSite();
    const { https } = await site.start();
    const { defaultAppId: appId, legacyAppSecret: secret } = await accountIn(site.dataDir);
    const ca = await site.ownCertificate();
    const ask = (lines: readonly string[], body = '') => askRaw(https, ca, { lines, body });
    const form = `appId=${appId}&secret=${secret}`;
    const formHeaders = ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${form.length}`];
    const login = await ask(['POST /iocm/app/sec/v1.1.0/login HTTP/1.1', ...formHeaders], form);
    expect(login).toMatch(/^HTTP\/1\.1 200 /);
    const { accessToken } = JSON.parse(login.slice(login.indexOf('{'))) as Tokens;
    const own = [`app_key:${appId}`, `Authorization:Bearer ${accessToken}`];
    const task = { taskName: 'old', timeout: '10', taskType: 'DeviceCmd', tags: null, appId: null };
    const param = { type: 'Broadcast', command: { serviceId: 's', method: 'm', paras: null }, callbackUrl: null };
    const body = JSON.stringify({ ...task, param });
    const sized = [...own, 'Content-Type: application/json', `Content-Length: ${body.length}`];
    const batch = '/iocm/app/batchtask/v1.1.0';
    const made = await ask([`POST ${batch}/tasks/ HTTP/1.1`, ...sized], body);
    expect(made).toMatch(/^HTTP\/1\.1 200 /);
    const { taskID } = JSON.parse(made.slice(made.indexOf('{'))) as { taskID: string };
    const plain = [...own, 'Content-Type: application/json'];
    for (const query of ['?', '?&select=tag', '?&&appId=&select=None', '/?a=1&&b=2&%00North%00appId=x']) {
      expect([query, await ask([`GET ${batch}/tasks/${taskID}${query} HTTP/1.1`, ...plain])]).toEqual([
        query,
        expect.stringMatching(/^HTTP\/1\.1 200 /),
      ]);
    }
    const older = [`APP_KEY: ${appId}`, `access_token: ${accessToken}`];
    expect(await ask([`GET ${batch}/taskDetails?&taskID=${taskID} HTTP/1.1`, ...older])).toMatch(/^HTTP\/1\.1 200 /);
    const subscription = '{"notifyType":"deviceAdded","callbackurl":"http://127.0.0.1:9/x"}';
    const expecting = [...plain, `Content-Length: ${subscription.length}`, 'Expect: 100-continue'];
    const subscribed = await ask(['POST /iodm/app/sub/v1.1.0/subscribe HTTP/1.1', ...expecting], subscription);
    expect(subscribed).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
    expect(subscribed.toLowerCase()).toContain('content-type: application/json\r\n');
    const removed = await ask(['DELETE /iocm/app/sub/v1.2.0/subscriptions HTTP/1.1', ...plain]);
    expect(removed).toMatch(/^HTTP\/1\.1 204 /);
    const chunked = [...plain, 'Transfer-Encoding: chunked'];
    const again = await ask(
      ['POST /iodm/app/sub/v1.1.0/subscribe HTTP/1.1', ...chunked],
      `${subscription.length.toString(16)}\r\n${subscription}\r\n0\r\n\r\n`,
    );
    expect(again).toMatch(/^HTTP\/1\.1 200 /);
  });
});

/** Whatever the server says to these bytes until it closes the connection. */
async function askRaw(
  base: string,
  ca: string,
  { lines, body }: { readonly lines: readonly string[]; readonly body: string },
): Promise<string> {
  const { hostname: host, port } = new URL(base);
  const socket = connect({ host, port: Number(port), ca });
  await once(socket, 'secureConnect');
  socket.write(`${[...lines, `Host: ${host}`, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`);
  return text(socket);
}
