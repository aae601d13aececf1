import { describe, expect, it, onTestFinished } from 'vitest';
import { minute, startDeviceStack } from '../../support/device-stack.ts';
import { createTestData } from '../../support/test-store.ts';
import {
  createUpgradeActions,
  expectOffer,
  expectQuery,
  reportProgress,
  reportVersion,
  startUpgrades,
  takeOffer,
} from './upgrade-fixture.ts';

describe('an upgrade of a device that is away', () => {
  it('[device 47] waits Processing and asks when the device comes', async () => {
    const { stack, stored, upgrade, subtask } = await startUpgrades();
    const task = await upgrade([stored.deviceId]);
    const waiting = await stack.eventually(async () => {
      const found = await subtask(task);
      return found.state === 'Processing' && found;
    });
    expect(waiting.output).toMatchObject({ step: 'wait_online' });
    await stack.clock.advance(10 * minute);
    const device = await stack.connect(stored);
    await takeOffer(device);
  });

  it('[device 47] fails after the online timeout, and at once where the device is frozen', async () => {
    const { stack, stored, upgrade, end, subtask } = await startUpgrades();
    const task = await upgrade([stored.deviceId]);
    await stack.eventually(async () => (await subtask(task)).state === 'Processing');
    await stack.clock.advance(15 * minute);
    expect((await end(task)).cause?.code).toBe('014591');

    await stack.store.effects.apply(stack.scope.projectId, [{ kind: 'freezeDevice', deviceId: stored.deviceId }]);
    expect((await end(await upgrade([stored.deviceId]))).cause?.code).toBe('014596');
  });

  it('[device 48] outlasts the version timeout while it is away, and is asked again when it is back', async () => {
    const { stack, stored, upgrade, subtask, end } = await startUpgrades();
    const device = await stack.connect(stored);
    const task = await upgrade([stored.deviceId]);
    await expectQuery(device);
    await stack.clock.advance(minute);
    await device.vanish();
    await stack.eventually(() => stack.store.sessions.earliestEnded());
    await stack.clock.advance(8 * minute);
    expect((await subtask(task)).state).toBe('Processing');

    const back = await stack.connect(stored);
    await expectQuery(back);
    await reportVersion(back, 'v2');
    expect((await end(task)).state).toBe('Success');
  });

  it('[device 49] is checked after each return, and offered again at most three times in all', async () => {
    const { stack, stored, upgrade, subtask, end } = await startUpgrades();
    const task = await upgrade([stored.deviceId]);
    const tokens = new Set<string>();
    for (let offer = 1; offer <= 3; offer++) {
      const device = await stack.connect(stored);
      tokens.add((await takeOffer(device)).paras.access_token);
      await device.vanish();
    }
    expect(tokens.size).toBe(3);
    const fourth = await stack.connect(stored);
    await expectQuery(fourth);
    await reportVersion(fourth, 'v1');
    expect(await fourth.rest()).toEqual([]);
    expect((await subtask(task)).state).toBe('Processing');
    await reportVersion(fourth, 'v2');
    expect((await end(task)).state).toBe('Success');
  });

  it('[device 49] succeeds where the device is back with the target version', async () => {
    const { stack, stored, upgrade, end } = await startUpgrades();
    const task = await upgrade([stored.deviceId]);
    await takeOffer(await stack.connect(stored));
    const back = await stack.connect(stored);
    await expectQuery(back);
    await reportVersion(back, 'v2');
    expect((await end(task)).state).toBe('Success');
    expect(await back.rest()).toEqual([]);
  });

  it('asks once where the dispatch has seen the new session before the device may be written to', async () => {
    const { stack, stored, upgrade, subtask } = await startUpgrades();
    const device = await stack.connect(stored, { isDelayOver: false });
    const task = await upgrade([stored.deviceId]);
    await stack.eventually(async () => (await subtask(task)).state === 'Processing');
    expect(await device.rest()).toEqual([]);
    await stack.clock.advance(500);
    await takeOffer(device);
    expect(await device.rest()).toEqual([]);
  });

  it('is asked first when the device comes; its cached messages follow in the order of their creation', async () => {
    const { stack, stored, upgrade, subtask } = await startUpgrades();
    const { deviceId } = stored;
    for (const message of ['one', 'two']) {
      const request = { message, encoding: 'none', format: 'raw', ttlMinutes: 60 } as const;
      await stack.given.message(stack.scope, { deviceId, request });
    }
    const task = await upgrade([deviceId]);
    await stack.eventually(async () => (await subtask(task)).state === 'Processing');

    const device = await stack.connect(stored);

    await expectQuery(device);
    const messages = [await device.next(), await device.next()];
    expect(messages.map(({ payload }) => payload.toString())).toEqual(['one', 'two']);
  });

  it('[device 54] goes on by the same rules after the server was killed, with the same deadlines', async () => {
    const data = await createTestData();
    onTestFinished(() => data.dispose());
    const before = await startUpgrades({ data });
    const { clock, scope, given } = before.stack;
    const second = await given.device(scope, { product: before.product });
    const asked = await before.upgrade([before.stored.deviceId]);
    const offered = await before.upgrade([second.deviceId]);
    await expectQuery(await before.stack.connect(before.stored));
    await takeOffer(await before.stack.connect(second));
    const offeredAt = clock.now();
    await before.stack.stop({ abruptly: true });

    const stack = await startDeviceStack({ data, clock, scope });
    const after = createUpgradeActions(stack, before.pkg, before.stored.deviceId);
    await clock.advance(4 * minute);
    const first = await stack.connect(before.stored);
    await takeOffer(first);
    await reportProgress(first, { result_code: 0, version: 'v2' });
    expect((await after.end(asked)).state).toBe('Success');
    await clock.advanceTo(offeredAt + 10 * minute);
    expect((await after.end(offered, second.deviceId)).cause?.code).toBe('014593');
    expect(stack.errors).toEqual([]);
  });

  it('offers nothing a second time in the session in which it was offered', async () => {
    const { stack, stored, upgrade } = await startUpgrades();
    const device = await stack.connect(stored);
    await upgrade([stored.deviceId]);
    await expectQuery(device);
    await reportVersion(device, 'v1');
    await expectOffer(device);
    await reportVersion(device, 'v1');
    expect(await device.rest()).toEqual([]);
  });
});
