import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { type PackageFileId, asId } from '../../../../src/domain/ids.ts';
import { createPackageSweeper } from '../../../../src/services/package-sweeper.ts';
import { aPackageFile } from '../../../builders/catalogue-builders.ts';
import { usePackageFixture } from './package-fixture.ts';

const fixture = usePackageFixture();
const hour = 3_600_000;

async function givenBody(over: Record<string, unknown> = {}) {
  const { given, scope, upload } = fixture();
  const product = await given.product(scope, { name: 'Press' });
  const { body } = await upload('firmware', 'fw-1.2.bin');
  return {
    app_id: scope.appId,
    product_id: product.productId,
    package_type: 'firmwarePackage',
    version: '1.2',
    file_location: { local_location: { file_id: body['file_id'] } },
    ...over,
  };
}

const sha256 = createHash('sha256').update('firmware').digest('hex');

test('[v5 60] a package from an uploaded file answers 201 and is shown, listed and deleted with its file', async () => {
  const body = await givenBody({ support_source_versions: ['1.0', '1.1'], description: 'd', custom_info: 'c' });
  const created = await fixture().call('POST', '/packages', body);
  expect(created.status).toBe(201);
  const info = {
    package_id: expect.stringMatching(/^[0-9a-f]{24}$/),
    app_id: body.app_id,
    package_type: 'firmwarePackage',
    product_id: body.product_id,
    product_name: 'Press',
    version: '1.2',
    support_source_versions: ['1.0', '1.1'],
    description: 'd',
    custom_info: 'c',
    create_time: '20261122T015513Z',
  };
  const { file_id } = body.file_location.local_location;
  const local_location = { file_id, file_name: 'fw-1.2.bin', size: 8, sha256 };
  expect(created.body).toEqual({ ...info, file_location: { local_location } });
  const path = `/packages/${String(created.body['package_id'])}`;
  expect((await fixture().call('GET', path)).body).toEqual(created.body);
  const listed = await fixture().call('GET', '/packages?package_type=firmwarePackage');
  expect(listed.body).toEqual({ packages: [info], page: { count: 1, marker: expect.any(String) } });
  expect((await fixture().call('GET', '/packages?package_type=softwarePackage')).body['packages']).toEqual([]);
  expect((await fixture().call('DELETE', path)).status).toBe(204);
  expect(await fixture().storedFiles()).toEqual([]);
  expect((await fixture().call('GET', path)).body['error_code']).toBe('IOTDA.014580');
  expect((await fixture().call('DELETE', path)).status).toBe(404);
});

test('an upload serves one package', async () => {
  const body = await givenBody();
  expect((await fixture().call('POST', '/packages', body)).status).toBe(201);
  const second = await fixture().call('POST', '/packages', { ...body, version: '1.3' });
  expect([second.status, second.body['error_code']]).toEqual([400, 'IOTDA.014588']);
});

test('the same package once more, with its file, answers 014583 and not that the file is used', async () => {
  const body = await givenBody();
  await fixture().call('POST', '/packages', body);
  const { status, body: answer } = await fixture().call('POST', '/packages', body);
  expect([status, answer['error_code']]).toEqual([400, 'IOTDA.014583']);
});

test('product, type and version once more answer 014583', async () => {
  const body = await givenBody();
  await fixture().call('POST', '/packages', body);
  const { body: file } = await fixture().upload('x');
  const again = { ...body, file_location: { local_location: { file_id: file['file_id'] } } };
  const { status, body: answer } = await fixture().call('POST', '/packages', again);
  expect([status, answer['error_code']]).toEqual([400, 'IOTDA.014583']);
  expect((await fixture().call('POST', '/packages', { ...again, package_type: 'softwarePackage' })).status).toBe(201);
});

test('wrong packages answer with the contract’s codes and nothing is stored', async () => {
  const body = await givenBody();
  const object = { region_name: 'here', bucket_name: 'files', object_key: 'fw.bin' };
  const cases: [Record<string, unknown>, number, string, string?][] = [
    [{ app_id: 'nobody' }, 403, '001000'],
    [{ product_id: 'nothing' }, 400, '013000'],
    [{ module_name: 'm' }, 400, '000006', 'module_name'],
    [{ package_type: 'modulePackage' }, 400, '000006', 'module_name'],
    [{ file_location: {} }, 400, '000006', 'file_location'],
    [{ file_location: { local_location: { file_id: 'x' }, obs_location: object } }, 400, '000006', 'file_location'],
    [{ file_location: { local_location: { file_id: 'nothing' } } }, 400, '014588'],
    [{ file_location: { obs_location: object } }, 400, '014588', 'here'],
    [{ version: '1 2' }, 400, '000006', 'version'],
  ];
  for (const [over, status, code, named = ''] of cases) {
    const answer = await fixture().call('POST', '/packages', { ...body, ...over });
    expect([answer.status, answer.body['error_code']], JSON.stringify(over)).toEqual([status, `IOTDA.${code}`]);
    expect(answer.body['error_msg']).toContain(named);
  }
  expect((await fixture().call('GET', '/packages?package_type=firmwarePackage')).body['packages']).toEqual([]);
});

