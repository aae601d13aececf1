import { createHash, randomBytes } from 'node:crypto';
import { Agent, type IncomingMessage, request } from 'node:http';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { usePackageFixture } from './package-fixture.ts';

const fixture = usePackageFixture();

const expectNothingKept = async (): Promise<void> => {
  expect(await fixture().storedFiles()).toEqual([]);
  expect(await fixture().incomingFiles()).toEqual([]);
};

test('[v5 60] an uploaded file is kept and answered with its size and the right sha256', async () => {
  const bytes = randomBytes(700_000);
  const { status, body, requestId } = await fixture().upload(bytes, '固件 1.2.BIN');
  expect(status).toBe(201);
  expect(body).toEqual({
    file_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    file_name: '固件 1.2.BIN',
    size: 700_000,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
  expect(requestId).toMatch(/^[0-9a-f]{32}$/);
  expect(await fixture().storedFiles()).toEqual([body['file_id']]);
});

test('a file above the limit answers 014588 while it streams and leaves nothing', async () => {
  const { status, body } = await fixture().upload(randomBytes(1_000_001));
  expect([status, body['error_code']]).toEqual([400, 'IOTDA.014588']);
  await expectNothingKept();
});

test('an empty file answers 014588', async () => {
  const { status, body } = await fixture().upload('');
  expect([status, body['error_code']]).toEqual([400, 'IOTDA.014588']);
  await expectNothingKept();
});

test.each(['fw.exe.txt', 'fw', '.bin', `${'a'.repeat(252)}.bin`])('the file name %j answers 014588', async (name) => {
  const { status, body } = await fixture().upload('x', name);
  expect([status, body['error_code']]).toEqual([400, 'IOTDA.014588']);
  await expectNothingKept();
});

test.each(['a.bin', 'a.tar.xz', 'a.TAR.GZ', 'a.img', 'a.pack', 'a.gzip'])('the file name %s is taken', async (name) => {
  expect((await fixture().upload('x', name)).status).toBe(201);
});

test('a path in front of the file name is dropped', async () => {
  expect((await fixture().upload('x', '../../etc/fw.bin')).body['file_name']).toBe('fw.bin');
});

test('another field, a field that is no file, and a second part answer 000006 naming file', async () => {
  const wrong = new FormData();
  wrong.append('package', new Blob(['x']), 'fw.bin');
  const text = new FormData();
  text.append('file', 'just text');
  const two = new FormData();
  two.append('file', new Blob(['x']), 'fw.bin');
  two.append('file', new Blob([randomBytes(300_000)]), 'fw2.bin');
  const withField = new FormData();
  withField.append('file', new Blob(['x']), 'fw.bin');
  withField.append('note', 'hello');
  for (const form of [wrong, text, two, withField]) {
    const { status, body } = await fixture().post(form);
    expect([status, body['error_code']]).toEqual([400, 'IOTDA.000006']);
    expect(body['error_msg']).toContain('file');
  }
  await expectNothingKept();
});

test('what is no multipart, and broken multipart, answers 000008', async () => {
  const cases: [string, Record<string, string>][] = [
    ['{}', { 'content-type': 'application/json' }],
    ['', { 'content-type': 'multipart/form-data' }],
    ['garbage', { 'content-type': 'multipart/form-data; boundary=b' }],
    [
      '--b\r\nContent-Disposition: form-data; name="file"; filename="fw.bin"\r\n\r\nhalf of',
      { 'content-type': 'multipart/form-data; boundary=b' },
    ],
  ];
  for (const [text, headers] of cases) {
    const { status, body } = await fixture().post(text, headers);
    expect([status, body['error_code']], text).toEqual([400, expect.stringMatching(/^IOTDA\.00000[68]$/)]);
  }
  await expectNothingKept();
});

test('a body whose signature turns out wrong behind its last byte leaves nothing', async () => {
  fixture().signature.good = false;
  const { status, body } = await fixture().upload(randomBytes(200_000));
  expect([status, body['error_code']]).toEqual([401, 'IOTDA.000002']);
  await expectNothingKept();
});

test('a client that goes away in the middle leaves nothing, and the next upload works', async () => {
  const { port, scope, incomingFiles } = fixture();
  const sent = request({
    port,
    method: 'POST',
    path: `/v5/iot/${scope.projectId}/ota-upgrades/package-files`,
    headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': 500_000 },
  });
  sent.on('error', () => {});
  sent.write('--b\r\nContent-Disposition: form-data; name="file"; filename="fw.bin"\r\n\r\n');
  sent.write(randomBytes(100_000));
  await expect.poll(incomingFiles, { interval: 5, timeout: 25_000 }).toHaveLength(1);
  sent.destroy();
  await expect.poll(incomingFiles, { interval: 5, timeout: 25_000 }).toHaveLength(0);
  expect(await fixture().storedFiles()).toEqual([]);
  expect((await fixture().upload('x')).status).toBe(201);
});

test('a refused upload does not break the connection for the next request', async () => {
  const { port, scope } = fixture();
  const path = `/v5/iot/${scope.projectId}/ota-upgrades/package-files`;
  const part = '--b\r\nContent-Disposition: form-data; name="file"; filename="fw.txt"\r\n\r\n';
  const body = Buffer.concat([Buffer.from(part), randomBytes(900_000), Buffer.from('\r\n--b--\r\n')]);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const statusOf = async (send: () => ReturnType<typeof request>): Promise<number | undefined> => {
    const [response] = (await once(send(), 'response')) as [IncomingMessage];
    response.resume();
    await once(response, 'end');
    return response.statusCode;
  };
  const headers = { 'content-type': 'multipart/form-data; boundary=b', 'content-length': body.length };
  expect(await statusOf(() => request({ agent, port, path, method: 'POST', headers }).end(body))).toBe(400);
  const list = `/v5/iot/${scope.projectId}/ota-upgrades/packages?package_type=firmwarePackage`;
  expect(await statusOf(() => request({ agent, port, path: list }).end())).toBe(200);
  agent.destroy();
});
