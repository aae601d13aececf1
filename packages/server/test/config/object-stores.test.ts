import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ConfigError, loadConfig } from '../../src/config/load-config.ts';

const secret = 'do-not-show';
const store = {
  endpoint: 'https://s3.example.com',
  region: 'eu-1',
  accessKeyId: 'AK',
  secretAccessKey: secret,
  pathStyle: false,
};

function config(env: Record<string, string>) {
  const loaded = loadConfig({ args: [], env, isTerminal: false });
  if (loaded.kind !== 'run') throw new Error('expected a configuration');
  return loaded.config;
}

const given = (stores: unknown, rest: Record<string, string> = {}) => ({
  MUSTER_OBJECT_STORES: typeof stores === 'string' ? stores : JSON.stringify(stores),
  ...rest,
});

function complaintAbout(env: Record<string, string>): string {
  try {
    config(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('The settings were taken.');
}

describe('object stores', () => {
  it('come as JSON, or as they are in the settings file', async () => {
    expect(config(given({ here: store })).objectStores).toEqual({ here: store });
    const folder = await mkdtemp(join(tmpdir(), 'muster-stores-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, 'muster.json');
    await writeFile(path, JSON.stringify({ objectStores: { here: store } }));
    expect(config({ MUSTER_CONFIG: path }).objectStores).toEqual({ here: store });
    expect(config({}).objectStores).toEqual({});
  });

  it('have the bucket in the path unless they say otherwise, and an endpoint without a slash at its end', () => {
    const { pathStyle: _, ...rest } = store;
    const { objectStores } = config(given({ here: { ...rest, endpoint: 'http://10.0.0.1:9000/s3/' } }));
    expect(objectStores['here']).toEqual({ ...store, endpoint: 'http://10.0.0.1:9000/s3', pathStyle: true });
  });

  const wrong: [string, unknown, string][] = [
    ['no JSON', `{"here": ${secret}`, 'must be valid JSON'],
    ['a list', [store], 'must be a JSON object of regions'],
    ['no region', {}, 'must have 1 to 100 regions'],
    ['a region with a slash', { 'a/b': store }, 'must have regions named with'],
    ['a store that is none', { here: secret }, 'must have an object in here'],
    [
      'a field too many',
      { here: { ...store, sessionToken: secret } },
      'must have no other fields in here than endpoint,',
    ],
    ['no endpoint', { here: { ...store, endpoint: undefined } }, 'in here.endpoint'],
    ['an endpoint with a password', { here: { ...store, endpoint: `https://a:${secret}@b` } }, 'in here.endpoint'],
    ['an endpoint with a query', { here: { ...store, endpoint: 'https://a/?x' } }, 'in here.endpoint'],
    ['an endpoint of another kind', { here: { ...store, endpoint: 'ftp://a' } }, 'in here.endpoint'],
    [
      'an address that no bucket can precede',
      { here: { ...store, endpoint: 'https://10.0.0.1' } },
      'where pathStyle is false',
    ],
    ['no region of the store', { here: { ...store, region: '' } }, 'in here.region'],
    ['no access key', { here: { ...store, accessKeyId: 7 } }, 'in here.accessKeyId'],
    ['a secret with a blank', { here: { ...store, secretAccessKey: `${secret} x` } }, 'in here.secretAccessKey'],
    ['a path style in words', { here: { ...store, pathStyle: 'yes' } }, 'in here.pathStyle'],
  ];

  it.each(wrong)('with %s stop the start, and the secret is not shown', (_what, stores, sentence) => {
    const message = complaintAbout(given(stores));
    expect(message).toContain('MUSTER_OBJECT_STORES');
    expect(message).toContain(sentence);
    expect(message).not.toContain(secret);
  });

  it('are masked where settings are printed', () => {
    const loaded = loadConfig({ args: ['--print-config'], env: given({ here: store }), isTerminal: false });
    expect(loaded.kind === 'print' && loaded.text).toContain('"objectStores": "***"');
    expect(JSON.stringify(loaded)).not.toContain(secret);
  });
});

describe('the place of uploaded packages', () => {
  const placeOf = (env: Record<string, string>) => config(env).packages.place;

  it('is the data folder, another folder, or a bucket', () => {
    expect(placeOf({})).toBeUndefined();
    expect(placeOf({ MUSTER_PACKAGE_STORE: '/srv/packages' })).toEqual({ kind: 'folder', path: '/srv/packages' });
    expect(placeOf({ MUSTER_PACKAGE_STORE: 'here/packages' })).toEqual({ kind: 'folder', path: 'here/packages' });
    const stores = given({ here: store });
    expect(placeOf({ ...stores, MUSTER_PACKAGE_STORE: './here/packages' })).toMatchObject({ kind: 'folder' });
    const bucket = { kind: 'bucket', region: 'here', bucket: 'packages' };
    expect(placeOf({ ...stores, MUSTER_PACKAGE_STORE: 'here/packages' })).toEqual(bucket);
  });

  it('must not be in a region that has no store', () => {
    const env = given({ here: store }, { MUSTER_PACKAGE_STORE: 'hree/packages' });
    expect(complaintAbout(env)).toContain(
      'MUSTER_PACKAGE_STORE names a region that MUSTER_OBJECT_STORES does not have',
    );
  });
});
