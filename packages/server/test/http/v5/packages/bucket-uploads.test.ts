import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createBucketPackageStore } from '../../../../src/packages-store/s3/bucket-package-store.ts';
import { createPackageSweeper } from '../../../../src/services/package-sweeper.ts';
import { createLog } from '../../../../src/system/log.ts';
import { random } from '../../../builders/chance.ts';
import { startS3Server, testBucket } from '../../../support/s3-server.ts';
import { openPackageFixture } from './package-fixture.ts';

const log = createLog({ level: 'silent', format: 'json' });

/** The package API with uploads in a bucket, and a sweeper that has not started. */
async function open() {
  const s3 = await startS3Server();
  const draftFolder = await mkdtemp(join(tmpdir(), 'muster-drafts-'));
  const place = { client: s3.client, region: 'here', bucket: testBucket };
  const home = createBucketPackageStore(place, { draftFolder, random, log });
  const fixture = await openPackageFixture({ home });
  const { store, clock } = fixture;
  const sweeper = createPackageSweeper({ store, files: home, clock, log });
  onTestFinished(async () => {
    await sweeper.stop();
    await fixture.close();
    await rm(draftFolder, { recursive: true, force: true });
  });
  const holds = async (fileId: unknown): Promise<boolean> =>
    (await s3.client.head(testBucket, String(fileId))) !== undefined;
  return { ...fixture, s3, sweeper, holds };
}

/** A package of an uploaded file. */
async function givenPackage({ given, scope, upload, call }: Awaited<ReturnType<typeof open>>) {
  const { productId } = await given.product(scope);
  const { body } = await upload('firmware');
  const created = await call('POST', '/packages', {
    ...{ app_id: scope.appId, product_id: productId, package_type: 'firmwarePackage', version: '1' },
    file_location: { local_location: { file_id: body['file_id'] } },
  });
  return { path: `/packages/${String(created.body['package_id'])}`, fileId: body['file_id'] };
}

test('an upload lies in the bucket and goes with its package', async () => {
  const fixture = await open();
  const { path, fileId } = await givenPackage(fixture);
  expect(await fixture.holds(fileId)).toBe(true);
  expect((await fixture.call('DELETE', path)).status).toBe(204);
  expect(await fixture.holds(fileId)).toBe(false);
});

test('a file whose package is deleted while the store is away goes when the store is back', async () => {
  const fixture = await open();
  const { path, fileId } = await givenPackage(fixture);
  await fixture.s3.stop();
  expect((await fixture.call('DELETE', path)).status).toBe(204);
  expect((await fixture.call('GET', path)).status).toBe(404);
  await fixture.s3.start();
  expect(await fixture.holds(fileId)).toBe(true);
  fixture.sweeper.start();
  await expect.poll(() => fixture.holds(fileId), { interval: 5, timeout: 25_000 }).toBe(false);
  // The store forgets it behind the bucket.
  await expect.poll(() => fixture.store.packages.dropStaleFiles(0, 10), { interval: 5 }).toEqual([]);
});

test('an upload to a store that is away answers 503, and nothing of it stays', async () => {
  const { s3, upload, store, sweeper } = await open();
  await s3.stop();
  const { status, body } = await upload('firmware');
  expect([status, body['error_code']]).toEqual([503, 'IOTDA.000023']);
  await s3.start();
  sweeper.start();
  const left = () => store.packages.dropStaleFiles(Number.MAX_SAFE_INTEGER, 10);
  await expect.poll(left, { interval: 5, timeout: 25_000 }).toEqual([]);
  expect((await upload('firmware')).status).toBe(201);
});
