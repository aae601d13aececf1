import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { newDownloadToken } from '../../../src/services/download-token.ts';
import { random } from '../../builders/chance.ts';
import { useDownloadFixture } from './download-fixture.ts';

const fixture = useDownloadFixture();

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(`http://127.0.0.1:${fixture().ports.main}${path}`, { method, headers });

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function expectRefusal(response: Response, status: number, code: string): Promise<void> {
  expect(response.status).toBe(status);
  expect(await response.json()).toEqual({ error_code: `IOTDA.${code}`, error_msg: expect.any(String) });
  expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
}

test('[device 57] a good token answers 200 with all headers and the exact body, HEAD the same without body', async () => {
  const content = randomBytes(300_000);
  const { path, token, file } = await fixture().offered({ content });
  const whole = await get(path, bearer(token));
  const expected = {
    'content-length': '300000',
    'content-type': 'application/octet-stream',
    'accept-ranges': 'bytes',
    etag: `"${file.sha256}"`,
    'last-modified': new Date(file.uploadedAt).toUTCString(),
    'content-disposition': 'attachment; filename=fw-1.2.bin',
    'cache-control': 'private',
  };
  expect(whole.status).toBe(200);
  expect(Object.fromEntries(whole.headers)).toMatchObject(expected);
  expect(whole.headers.get('content-encoding')).toBeNull();
  expect(Buffer.from(await whole.arrayBuffer())).toEqual(content);
  const head = await get(path, bearer(token), 'HEAD');
  expect(head.status).toBe(200);
  expect(Object.fromEntries(head.headers)).toMatchObject(expected);
  expect((await head.arrayBuffer()).byteLength).toBe(0);
});

test('[device 57] a missing, unknown, expired or revoked token answers 401 with WWW-Authenticate', async () => {
  const { path, token, finish } = await fixture().offered();
  const unknown = newDownloadToken(random).token;
  for (const headers of [{}, { authorization: `Basic ${token}` }, { authorization: 'Bearer ' }, bearer(unknown)]) {
    const response = await get(path, headers);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    await expectRefusal(response, 401, '000002');
  }
  await fixture().clock.advance(86_400_000);
  await expectRefusal(await get(path, bearer(token)), 401, '000002');
  fixture().clock.set(fixture().clock.now() - 86_400_000);
  expect((await get(path, bearer(token))).status).toBe(200);
  await finish();
  await expectRefusal(await get(path, bearer(token)), 401, '000002');
});

test('[device 57] the token of another device or package answers 403', async () => {
  const { offered, upload, offer } = fixture();
  const first = await offered();
  const second = await offer(first.packageId);
  await expectRefusal(await get(first.path, bearer(second.token)), 403, '000004');
  const { packageId } = await upload();
  const otherPackage = first.path.replace(first.packageId, packageId);
  await expectRefusal(await get(otherPackage, bearer(first.token)), 403, '000004');
});

test('any spelling of Bearer is taken', async () => {
  const { path, token } = await fixture().offered();
  for (const authorization of [`bearer ${token}`, `BEARER   ${token}`]) {
    expect((await get(path, { authorization })).status).toBe(200);
  }
});

test('[device 58] one range answers 206, one behind the end 416', async () => {
  const content = Buffer.from('0123456789'.repeat(20));
  const { path, token } = await fixture().offered({ content });
  const cases: [string, number, number][] = [
    ['bytes=100-', 100, 199],
    ['bytes=0-0', 0, 0],
    ['bytes=10-19', 10, 19],
    ['bytes=190-5000', 190, 199],
    ['bytes=-5', 195, 199],
    ['bytes=-5000', 0, 199],
    ['Bytes=7-8', 7, 8],
  ];
  for (const [range, start, end] of cases) {
    const response = await get(path, { ...bearer(token), range });
    expect([range, response.status]).toEqual([range, 206]);
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end}/200`);
    expect(response.headers.get('content-length')).toBe(String(end - start + 1));
    expect(await response.text()).toBe(content.subarray(start, end + 1).toString());
  }
  for (const range of ['bytes=200-', 'bytes=999-1000', 'bytes=-0']) {
    const response = await get(path, { ...bearer(token), range });
    expect(response.headers.get('content-range')).toBe('bytes */200');
    await expectRefusal(response, 416, '000008');
  }
});

test('several ranges and malformed ones answer the whole file', async () => {
  const { path, token, file } = await fixture().offered();
  for (const range of ['bytes=0-1,3-4', 'bytes=', 'bytes=-', 'bytes=5-2', 'lines=1-2', 'bytes=a-b', 'bytes=1']) {
    const response = await get(path, { ...bearer(token), range });
    expect([range, response.status, (await response.text()).length]).toEqual([range, 200, file.size]);
    expect(response.headers.get('content-range')).toBeNull();
  }
});

test('[device 58] a matching If-Range answers 206, another the whole file', async () => {
  const { path, token, file } = await fixture().offered();
  const statusOf = async (ifRange: string) =>
    (await get(path, { ...bearer(token), range: 'bytes=2-', 'if-range': ifRange })).status;
  expect(await statusOf(`"${file.sha256}"`)).toBe(206);
  expect(await statusOf(new Date(file.uploadedAt).toUTCString())).toBe(206);
  expect(await statusOf(`"${'0'.repeat(64)}"`)).toBe(200);
  expect(await statusOf(`W/"${file.sha256}"`)).toBe(200);
  expect(await statusOf(new Date(0).toUTCString())).toBe(200);
});

test('another method answers 405 with Allow, another address 404', async () => {
  const { path, token } = await fixture().offered();
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    const response = await get(path, bearer(token), method);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
    await expectRefusal(response, 405, '000029');
  }
  await expectRefusal(await get(`${path}/more`, bearer(token)), 404, '000029');
  await expectRefusal(await get('/iodm/dev/v2.0/upgradefile/', bearer(token)), 404, '000029');
});

test('a file that is gone answers 404', async () => {
  const { path, token, file } = await fixture().offered();
  await fixture().files.delete(file.fileId);
  await expectRefusal(await get(path, bearer(token)), 404, '014580');
});

test('a name outside plain ASCII is replaced and follows as filename*', async () => {
  const dispositionOf = async (fileName: string) => {
    const { path, token } = await fixture().offered({ fileName });
    return (await get(path, bearer(token), 'HEAD')).headers.get('content-disposition');
  };
  expect(await dispositionOf('固件 1;"2".bin')).toBe(
    `attachment; filename=___1__2_.bin; filename*=UTF-8''%E5%9B%BA%E4%BB%B6%201%3B%222%22.bin`,
  );
  expect(await dispositionOf("a'(1)*.bin")).toBe(
    `attachment; filename=a__1__.bin; filename*=UTF-8''a%27%281%29%2A.bin`,
  );
  // Headers stay below 2 KiB whatever the name.
  expect(await dispositionOf(`${'😀'.repeat(200)}.bin`)).toBe(`attachment; filename=${'_'.repeat(200)}.bin`);
});
