import { expect, onTestFinished, test } from 'vitest';
import { createObjectStores } from '../../../../src/packages-store/s3/object-stores.ts';
import { createLog } from '../../../../src/system/log.ts';
import { startS3Server, testBucket } from '../../../support/s3-server.ts';
import { openPackageFixture } from './package-fixture.ts';

const sign = 'a'.repeat(64);
const log = createLog({ level: 'silent', format: 'json' });

/** The package API with one region, `here`, whose store has the object `fw/1.2.bin` of 8 bytes. */
async function open(bytesMax = 1000) {
  const s3 = await startS3Server();
  await s3.put('fw/1.2.bin', 'firmware');
  const stores = createObjectStores({ here: s3.settings }, { clock: { now: () => Date.now() }, log });
  const fixture = await openPackageFixture({ fileBytesMax: bytesMax, objects: stores });
  onTestFinished(async () => {
    await fixture.close();
    await stores.stop();
  });
  const product = await fixture.given.product(fixture.scope, { name: 'Press' });
  const place = { region_name: 'here', bucket_name: testBucket, object_key: 'fw/1.2.bin' };
  const body = (over: object = {}) => ({
    app_id: fixture.scope.appId,
    product_id: product.productId,
    package_type: 'firmwarePackage',
    version: '1.2',
    file_location: { obs_location: { ...place, ...over } },
  });
  const create = (over?: object) => fixture.call('POST', '/packages', body(over));
  return { ...fixture, s3, place, create };
}

test('a package from an object is created, shown with its place and signature, and deleted; the object stays', async () => {
  const { call, create, place, s3 } = await open();
  const created = await create({ sign_method: 'SHA256', sign });
  expect(created.status).toBe(201);
  expect(created.body['file_location']).toEqual({ obs_location: { ...place, sign_method: 'SHA256', sign } });
  expect(created.body).not.toHaveProperty('warnings');
  const path = `/packages/${String(created.body['package_id'])}`;
  expect((await call('GET', path)).body).toEqual(created.body);
  expect((await call('DELETE', path)).status).toBe(204);
  expect(await s3.client.head(testBucket, 'fw/1.2.bin')).toBe(8);
});

test('a signature is not needed', async () => {
  const { create, place } = await open();
  expect((await create()).body['file_location']).toEqual({ obs_location: place });
});

test.each([
  ['an unknown region', { region_name: 'there' }, 'The region there is not known.'],
  ['a missing object', { object_key: 'fw/1.3.bin' }, 'There is no such object in the bucket.'],
  ['a missing bucket', { bucket_name: 'nobodys' }, 'There is no such object in the bucket.'],
  ['a key that leads elsewhere', { object_key: '../x/fw.bin' }, 'The key has the part . or ..'],
])('%s answers 014588 and says so', async (_what, over, reason) => {
  const { create, call } = await open();
  const { status, body } = await create(over);
  expect([status, body['error_code']]).toEqual([400, 'IOTDA.014588']);
  expect(body['error_msg']).toContain(reason);
  expect((await call('GET', '/packages?package_type=firmwarePackage')).body['packages']).toEqual([]);
});

test('an object of too many bytes and one of none answer 014588', async () => {
  const { create, s3 } = await open(7);
  const messageOf = async (over?: object): Promise<unknown> => (await create(over)).body['error_msg'];
  expect(await messageOf()).toContain('It exceeds 7 bytes.');
  await s3.put('empty.bin', '');
  expect(await messageOf({ object_key: 'empty.bin' })).toContain('It is empty.');
});

test('an object that the official C SDK cannot load is accepted with a warning', async () => {
  const { create, s3 } = await open(2 ** 30);
  s3.answerWith((_request, response) => response.writeHead(200, { 'content-length': '1000000000' }).end());
  const { status, body } = await create();
  expect(status).toBe(201);
  expect(body['warnings']).toEqual([expect.stringContaining('1000000000 bytes')]);
});

test('a store that is down answers 014588 for this call and leaves the rest of the API alone', async () => {
  const { create, s3, call } = await open();
  await s3.stop();
  const { status, body } = await create();
  expect([status, body['error_code']]).toEqual([400, 'IOTDA.014588']);
  expect(body['error_msg']).toContain('The object store does not answer.');
  expect(JSON.stringify(body)).not.toContain('S3RVER');
  expect((await call('GET', '/packages?package_type=firmwarePackage')).status).toBe(200);
});
