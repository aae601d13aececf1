import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AppId, asId, type ProjectId } from '../../src/domain/ids.ts';
import { lastMarker } from '../../src/domain/paging.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Store } from '../../src/ports/store/store.ts';
import {
  type FirstAccountParts,
  type FirstAccountSettings,
  ensureFirstAccount,
} from '../../src/services/first-account.ts';
import { createCredentialsFile } from '../../src/system/credentials-file.ts';
import { createPasswordHasher } from '../../src/system/password-hasher.ts';
import { createRealRandom } from '../../src/system/real-random.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { openTestStore } from '../support/test-store.ts';

const generated: FirstAccountSettings = {
  domain: 'muster',
  user: 'admin',
  password: undefined,
  accessKey: undefined,
  secretKey: undefined,
  projectId: undefined,
  projectName: 'default',
  legacyAppId: undefined,
  legacyAppSecret: undefined,
};

let folder: string;
let store: Store;
let parts: FirstAccountParts;
let logged: string;

beforeEach(async () => {
  folder = join(mkdtempSync(join(tmpdir(), 'muster-first-')), 'data');
  const clock = createManualClock();
  store = await openTestStore();
  logged = '';
  const write = (fields: object, message: string): void => {
    logged += `${JSON.stringify(fields)} ${message}\n`;
  };
  const log: Log = { debug: write, info: write, warn: write, error: write, child: () => log };
  const random = createRealRandom(() => clock.now());
  const passwords = createPasswordHasher({ N: 16, r: 8, p: 1 });
  parts = { accounts: store.accounts, clock, random, passwords, log, file: createCredentialsFile(folder) };
});
afterEach(async () => {
  await store.stop();
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

const path = (): string => join(folder, 'credentials.json');
const credentials = (): Record<string, string> => JSON.parse(readFileSync(path(), 'utf8')) as Record<string, string>;

describe('the first start', () => {
  it('makes admin, project, key and default application, and writes down what it generated for its owner alone', async () => {
    expect(await ensureFirstAccount(parts, generated)).toBe(true);
    const { user = '', password = '', projectId = '', accessKey = '', secretKey = '', defaultAppId } = credentials();
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    const stored = await store.accounts.findUserByName('muster', user);
    expect(await parts.passwords.verify(password, stored?.passwordHash, '::1')).toBe(true);
    const key = await store.accounts.findAccessKey(accessKey);
    expect(key).toMatchObject({ secretKey, projectId, userId: stored?.userId });
    expect(projectId).toMatch(/^[0-9a-f]{32}$/);
    expect((await store.apps.findDefault(asId<ProjectId>(projectId)))?.appId).toBe(defaultAppId);
    const legacy = await store.legacyAccess.findSecret(asId<AppId>(String(defaultAppId)));
    const { legacyAppSecret = '' } = credentials();
    expect(legacyAppSecret).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(await parts.passwords.verify(legacyAppSecret, legacy?.secretHash, '::1')).toBe(true);
    expect(logged).toContain(path());
    for (const secret of [password, secretKey, legacyAppSecret]) expect(logged).not.toContain(secret);
  });

  it('takes what the operator gave and does not copy its secrets', async () => {
    const given = { ...generated, password: 'given password', accessKey: 'AK1', secretKey: 'SK1', projectId: 'p1' };
    const legacy = { legacyAppId: 'old-app', legacyAppSecret: 'OldSecret1' };
    await ensureFirstAccount(parts, { ...given, ...legacy });
    expect(await store.accounts.findAccessKey('AK1')).toMatchObject({ secretKey: 'SK1', projectId: 'p1' });
    expect(credentials()).toMatchObject({ user: 'admin', accessKey: 'AK1', projectId: 'p1' });
    expect((await store.apps.findDefault(asId<ProjectId>('p1')))?.appId).toBe('old-app');
    const stored = await store.legacyAccess.findSecret(asId<AppId>('old-app'));
    expect(await parts.passwords.verify('OldSecret1', stored?.secretHash, '::1')).toBe(true);
    expect(readFileSync(path(), 'utf8')).not.toMatch(/given password|SK1|OldSecret1/);
  });

  it('is the only one: later starts change nothing', async () => {
    await ensureFirstAccount(parts, generated);
    const before = credentials();
    expect(await ensureFirstAccount(parts, { ...generated, user: 'other', projectId: 'p2' })).toBe(false);
    expect(credentials()).toEqual(before);
    expect((await store.accounts.listUsers({ limit: 10, marker: lastMarker, offset: 0 })).count).toBe(1);
  });

  it('that was cut before the account stood is begun again', async () => {
    await parts.file.stage('{"accessKey":"AKLOST"');
    expect(await ensureFirstAccount(parts, generated)).toBe(true);
    expect(credentials().accessKey).not.toBe('AKLOST');
  });

  it('that was cut after the account stood keeps its credentials', async () => {
    await ensureFirstAccount(parts, generated);
    const text = readFileSync(path(), 'utf8');
    rmSync(path());
    writeFileSync(`${path()}.new`, text);
    expect(await ensureFirstAccount(parts, generated)).toBe(false);
    expect(readFileSync(path(), 'utf8')).toBe(text);
    expect(existsSync(`${path()}.new`)).toBe(false);
  });
});
