import { describe, expect, it } from 'vitest';
import type { DeviceId } from '../../../src/domain/ids.ts';
import { upgradeNotifyTypes } from '../../../src/domain/legacy-subscription.ts';
import { subtaskRecordId } from '../../../src/domain/subtask-record.ts';
import type { Task } from '../../../src/domain/task.ts';
import { aPackageFile } from '../../builders/catalogue-builders.ts';
import type { World } from '../../support/engine-harness.ts';
import { useWorld } from '../../engine/use-world.ts';
import { old, setUpgradeScene, target } from './upgrade-scene.ts';

const world = useWorld();

/** A scene whose application has subscribed to everything of upgrades. */
async function setScene() {
  const scene = await setUpgradeScene(world());
  for (const notifyType of upgradeNotifyTypes) await world().given.subscription(world().scope, { notifyType });
  return scene;
}

/** The texts of what was told since the last look, in order. */
async function told({ store, clock }: World): Promise<readonly string[]> {
  const all: string[] = [];
  for (;;) {
    const items = await store.outbox.claim(clock.now(), { limit: 100, leaseUntil: clock.now() + 1 });
    if (items.length === 0) return all;
    all.push(...items.map(({ payload }) => JSON.stringify(payload)));
    await store.outbox.finish(
      items.map(({ no, actionId }) => ({ kind: 'delivered', no, actionId })),
      clock.now(),
    );
  }
}

const idsOf = ({ taskId }: Task, deviceId: DeviceId): string =>
  `"deviceId":"${deviceId}","appId":"${world().scope.appId}","operationId":"${taskId}",` +
  `"subOperationId":"${subtaskRecordId(taskId, 0)}"`;

const firmwareSteps = ['IDLE', 'DOWNLOADING', 'DOWNLOADED', 'UPDATING'];
const step = (ids: string, no: number): string =>
  `{"notifyType":"fwUpgradeStateChangeNotify",${ids},"step":"${no}","stepDesc":"${firmwareSteps[no]}"}`;
const result = (ids: string, versions: readonly [string, string, string], rest: string): string =>
  `{"notifyType":"fwUpgradeResultNotify",${ids},"curVersion":"${versions[0]}","targetVersion":"${versions[1]}",` +
  `"sourceVersion":"${versions[2]}",${rest}}`;

describe('legacy receivers are told of upgrades', () => {
  it('as the device goes through one, byte for byte', async () => {
    const scene = await setScene();
    const { deviceId, task } = await scene.offered();
    const ids = idsOf(task, deviceId);
    expect(ids).toMatch(/"subOperationId":"[0-9a-f]{24}"$/);
    expect(await told(world())).toEqual([step(ids, 1)]);
    await world().advance(65_000);
    await scene.progress(deviceId, { resultCode: 0, progress: 10 });
    expect(await told(world())).toEqual([step(ids, 2), step(ids, 3)]);
    await scene.progress(deviceId, { resultCode: 0, progress: 60 });
    expect(await told(world())).toEqual([]);
    await scene.report(deviceId, target);
    const ending = '"status":"SUCCESS","statusDesc":"SUCCESS","upgradeTime":"65"';
    expect(await told(world())).toEqual([step(ids, 0), result(ids, [target, target, old], ending)]);
    await scene.report(deviceId, target);
    expect(await told(world())).toEqual([]);
  });

  it('in the words of software', async () => {
    const scene = await setScene();
    const { given, scope, store } = world();
    const { productId } = scene.product;
    const file = aPackageFile({ projectId: scope.projectId });
    await store.packages.insertFile(file);
    const location = { kind: 'file', file } as const;
    const pkg = await given.pkg(scope, { productId, type: 'softwarePackage', version: '7', location });
    const { deviceId } = await scene.device({ online: true });
    const task = await scene.upgrade([deviceId], { type: 'softwareUpgrade', packageId: pkg.packageId });
    await world().reportVersion(deviceId, { swVersion: '6' });
    const ids = idsOf(task, deviceId);
    const state = (phase: string) => `{"notifyType":"swUpgradeStateChangeNotify",${ids},"swUpgradeState":"${phase}"}`;
    await scene.progress(deviceId, { resultCode: 10, description: 'no room' });
    const message = (await scene.look(task)).message ?? '';
    expect(message).toBe('Software update failed (result_code 10) no room');
    expect(await told(world())).toEqual([
      state('downloading'),
      state('idle'),
      `{"notifyType":"swUpgradeResultNotify",${ids},"curVersion":"6","targetVersion":"7","sourceVersion":"6",` +
        `"swUpgradeResult":"FAIL","upgradeTime":"0","resultDesc":"${message}","errorCode":"10","description":"${message}"}`,
    ]);
    expect(await store.outbox.size()).toBe(0);
  });

  it('of all four steps where a device succeeds without a report of progress', async () => {
    const scene = await setScene();
    const { deviceId, task } = await scene.offered();
    await scene.progress(deviceId, { resultCode: 0, progress: 100, version: target });
    const ids = idsOf(task, deviceId);
    const ending = '"status":"SUCCESS","statusDesc":"SUCCESS","upgradeTime":"0"';
    expect(await told(world())).toEqual([
      ...[1, 2, 3, 0].map((no) => step(ids, no)),
      result(ids, [target, target, old], ending),
    ]);
  });

  it('of the result alone where there was nothing to offer', async () => {
    const scene = await setScene();
    const { deviceId } = await scene.device({ online: true });
    const task = await scene.upgrade([deviceId]);
    await scene.report(deviceId, target);
    const ids = idsOf(task, deviceId);
    const ending = '"status":"SUCCESS","statusDesc":"SUCCESS","upgradeTime":""';
    expect(await told(world())).toEqual([result(ids, [target, target, ''], ending)]);
    const unknown = 'nobody' as DeviceId;
    const failing = await scene.upgrade([unknown]);
    const { message } = await scene.look(failing);
    const failure = `"status":"FAIL","statusDesc":"${message}","upgradeTime":""`;
    expect(await told(world())).toEqual([result(idsOf(failing, unknown), ['', target, ''], failure)]);
  });

  it('once of the result, after the last retry', async () => {
    const scene = await setScene();
    const { deviceId, task } = await scene.offered({ retries: 1, retryMinutes: 1 });
    const ids = idsOf(task, deviceId);
    await scene.progress(deviceId, { resultCode: 10 });
    expect((await scene.look(task)).state).toBe('FailWaitRetry');
    expect(await told(world())).toEqual([step(ids, 1), step(ids, 0)]);
    await world().advance(60_000);
    await scene.report(deviceId, old);
    expect(await told(world())).toEqual([step(ids, 1)]);
    await scene.progress(deviceId, { resultCode: 10 });
    const look = await scene.look(task);
    expect(look.state).toBe('Fail');
    const failure = `"status":"FAIL","statusDesc":"${look.message}","upgradeTime":"0"`;
    expect(await told(world())).toEqual([step(ids, 0), result(ids, [old, target, old], failure)]);
  });

  it('not at all where an application has not subscribed', async () => {
    const scene = await setUpgradeScene(world());
    const other = await world().given.app(world().scope);
    for (const notifyType of upgradeNotifyTypes) {
      await world().given.subscription({ ...world().scope, appId: other.appId }, { notifyType });
    }
    const { deviceId } = await scene.offered();
    await scene.report(deviceId, target);
    expect(await world().store.outbox.size()).toBe(0);
  });
});
