import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DownloadFixture, openDownloadFixture } from './download-fixture.ts';

let fixture: DownloadFixture;
const content = Buffer.alloc(64 * 1024 * 1024, 'firmware');

beforeEach(async () => {
  fixture = await openDownloadFixture(2);
});
afterEach(() => fixture.close());

/** A device that reads nothing yet: the rest of the body waits in the server. */
async function begin(path: string, token: string): Promise<IncomingMessage> {
  const sent = request({ port: fixture.ports.main, path, headers: { authorization: `Bearer ${token}` }, agent: false });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  // A cut is seen by `complete`.
  response.on('error', () => {});
  return response;
}

/** Bytes that arrive until the end, and whether that was the end of the file. */
async function readOn(response: IncomingMessage): Promise<{ bytes: number; complete: boolean }> {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  if (!response.closed) await new Promise((resolve) => response.once('close', resolve));
  return { bytes, complete: response.complete };
}

test('[device 52] a stop revokes the token and cuts a running transfer within 5 s', async () => {
  const { path, token, stop } = await fixture.offered({ content });
  const response = await begin(path, token);
  await stop();
  await fixture.clock.advance(5000);
  expect(await readOn(response)).toMatchObject({ complete: false });
  expect((await begin(path, token)).statusCode).toBe(401);
  await expect.poll(() => fixture.transfers.count, { interval: 5, timeout: 25_000 }).toBe(0);
});

test('a deleted device’s transfer is cut, too', async () => {
  const { path, token, deleteDevice } = await fixture.offered({ content });
  const response = await begin(path, token);
  await deleteDevice();
  await fixture.clock.advance(5000);
  expect(await readOn(response)).toMatchObject({ complete: false });
});

test('the end of the subtask and the expiry of the token let a running transfer go on', async () => {
  const { path, token, finish } = await fixture.offered({ content });
  const first = await begin(path, token);
  await finish();
  await fixture.clock.advance(10_000);
  expect(await readOn(first)).toEqual({ bytes: content.length, complete: true });
  const other = await fixture.offered({ content });
  await fixture.clock.advance(86_390_000);
  const second = await begin(other.path, other.token);
  const reading = readOn(second);
  await fixture.clock.advance(20_000);
  expect(await reading).toEqual({ bytes: content.length, complete: true });
});

test('a receiver that takes nothing for two minutes loses its place', async () => {
  const { path, token } = await fixture.offered({ content });
  const response = await begin(path, token);
  const countAfter = async (ms: number): Promise<number> => {
    await fixture.clock.advance(ms);
    return fixture.transfers.count;
  };
  await countAfter(4000);
  await expect.poll(() => countAfter(60_000), { interval: 5, timeout: 25_000 }).toBe(0);
  expect(await readOn(response)).toMatchObject({ complete: false });
});

test('more transfers than allowed answer 503 with Retry-After until one ends', async () => {
  const { path, token } = await fixture.offered({ content });
  const running = [await begin(path, token), await begin(path, token)];
  const refused = await begin(path, token);
  expect(refused.statusCode).toBe(503);
  expect(refused.headers['retry-after']).toBe('10');
  running[0]?.destroy();
  await expect.poll(() => fixture.transfers.count, { interval: 5, timeout: 25_000 }).toBe(1);
  expect((await begin(path, token)).statusCode).toBe(200);
});

test('a slow receiver holds back the file, not the memory', async () => {
  const { path, token } = await fixture.offered({ content });
  const before = process.memoryUsage().arrayBuffers;
  const response = await begin(path, token);
  await once(response, 'readable');
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
  expect(await readOn(response)).toEqual({ bytes: content.length, complete: true });
});

test('a package deleted meanwhile is still read to its end', async () => {
  const { path, token, finish, packageId, file } = await fixture.offered({ content });
  const response = await begin(path, token);
  await finish();
  await fixture.store.packages.delete(fixture.scope.projectId, packageId);
  await fixture.files.delete(file.fileId);
  await fixture.clock.advance(5000);
  expect(await readOn(response)).toEqual({ bytes: content.length, complete: true });
});

test('the stop of the server leaves no timer behind', async () => {
  const { path, token } = await fixture.offered({ content });
  await begin(path, token);
  fixture.transfers.stop();
  expect(fixture.clock.pending()).toEqual([]);
});
