import { beforeEach, describe, expect, it } from 'vitest';
import { useWorld } from '../../engine/use-world.ts';
import { old, setUpgradeScene, target, type UpgradeScene } from './upgrade-scene.ts';

const texts: readonly (readonly [number, string])[] = [
  [1, 'The device is in use'],
  [2, 'Poor signal quality'],
  [3, 'The device already has the latest version'],
  [4, 'Low battery'],
  [5, 'Not enough storage for the new firmware package'],
  [6, 'Waiting for device downloaded package timeout'],
  [7, 'Integrity check failure for new downloaded package'],
  [8, 'Unsupported package type'],
  [9, 'Out of memory during downloading process'],
  [10, 'Firmware update failed'],
  [255, 'Internal error of the device'],
];

describe('judging progress reports (device 7.4)', () => {
  const world = useWorld();
  let scene: UpgradeScene;
  beforeEach(async () => {
    scene = await setUpgradeScene(world());
  });

  it.each(texts)('code %i fails with its text and the description', async (resultCode, text) => {
    const { deviceId, task } = await scene.offered();
    await scene.progress(deviceId, { resultCode, description: 'x'.repeat(300), version: target, progress: 100 });
    expect(await scene.look(task)).toMatchObject({
      state: 'Fail',
      code: '014594',
      message: `${text} (result_code ${resultCode}) ${'x'.repeat(256)}`,
    });
  });

  it.each([11, 42, -1, 256])('code %i is invalid', async (resultCode) => {
    const { deviceId, task } = await scene.offered();
    await scene.progress(deviceId, { resultCode });
    expect(await scene.look(task)).toMatchObject({
      state: 'Fail',
      code: '005009',
      message: `Upgrade failed. Invalid result_code ${resultCode}.`,
    });
  });

  it.each([101, -1])('progress %i is invalid', async (progress) => {
    const { deviceId, task } = await scene.offered();
    await scene.progress(deviceId, { resultCode: 0, progress, version: target });
    expect(await scene.look(task)).toMatchObject({
      state: 'Fail',
      code: '005008',
      message: `Upgrade failed. Reported progress ${progress}% is invalid.`,
    });
  });

  it.each([0, 50, 99])('progress %i is no end, whatever the version', async (progress) => {
    const { deviceId, task } = await scene.offered();
    await scene.progress(deviceId, { resultCode: 0, progress, version: target });
    expect(await scene.look(task)).toMatchObject({ state: 'Processing', output: { step: 'upgrading', progress } });
  });

  it.each([{ progress: 100 }, {}])('%o with the target is success', async (progress) => {
    const { deviceId, task } = await scene.offered();
    await scene.progress(deviceId, { resultCode: 0, version: target, ...progress });
    expect(await scene.look(task)).toMatchObject({ state: 'Success', output: { version: target } });
    const device = await world().store.devices.find(world().scope.projectId, deviceId);
    expect(device?.fwVersion).toBe(target);
  });

  it.each([{ version: '9.9' }, { version: '' }, {}])('100 with %o fails at once', async (version) => {
    const { deviceId, task } = await scene.offered();
    await scene.progress(deviceId, { resultCode: 0, progress: 100, ...version });
    expect(await scene.look(task)).toMatchObject({ state: 'Fail', code: '014595' });
  });

  it('100 with the old version fails after ten seconds, which repeats do not extend', async () => {
    const { deviceId, task } = await scene.offered();
    const report = { resultCode: 0, progress: 100, version: old };
    await scene.progress(deviceId, report);
    await world().advance(9999);
    await scene.progress(deviceId, report);
    expect(await scene.look(task)).toMatchObject({ state: 'Processing' });
    await world().advance(1);
    expect(await scene.look(task)).toMatchObject({ state: 'Fail', code: '014595' });
  });

  it('100 with the old version, then with the target within ten seconds is success', async () => {
    const { deviceId, task } = await scene.offered();
    await scene.progress(deviceId, { resultCode: 0, progress: 100, version: old });
    await world().advance(9000);
    await scene.progress(deviceId, { resultCode: 0, version: target });
    expect(await scene.look(task)).toMatchObject({ state: 'Success' });
  });

  it('is only recorded while the version is asked for', async () => {
    const { deviceId } = await scene.device({ online: true });
    const task = await scene.upgrade([deviceId]);
    await scene.progress(deviceId, { resultCode: 7 });
    expect(await scene.look(task)).toMatchObject({ state: 'Processing', step: 'version_query' });
    expect(await world().store.subtasks.listHistory(task.taskNo, 0)).toMatchObject([
      { kind: 'progress-report', body: { resultCode: 7 } },
    ]);
  });
});
