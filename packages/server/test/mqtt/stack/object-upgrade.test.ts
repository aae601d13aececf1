import { createHash } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import type { PackageObject } from '../../../src/domain/package.ts';
import { createObjectStores } from '../../../src/packages-store/s3/object-stores.ts';
import { createLog } from '../../../src/system/log.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { startS3Server, testBucket } from '../../support/s3-server.ts';
import {
  expectQuery,
  reportProgress,
  reportVersion,
  startUpgrades,
  type UpgradeFixtureOptions,
} from './upgrade-fixture.ts';

const log = createLog({ level: 'silent', format: 'json' });
const content = Buffer.from('firmware of the press');
const sha256 = createHash('sha256').update(content).digest('hex');

/** A firmware package that is an object of a real store. */
async function startObjectUpgrades(over: Partial<PackageObject> = {}, options: UpgradeFixtureOptions = {}) {
  const s3 = await startS3Server();
  const key = 'presses/fw 2+é.bin';
  await s3.put(key, content);
  // The store compares the time of a signature with its own.
  const clock = createManualClock(Date.now());
  const objects = createObjectStores({ here: s3.settings }, { clock, log });
  onTestFinished(() => objects.stop());
  const object = { region: 'here', bucket: testBucket, key, sign: sha256, size: content.length, ...over };
  return { s3, ...(await startUpgrades({ ...options, clock, objects, location: { kind: 'object', ...object } })) };
}

test('[device 60] a v2 offer has a URL with a query and no access_token; a device downloads by it alone, reports, and the task succeeds', async () => {
  const { stack, stored, upgrade, end } = await startObjectUpgrades();
  const task = await upgrade([stored.deviceId], { extInfo: { shift: 'night' } });
  const device = await stack.connect(stored);
  await expectQuery(device);
  await reportVersion(device, 'v1');
  const { eventType, paras } = await device.nextEvent();
  expect(eventType).toBe('firmware_upgrade_v2');
  expect(paras).toEqual({
    version: 'v2',
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/packages\/presses\/fw%202%2B%C3%A9\.bin\?X-Amz-/),
    file_size: content.length,
    file_name: 'fw 2+é.bin',
    expires: 86_400,
    sign: sha256,
    task_ext_info: { shift: 'night' },
  });
  const answer = await fetch(paras.url);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(paras.sign);
  await reportProgress(device, { result_code: 0, progress: 50 });
  await reportProgress(device, { result_code: 0, progress: 100, version: 'v2' });
  expect(await end(task)).toMatchObject({ state: 'Success', output: { version: 'v2' } });
  expect(stack.errors).toEqual([]);
});

test('a v2 offer of an object without a signature has none', async () => {
  const { stack, stored, upgrade } = await startObjectUpgrades({ sign: undefined });
  await upgrade([stored.deviceId]);
  const device = await stack.connect(stored);
  await expectQuery(device);
  await reportVersion(device, 'v1');
  expect((await device.nextEvent()).paras).not.toHaveProperty('sign');
});

test('devices that are offered an object within a minute share its URL; later ones get a new one', async () => {
  const { stack, stored, product, upgrade } = await startObjectUpgrades();
  const devices = [stored];
  while (devices.length < 3) devices.push(await stack.given.device(stack.scope, { product }));
  await upgrade(devices.map(({ deviceId }) => deviceId));
  const urls: string[] = [];
  for (const [index, one] of devices.entries()) {
    if (index === 2) await stack.clock.advance(60_000);
    const device = await stack.connect(one);
    await expectQuery(device);
    await reportVersion(device, 'v1');
    urls.push((await device.nextEvent()).paras.url);
  }
  expect(urls[1]).toBe(urls[0]);
  expect(urls[2]).not.toBe(urls[0]);
  for (const url of urls) expect((await fetch(url)).status).toBe(200);
});

test('an offer of an object in a region that is configured no more fails with 014580', async () => {
  const { stack, stored, upgrade, end } = await startObjectUpgrades({ region: 'there' });
  const task = await upgrade([stored.deviceId]);
  const device = await stack.connect(stored);
  await expectQuery(device);
  await reportVersion(device, 'v1');
  expect((await end(task)).cause?.code).toBe('014580');
});

test('a store that is down holds up no offer', async () => {
  const { s3, stack, stored, upgrade } = await startObjectUpgrades();
  await s3.stop();
  await upgrade([stored.deviceId]);
  const device = await stack.connect(stored);
  await expectQuery(device);
  await reportVersion(device, 'v1');
  expect((await device.nextEvent()).eventType).toBe('firmware_upgrade_v2');
});