test('a module package carries its module, which its product must have', async () => {
  const { given, scope } = fixture();
  const body = await givenBody({ package_type: 'modulePackage', module_name: 'modem' });
  await given.module(scope, { name: 'modem' });
  const refused = await fixture().call('POST', '/packages', body);
  expect([refused.status, refused.body['error_code']]).toEqual([400, 'IOTDA.014585']);
  await given.module(scope, { productId: asId(body.product_id), name: 'modem' });
  expect((await fixture().call('POST', '/packages', body)).body['module_name']).toBe('modem');
});

test('another project’s file and package are as if they did not exist', async () => {
  const { given, store, call, files } = fixture();
  const other = await given.scope();
  const file = aPackageFile({ projectId: other.projectId });
  await store.packages.insertFile(file);
  expect(await files.has(file.fileId)).toBe(false);
  const body = await givenBody({ file_location: { local_location: { file_id: file.fileId } } });
  expect((await call('POST', '/packages', body)).body['error_code']).toBe('IOTDA.014588');
  const pkg = await given.pkg(other);
  expect((await call('GET', `/packages/${pkg.packageId}`)).status).toBe(404);
  expect((await call('DELETE', `/packages/${pkg.packageId}`)).status).toBe(404);
});

test('[v5 60] a package that an unfinished task uses answers 014584 and keeps its file', async () => {
  const { given, scope, call, storedFiles } = fixture();
  const created = await call('POST', '/packages', await givenBody());
  const packageId = String(created.body['package_id']);
  await given.task(scope, { packageId: asId(packageId) });
  const { status, body } = await call('DELETE', `/packages/${packageId}`);
  expect([status, body['error_code']]).toEqual([403, 'IOTDA.014584']);
  expect(await storedFiles()).toHaveLength(1);
});

test('a file above 999,999,999 bytes brings a warning on create alone', async () => {
  const { store, scope, files, call } = fixture();
  const body = await givenBody();
  const { file_id } = body.file_location.local_location;
  // Only its row is that large: a gigabyte of zeros would show nothing more.
  const large = aPackageFile({ projectId: scope.projectId, size: 1_000_000_000 });
  await store.packages.insertFile(large);
  await files.put(large.fileId, Readable.from([Buffer.from('x')]), 10);
  const created = await call('POST', '/packages', {
    ...body,
    file_location: { local_location: { file_id: large.fileId } },
  });
  expect(created.body['warnings']).toEqual([expect.stringContaining('999999999')]);
  const shown = await call('GET', `/packages/${String(created.body['package_id'])}`);
  expect(shown.body).not.toHaveProperty('warnings');
  expect(await files.has(String(file_id))).toBe(true);
});

test('a list of an unknown application answers 001000, without package_type 000006', async () => {
  const wrongApp = await fixture().call('GET', '/packages?package_type=firmwarePackage&app_id=nobody');
  expect(wrongApp.body['error_code']).toBe('IOTDA.001000');
  expect((await fixture().call('GET', '/packages')).body['error_code']).toBe('IOTDA.000006');
});

test('an uploaded file that no package took goes after 24 h, one in use stays', async () => {
  const { store, files, clock, log, upload, call } = fixture();
  const used = await givenBody();
  await call('POST', '/packages', used);
  const unused = asId<PackageFileId>(String((await upload('x')).body['file_id']));
  const sweeper = createPackageSweeper({ store, files, clock, log });
  sweeper.start();
  await clock.advance(23 * hour);
  expect(await files.has(unused)).toBe(true);
  await clock.advance(2 * hour);
  await expect.poll(() => files.has(unused), { interval: 5, timeout: 25_000 }).toBe(false);
  expect(await files.has(String(used.file_location.local_location.file_id))).toBe(true);
  await sweeper.stop();
  expect(clock.pending()).toEqual([]);
});
