import { type connect, createServer as createTcpServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { ObjectStoreSettings } from '../../src/domain/object-store-settings.ts';
import { addressOf } from '../../src/packages-store/s3/object-address.ts';
import { createObjectStores } from '../../src/packages-store/s3/object-stores.ts';
import { createLog } from '../../src/system/log.ts';
import { type S3Server, startS3Server, testBucket } from '../support/s3-server.ts';

const log = createLog({ level: 'silent', format: 'json' });
const clock = { now: () => Date.now() };

function storesOf(settings: ObjectStoreSettings, over: { answerTimeoutMs?: number } = {}) {
  const stores = createObjectStores({ here: settings }, { clock, log, ...over });
  onTestFinished(() => stores.stop());
  return stores;
}

const at = (key: string, over: { region?: string; bucket?: string } = {}) => ({
  ...{ region: 'here', bucket: testBucket, key },
  ...over,
});

const strangeKeys = [
  'fw.bin',
  'a b/c+d%20e&f=g?h#i.bin',
  'quotes\'"(x)!*~-_.bin',
  '固件/прошивка-é-😀.bin',
  'dots...and/.hidden/..name.bin',
  'back\\slash:@;,$.bin',
];

test.each(strangeKeys)(
  'an object named %j is found, and its signed URL opens it for anybody, whole or in part',
  async (key) => {
    const server = await startS3Server();
    await server.put(key, 'firmware');
    const stores = storesOf(server.settings);
    expect(await stores.look(at(key))).toEqual({ kind: 'found', size: 8 });
    const url = (await stores.sign(at(key), Date.now(), 60)) ?? '';
    expect(url).toContain('X-Amz-Expires=60');
    expect(await (await fetch(url)).text()).toBe('firmware');
    const part = await fetch(url, { headers: { range: 'bytes=4-6' } });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 4-6/8', 'war']);
  },
);

test('a signed URL opens nothing else, not when it was changed, and not when its time is over', async () => {
  const server = await startS3Server();
  await server.put('a.bin', 'a');
  await server.put('b.bin', 'b');
  const stores = storesOf(server.settings);
  const url = (await stores.sign(at('a.bin'), Date.now(), 60)) ?? '';
  const statusOf = async (changed: string): Promise<number> => (await fetch(changed)).status;
  expect(await statusOf(url)).toBe(200);
  expect(await statusOf(url.replace('a.bin', 'b.bin'))).toBe(403);
  expect(await statusOf(url.replace('X-Amz-Expires=60', 'X-Amz-Expires=600'))).toBe(403);
  expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
  expect(await statusOf((await stores.sign(at('a.bin'), Date.now() - 61_000, 60)) ?? '')).toBe(403);
});

test('what is signed for longer than stores accept is valid for their week', async () => {
  const server = await startS3Server();
  await server.put('a.bin', 'a');
  const url = (await storesOf(server.settings).sign(at('a.bin'), Date.now(), 10_000_000)) ?? '';
  expect(url).toContain('X-Amz-Expires=604800');
  expect((await fetch(url)).status).toBe(200);
});

test('nothing is signed for a region that is not configured', async () => {
  const server = await startS3Server();
  expect(await storesOf(server.settings).sign(at('a.bin', { region: 'there' }), Date.now(), 60)).toBeUndefined();
});

test.each([
  [at('none.bin'), 'There is no such object in the bucket.'],
  [at('a.bin', { bucket: 'nobodys' }), 'There is no such object in the bucket.'],
  [at('a.bin', { region: 'there' }), 'The region there is not known.'],
  [at('a.bin', { region: 'constructor' }), 'The region constructor is not known.'],
  [at('a.bin', { bucket: 'a..b' }), 'The name of the bucket is not valid.'],
  [at('a.bin', { bucket: '...' }), 'The name of the bucket is not valid.'],
  [at('a.bin', { bucket: '-bucket' }), 'The name of the bucket is not valid.'],
  [at('../other/a.bin'), 'The key has the part . or .. and cannot be put into a URL.'],
  [at('x/./a.bin'), 'The key has the part . or .. and cannot be put into a URL.'],
  [at('folder/'), 'The key has no file name at its end.'],
])('%j is unusable: %s', async (place, reason) => {
  const server = await startS3Server();
  await server.put('a.bin', 'a');
  expect(await storesOf(server.settings).look(place)).toEqual({ kind: 'unusable', reason });
});

test('a store that refuses the keys is unusable, and they are not told', async () => {
  const server = await startS3Server();
  await server.put('a.bin', 'a');
  const look = await storesOf({ ...server.settings, secretAccessKey: 'another-secret' }).look(at('a.bin'));
  expect(look).toEqual({
    kind: 'unusable',
    reason: 'The object store answers 403: the access key may not do this, or there is no such object.',
  });
});

test('a redirect is not followed', async () => {
  const server = await startS3Server();
  server.answerWith((_request, response) => response.writeHead(307, { location: '/packages/other' }).end());
  const look = await storesOf(server.settings).look(at('a.bin'));
  expect(look).toEqual({
    kind: 'unusable',
    reason: 'The object store answers 307: the bucket is in another region or at another endpoint.',
  });
  expect(server.seen).toHaveLength(1);
});

test('a store that is down is unusable at once, and used again when it is back', async () => {
  const server = await startS3Server();
  await server.put('a.bin', 'a');
  const stores = storesOf(server.settings);
  await server.stop();
  expect(await stores.look(at('a.bin'))).toEqual({ kind: 'unusable', reason: 'The object store does not answer.' });
  await server.start();
  expect(await stores.look(at('a.bin'))).toEqual({ kind: 'found', size: 1 });
});

test('a store that takes the question and says nothing is given up', async () => {
  const silent = createTcpServer((socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const sockets: ReturnType<typeof connect>[] = [];
  silent.on('connection', (socket) => sockets.push(socket));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  const settings = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'r',
    accessKeyId: 'a',
    secretAccessKey: 's',
    pathStyle: true,
  };
  expect(await storesOf(settings, { answerTimeoutMs: 50 }).look(at('a.bin'))).toEqual({
    kind: 'unusable',
    reason: 'The object store does not answer.',
  });
});

test('every request carries its signature in a header, and none in the URL', async () => {
  const server: S3Server = await startS3Server();
  await server.put('a b.bin', 'a');
  await storesOf(server.settings).look(at('a b.bin'));
  expect(server.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'PUT /packages/a%20b.bin',
    'HEAD /packages/a%20b.bin',
  ]);
  for (const { authorization } of server.seen) expect(authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=S3RVER\//);
});

test('a bucket stands in the path, or in the host name where the store wants it there', () => {
  const store = {
    endpoint: 'https://s3.example.com',
    region: 'r',
    accessKeyId: 'a',
    secretAccessKey: 's',
    pathStyle: true,
  };
  expect(addressOf(store, 'bucket', 'k/é')).toEqual({
    protocol: 'https:',
    host: 's3.example.com',
    path: '/bucket/k/%C3%A9',
  });
  expect(addressOf({ ...store, pathStyle: false }, 'bucket', 'k')).toEqual({
    protocol: 'https:',
    host: 'bucket.s3.example.com',
    path: '/k',
  });
  expect(addressOf({ ...store, endpoint: 'http://s3.example.com:9000/store' }, 'bucket', 'k')).toEqual({
    protocol: 'http:',
    host: 's3.example.com:9000',
    path: '/store/bucket/k',
  });
});
