import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ConnectionOptions } from 'node:tls';
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
});
