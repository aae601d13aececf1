import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { minute, second } from '../../support/device-stack.ts';
import {
  expectOffer,
  expectQuery,
  reportProgress,
  reportVersion,
  startUpgrades,
  takeOffer,
} from './upgrade-fixture.ts';

describe('an upgrade of a connected device', () => {
  it('[device 40] asks, offers, follows the progress and succeeds with the target version', async () => {
    const { stack, stored, pkg, upgrade, subtask, end } = await startUpgrades();
    const device = await stack.connect(stored);
    const task = await upgrade([stored.deviceId]);

    const query = await expectQuery(device);
    expect(query).toMatchObject({ objectDeviceId: stored.deviceId, serviceId: '$ota', paras: {}, eventId: undefined });
    await reportVersion(device, 'v1');
    const { paras } = await expectOffer(device);
    expect(paras).toEqual({
      version: 'v2',
      url: expect.stringContaining(`/devices/${stored.deviceId}/packages/${pkg.packageId}`),
      file_size: 1024,
      file_name: 'press-1.2.bin',
      access_token: expect.stringMatching(/^[\w-]{43}$/),
      expires: 86_400,
      sign: 'ab'.repeat(32),
    });
    await reportProgress(device, { result_code: '0', progress: '50', version: '' });
    expect(await subtask(task)).toMatchObject({ state: 'Processing', output: { step: 'upgrading', progress: 50 } });
    await reportProgress(device, { result_code: 0, progress: 100, version: 'v2' });

    expect(await end(task)).toMatchObject({ state: 'Success', output: { version: 'v2' } });
    expect((await stack.store.devices.find(stack.scope.projectId, stored.deviceId))?.fwVersion).toBe('v2');
    expect(await device.rest()).toEqual([]);
  });

  it('[device 41] succeeds without an offer where the device has the target version', async () => {
    const { stack, stored, upgrade, end } = await startUpgrades();
    const device = await stack.connect(stored);
    const task = await upgrade([stored.deviceId]);
    await expectQuery(device);
    await reportVersion(device, 'v2');
    expect(await end(task)).toMatchObject({ state: 'Success', output: { version: 'v2' } });
    expect(await device.rest()).toEqual([]);
  });

  it('[device 42] fails where the version is none of the source versions, and takes a lower target', async () => {
    const { stack, stored, upgrade, end } = await startUpgrades({ sourceVersions: ['v3'] });
    const device = await stack.connect(stored);
    const task = await upgrade([stored.deviceId]);
    await expectQuery(device);
    await reportVersion(device, 'v1');
    expect((await end(task)).cause?.code).toBe('005004');

    await upgrade([stored.deviceId]);
    await expectQuery(device);
    await reportVersion(device, 'v3');
    await expectOffer(device);
  });

  it('[device 43] fails with the text of each code and the words of the device', async () => {
    const { stack, stored, upgrade, end } = await startUpgrades();
    const device = await stack.connect(stored);
    const failWith = async (paras: Parameters<typeof reportProgress>[1]) => {
      const task = await upgrade([stored.deviceId]);
      await takeOffer(device);
      await reportProgress(device, paras);
      return (await end(task)).cause;
    };
    for (const code of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255]) {
      const cause = await failWith({ result_code: code, progress: 0, version: '', description: 'so it is' });
      expect(cause).toMatchObject({ code: '014594' });
      expect(cause?.message).toMatch(new RegExp(`\\(result_code ${code}\\) so it is$`));
    }
    expect((await failWith({ result_code: '1' }))?.message).toBe('The device is in use (result_code 1)');
    expect((await failWith({ result_code: 42 }))?.code).toBe('005009');
    expect(await failWith({ result_code: 0, progress: 101 })).toEqual({
      code: '005008',
      message: 'Upgrade failed. Reported progress 101% is invalid.',
    });
  });

  it('[device 44] fails at once with a third version, and with the old one after the grace', async () => {
    const { stack, stored, upgrade, end, subtask } = await startUpgrades();
    const device = await stack.connect(stored);
    const third = await upgrade([stored.deviceId]);
    await takeOffer(device);
    await reportProgress(device, { result_code: 0, progress: 100, version: 'v9' });
    expect((await end(third)).cause?.code).toBe('014595');

    const redeemed = await upgrade([stored.deviceId]);
    await takeOffer(device);
    await reportProgress(device, { result_code: 0, progress: 100, version: 'v1' });
    await stack.clock.advance(9 * second);
    await reportProgress(device, { result_code: 0, progress: 100, version: 'v2' });
    expect((await end(redeemed)).state).toBe('Success');

    const alone = await upgrade([stored.deviceId]);
    await takeOffer(device);
    await reportProgress(device, { result_code: 0, progress: 100, version: 'v1' });
    await stack.clock.advance(9 * second);
    expect((await subtask(alone)).state).toBe('Processing');
    await stack.clock.advance(second);
    expect((await end(alone)).cause?.code).toBe('014595');
  });

  it('[device 45] judges 0 without progress like 0/100', async () => {
    const { stack, stored, upgrade, end } = await startUpgrades();
    const device = await stack.connect(stored);
    const task = await upgrade([stored.deviceId]);
    await takeOffer(device);
    await reportProgress(device, { result_code: 0, version: 'v2' });
    expect((await end(task)).state).toBe('Success');
  });

  it('drops a report without an integer code, and goes on', async () => {
    const { stack, stored, upgrade, end, history } = await startUpgrades();
    const device = await stack.connect(stored);
    const task = await upgrade([stored.deviceId]);
    await takeOffer(device);
    for (const code of [null, 'x', 1.5, {}, '']) await reportProgress(device, { result_code: code, version: 'v2' });
    await reportProgress(device, { result_code: 0, progress: 'half', version: 'v2' });
    await reportProgress(device, { result_code: 0, progress: 100, version: 2 });
    expect(stack.dropped).toEqual(Array.from({ length: 7 }, () => 'bad-payload'));
    expect(await history(task)).toEqual(['version-report']);
    await reportProgress(device, { result_code: 0, version: 'v2' });
    expect((await end(task)).state).toBe('Success');
  });

  it('[device 46] fails without a report of the version that it needs', async () => {
    const { stack, stored, upgrade, end, subtask } = await startUpgrades();
    const device = await stack.connect(stored);
    const task = await upgrade([stored.deviceId]);
    await expectQuery(device);
    for (const paras of [{}, { fw_version: null }, { fw_version: '' }, { sw_version: 's7' }]) {
      await device.event('$ota', 'version_report', paras);
    }
    expect((await stack.store.devices.find(stack.scope.projectId, stored.deviceId))?.swVersion).toBe('s7');
    await stack.clock.advance(3 * minute - 1);
    expect((await subtask(task)).state).toBe('Processing');
    await stack.clock.advance(1);
    expect((await end(task)).cause).toEqual({
      code: '014592',
      message: 'Waiting for report device firmware version timeout',
    });
  });

  it('[device 50] keeps its result timeout through reports and repeated offers', async () => {
    const { stack, stored, upgrade, end } = await startUpgrades();
    let device = await stack.connect(stored);
    const task = await upgrade([stored.deviceId]);
    await takeOffer(device);
    const offeredAt = stack.clock.now();
    await stack.clock.advance(5 * minute);
    await reportProgress(device, { result_code: 0, progress: 10 });
    device = await stack.connect(stored);
    await takeOffer(device);
    await stack.clock.advanceTo(offeredAt + 10 * minute);
    expect((await end(task)).cause?.code).toBe('014593');
  });

  it('[device 53] ends once; what is said again only enters the history', async () => {
    const { stack, stored, upgrade, end, subtask, history } = await startUpgrades();
    const device = await stack.connect(stored);
    const task = await upgrade([stored.deviceId]);
    await takeOffer(device);
    await reportProgress(device, { result_code: 0, progress: 100, version: 'v2' });
    await end(task);
    await reportProgress(device, { result_code: 0, progress: 100, version: 'v2' });
    await reportProgress(device, { result_code: 10 });
    await reportVersion(device, 'v2');
    expect((await subtask(task)).state).toBe('Success');
    expect(await history(task)).toEqual([
      'version-report',
      'progress-report',
      'progress-report',
      'progress-report',
      'version-report',
    ]);
  });

  it('[device 51] is in the way of a second one, which fails or, where it may, queues', async () => {
    const { stack, stored, upgrade, end, subtask } = await startUpgrades();
    const device = await stack.connect(stored);
    const first = await upgrade([stored.deviceId]);
    await takeOffer(device);
    const second_ = await upgrade([stored.deviceId]);
    expect((await end(second_)).cause).toEqual({ code: '014590', message: 'Task Conflict' });
    const queued = await upgrade([stored.deviceId], {
      policy: { retryCount: 0, retryIntervalMinutes: 0, onConflict: 'queue' },
    });
    expect((await subtask(first)).state).toBe('Processing');
    await reportProgress(device, { result_code: 0, version: 'v2' });
    expect((await end(first)).state).toBe('Success');
    await expectQuery(device);
    expect((await subtask(queued)).state).toBe('Processing');
  });

  it('[device 52] is stopped before its offer, so that nothing more is sent', async () => {
    const { stack, stored, upgrade, subtask } = await startUpgrades();
    const device = await stack.connect(stored);
    const task = await upgrade([stored.deviceId]);
    await expectQuery(device);
    await stack.engine.commandTask({ kind: 'stop', taskNo: task.taskNo, targets: undefined });
    await stack.eventually(async () => (await subtask(task)).state === 'Stopped');
    await reportVersion(device, 'v1');
    expect(await device.rest()).toEqual([]);
  });

  it('[device 52] is stopped after its offer: the token is worthless, a late success only history', async () => {
    const { stack, stored, upgrade, subtask, history } = await startUpgrades();
    const device = await stack.connect(stored);
    const task = await upgrade([stored.deviceId]);
    const { paras } = await takeOffer(device);
    const hash = createHash('sha256').update(paras.access_token).digest('hex');
    expect(await stack.store.subtasks.findGrant(hash, stack.clock.now())).toMatchObject({ deviceId: stored.deviceId });

    await stack.engine.commandTask({ kind: 'stop', taskNo: task.taskNo, targets: undefined });
    await stack.eventually(async () => (await subtask(task)).state === 'Stopped');
    expect(await stack.store.subtasks.findGrant(hash, stack.clock.now())).toBeUndefined();
    await reportProgress(device, { result_code: 0, progress: 100, version: 'v2' });
    expect((await subtask(task)).state).toBe('Stopped');
    expect(await history(task)).toEqual(['version-report', 'progress-report']);
  });

  it('[device 55] waits for its retry after a failure, and is asked again', async () => {
    const { stack, stored, upgrade, end, subtask } = await startUpgrades();
    const device = await stack.connect(stored);
    const task = await upgrade([stored.deviceId], {
      policy: { retryCount: 1, retryIntervalMinutes: 5, onConflict: 'fail' },
    });
    await takeOffer(device);
    await reportProgress(device, { result_code: 4 });
    expect((await end(task)).state).toBe('FailWaitRetry');
    await stack.clock.advance(5 * minute);
    await takeOffer(device);
    expect((await subtask(task)).state).toBe('Processing');
    await reportProgress(device, { result_code: 0, version: 'v2' });
    expect((await end(task)).state).toBe('Success');
  });
});
