import { beforeEach, describe, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import { hour, minute } from '../../support/engine-harness.ts';
import { useWorld } from '../../engine/use-world.ts';
import { old, setUpgradeScene, target, type UpgradeScene } from './upgrade-scene.ts';

const world = useWorld();
let scene: UpgradeScene;
beforeEach(async () => {
  scene = await setUpgradeScene(world());
});

const conflict = { state: 'Fail', code: '014590', message: 'Task Conflict' };

describe('an upgrade begins (device 7.2)', () => {
  it('rule 1: conflicts with another upgrade of the device that has begun, of any task and kind', async () => {
    const { deviceId } = await scene.device();
    const first = await scene.upgrade([deviceId]);
    const second = await scene.upgrade([deviceId]);
    expect(await scene.look(first)).toMatchObject({ state: 'Processing', step: 'wait_online' });
    expect(await scene.look(second)).toMatchObject(conflict);
  });

  it('rule 1: with the queue option it waits until the other has ended, one after the other', async () => {
    const { deviceId } = await scene.device();
    const first = await scene.upgrade([deviceId]);
    const second = await scene.upgrade([deviceId], { onConflict: 'queue' });
    const third = await scene.upgrade([deviceId], { onConflict: 'queue' });
    expect(await scene.look(second)).toMatchObject({ state: 'Waitting' });
    expect(await scene.look(third)).toMatchObject({ state: 'Waitting' });
    await world().stop(first);
    await world().settle();
    // Tasks that have their turns at the same time: whichever comes first.
    const [next, last] = (await scene.look(second)).state === 'Processing' ? [second, third] : [third, second];
    expect(await scene.look(next)).toMatchObject({ state: 'Processing' });
    expect(await scene.look(last)).toMatchObject({ state: 'Waitting' });
    await world().advance(25 * hour);
    expect(await scene.look(next)).toMatchObject({ state: 'Fail', code: '014591' });
    expect(await scene.look(last)).toMatchObject({ state: 'Processing' });
  });

  it('rule 2: asks a reachable device for its version', async () => {
    const { deviceId } = await scene.device({ online: true });
    const task = await scene.upgrade([deviceId], { extInfo: { line: 3 } });
    expect(scene.events()).toMatchObject([{ eventType: 'version_query', paras: { task_ext_info: { line: 3 } } }]);
    expect(await scene.look(task)).toMatchObject({ state: 'Processing', step: 'version_query' });
  });

  it('rule 3: waits for an unreachable one; fails a frozen one and one of another product', async () => {
    const away = await scene.device();
    const frozen = await scene.device({ frozen: true });
    const other = await world().given.device(world().scope, { online: true });
    const task = await scene.upgrade([away.deviceId, frozen.deviceId, other.deviceId]);
    const { subtasks } = await world().show(task);
    expect(subtasks).toMatchObject([
      { state: 'Processing', output: { step: 'wait_online' } },
      { state: 'Fail', cause: { code: '014596', message: 'Device Abnormal is not online' } },
      { state: 'Fail', cause: { code: '014582' } },
    ]);
    expect(world().link.take()).toEqual([]);
  });

  it('rules 4, 5: asks when the device comes, fails after 25 hours', async () => {
    const [comes, never] = [await scene.device(), await scene.device()];
    const task = await scene.upgrade([comes.deviceId, never.deviceId]);
    await world().advance(25 * hour - 1);
    await world().connect(comes.deviceId);
    expect(scene.eventTypes()).toEqual(['version_query']);
    await world().advance(1);
    const { subtasks } = await world().show(task);
    expect(subtasks).toMatchObject([
      { state: 'Processing', output: { step: 'version_query' } },
      { state: 'Fail', cause: { code: '014591', message: 'Waiting for the device online timeout' } },
    ]);
  });
});

describe('an upgrade asks for the version (device 7.2)', () => {
  it('rule 6: equal to the target is success without an offer', async () => {
    const { deviceId } = await scene.device({ online: true });
    const task = await scene.upgrade([deviceId]);
    world().link.take();
    await scene.report(deviceId, target);
    expect(await scene.look(task)).toMatchObject({
      state: 'Success',
      output: { version: target, message: 'The current version is the same as the target version' },
    });
    expect(world().link.take()).toEqual([]);
  });

  it('rule 7: a version that the package does not name fails, a named one is offered', async () => {
    const picky = await setUpgradeScene(world(), [old]);
    const [good, bad] = [await picky.device({ online: true }), await picky.device({ online: true })];
    const task = await picky.upgrade([good.deviceId, bad.deviceId]);
    world().link.take();
    await picky.report(bad.deviceId, '0.9');
    await picky.report(good.deviceId, old);
    expect(picky.eventTypes()).toEqual(['firmware_upgrade']);
    const { subtasks } = await world().show(task);
    expect(subtasks).toMatchObject([{ output: { step: 'upgrading' } }, { state: 'Fail', cause: { code: '005004' } }]);
  });

  it('rule 8 and 7.3: offers the file with a token that only its hash is kept of; a downgrade, too', async () => {
    const { deviceId } = await scene.device({ online: true });
    const task = await scene.upgrade([deviceId]);
    world().link.take();
    await scene.report(deviceId, '3.0');
    const [offer] = scene.events();
    expect(offer).toMatchObject({
      eventType: 'firmware_upgrade',
      paras: { version: target, file_size: 1024, expires: 86_400 },
    });
    const { access_token: token, url, sign } = offer?.paras ?? {};
    expect(sign).toBe('ab'.repeat(32));
    expect(url).toContain(`/devices/${deviceId}/packages/${scene.pkg.packageId}`);
    const hash = createHash('sha256').update(String(token)).digest('hex');
    expect(await world().store.subtasks.findGrant(hash, world().clock.now())).toMatchObject({ deviceId });
    expect(await scene.look(task)).toMatchObject({ state: 'Processing', step: 'upgrading' });
  });

  it('rule 9: a report without the needed field is kept, and changes nothing', async () => {
    const { deviceId } = await scene.device({ online: true });
    const task = await scene.upgrade([deviceId]);
    for (const versions of [{ swVersion: target }, {}, { fwVersion: '' }])
      await world().reportVersion(deviceId, versions);
    expect(await scene.look(task)).toMatchObject({ state: 'Processing', step: 'version_query' });
    expect(await world().store.subtasks.listHistory(task.taskNo, 0)).toHaveLength(3);
  });

  it('rule 9: a software upgrade looks at the software version', async () => {
    const { deviceId } = await scene.device({ online: true });
    const task = await scene.upgrade([deviceId], { type: 'softwareUpgrade' });
    await world().reportVersion(deviceId, { fwVersion: target });
    expect(await scene.look(task)).toMatchObject({ state: 'Processing' });
    world().link.take();
    await world().reportVersion(deviceId, { swVersion: old });
    expect(scene.eventTypes()).toEqual(['software_upgrade']);
    await world().reportVersion(deviceId, { swVersion: target });
    expect(await scene.look(task)).toMatchObject({ state: 'Success', output: { version: target } });
  });

  it('rule 10: fails three minutes after the query', async () => {
    const { deviceId } = await scene.device({ online: true });
    const task = await scene.upgrade([deviceId]);
    await world().advance(3 * minute - 1);
    expect(await scene.look(task)).toMatchObject({ state: 'Processing' });
    await world().advance(1);
    expect(await scene.look(task)).toMatchObject({
      state: 'Fail',
      code: '014592',
      message: 'Waiting for report device firmware version timeout',
    });
  });

  it('rules 11, 12: the timer stands while the device is away, and starts anew with the next query', async () => {
    const { deviceId } = await scene.device({ online: true });
    const task = await scene.upgrade([deviceId]);
    await world().disconnect(deviceId);
    await world().advance(10 * hour);
    expect(await scene.look(task)).toMatchObject({ state: 'Processing', step: 'version_query' });
    world().link.take();
    await world().connect(deviceId);
    expect(scene.eventTypes()).toEqual(['version_query']);
    await world().advance(3 * minute);
    expect(await scene.look(task)).toMatchObject({ state: 'Fail', code: '014592' });
  });

  it('rule 11: still away after 25 hours fails like rule 5', async () => {
    const { deviceId } = await scene.device({ online: true });
    const task = await scene.upgrade([deviceId]);
    await world().disconnect(deviceId);
    await world().advance(25 * hour);
    expect(await scene.look(task)).toMatchObject({ state: 'Fail', code: '014591' });
  });

  it('rule 12: queries again and again never go past 25 hours and 3 minutes', async () => {
    const { deviceId } = await scene.device();
    const task = await scene.upgrade([deviceId]);
    await world().advance(25 * hour - 1000);
    await world().connect(deviceId);
    for (let again = 0; again < 3; again++) {
      await world().advance(59_000);
      await world().connect(deviceId);
    }
    await world().advance(1000 * 4);
    expect(await scene.look(task)).toMatchObject({ state: 'Fail', code: '014592' });
  });
});

describe('an upgrade was offered (device 7.2)', () => {
  it('rule 13: progress shows, and does not extend the 24 hours', async () => {
    const { deviceId, task } = await scene.offered();
    await world().advance(23 * hour);
    await scene.progress(deviceId, { resultCode: 0, progress: 50 });
    expect(await scene.look(task)).toMatchObject({ output: { step: 'upgrading', progress: 50 } });
    await world().advance(hour);
    expect(await scene.look(task)).toMatchObject({
      state: 'Fail',
      code: '014593',
      message: 'Wait for the device to report upgrade result timeout',
    });
  });

  it('rules 14, 20: the result timer runs on while the device is away', async () => {
    const { deviceId, task } = await scene.offered();
    await world().disconnect(deviceId);
    await world().advance(24 * hour - 1);
    expect(await scene.look(task)).toMatchObject({ state: 'Processing' });
    await world().advance(1);
    expect(await scene.look(task)).toMatchObject({ state: 'Fail', code: '014593' });
  });

  it('rules 15 to 18: each return asks, the old version brings offers 2 and 3 with new tokens, no fourth', async () => {
    const { deviceId, task } = await scene.offered();
    const tokens = new Set<unknown>();
    for (const offers of [1, 1, 0]) {
      await world().disconnect(deviceId);
      await world().connect(deviceId);
      expect(scene.eventTypes()).toEqual(['version_query']);
      await scene.report(deviceId, old);
      const sent = scene.events();
      expect(sent).toHaveLength(offers);
      for (const { paras } of sent) tokens.add(paras['access_token']);
    }
    expect(tokens.size).toBe(2);
    expect(await scene.look(task)).toMatchObject({ state: 'Processing', step: 'upgrading' });
    await scene.progress(deviceId, { resultCode: 0, progress: 100, version: target });
    expect(await scene.look(task)).toMatchObject({ state: 'Success', output: { version: target } });
  });

  it('rule 16: the target version is success, asked for or not', async () => {
    const { deviceId, task } = await scene.offered();
    await scene.report(deviceId, target);
    const look = await scene.look(task);
    expect(look).toMatchObject({ state: 'Success', output: { version: target } });
    expect(look.output).not.toHaveProperty('message');
  });

  it('rule 17: a version that is no longer allowed fails at the recheck', async () => {
    const picky = await setUpgradeScene(world(), [old]);
    const { deviceId, task } = await picky.offered();
    await world().disconnect(deviceId);
    await world().connect(deviceId);
    await picky.report(deviceId, '1.5');
    expect(await picky.look(task)).toMatchObject({ state: 'Fail', code: '005004' });
  });

  it('rule 18: the old version without a recheck is recorded only', async () => {
    const { deviceId, task } = await scene.offered();
    await scene.report(deviceId, old);
    expect(world().link.take()).toEqual([]);
    expect(await scene.look(task)).toMatchObject({ state: 'Processing' });
    expect(await world().store.subtasks.listHistory(task.taskNo, 0)).toHaveLength(2);
  });

  it('rule 19: a recheck closes after three minutes', async () => {
    const { deviceId, task } = await scene.offered();
    await world().disconnect(deviceId);
    await world().connect(deviceId);
    world().link.take();
    await world().advance(3 * minute);
    await scene.report(deviceId, old);
    expect(world().link.take()).toEqual([]);
    expect(await scene.look(task)).toMatchObject({ state: 'Processing', step: 'upgrading' });
  });

  it('rules 13, 17, 20: repeated offers do not extend the 24 hours', async () => {
    const { deviceId, task } = await scene.offered();
    await world().advance(23 * hour);
    await world().disconnect(deviceId);
    await world().connect(deviceId);
    await scene.report(deviceId, old);
    await world().advance(hour);
    expect(await scene.look(task)).toMatchObject({ state: 'Fail', code: '014593' });
  });
});

describe('an upgrade ends (device 7.2)', () => {
  const hashOf = (token: unknown): string => createHash('sha256').update(String(token)).digest('hex');

  it('rules 21, 25: a stop revokes the token; later reports change nothing', async () => {
    const { deviceId } = await scene.device({ online: true });
    const task = await scene.upgrade([deviceId]);
    await scene.report(deviceId, old);
    const token = scene.events().at(-1)?.paras['access_token'];
    const find = () => world().store.subtasks.findGrant(hashOf(token), world().clock.now());
    expect(await find()).toBeDefined();
    await world().stop(task);
    await world().settle();
    expect(await find()).toBeUndefined();
    expect(world().link.take()).toEqual([]);
    expect(await scene.progress(deviceId, { resultCode: 0, progress: 100, version: target })).toBe(false);
    expect(await scene.look(task)).toMatchObject({ state: 'Stopped' });
    expect(await world().store.subtasks.findLatestUpgrade(deviceId)).toEqual({ taskNo: task.taskNo, seq: 0 });
  });

  it('rule 21: a stop before the offer sends nothing more', async () => {
    const { deviceId } = await scene.device();
    const task = await scene.upgrade([deviceId]);
    await world().stop(task);
    await world().settle();
    await world().connect(deviceId);
    await world().advance(26 * hour);
    expect(world().link.take()).toEqual([]);
    expect(await scene.look(task)).toMatchObject({ state: 'Stopped' });
  });

  it('rule 22: a deleted device fails what has begun, revokes its token and removes what queues', async () => {
    const { deviceId } = await scene.device({ online: true });
    const task = await scene.upgrade([deviceId]);
    await scene.report(deviceId, old);
    const token = scene.events().at(-1)?.paras['access_token'];
    const queued = await scene.upgrade([deviceId], { onConflict: 'queue' });
    await world().deleteDevice(deviceId);
    await world().settle();
    expect(await scene.look(task)).toMatchObject({ state: 'Fail', code: '014000' });
    expect(await scene.look(queued)).toMatchObject({ state: 'Removed' });
    expect(await world().store.subtasks.findGrant(hashOf(token), world().clock.now())).toBeUndefined();
  });

  it('rules 23, 24: a failure waits for its retry, which is a new attempt with fresh offers and limits', async () => {
    const { deviceId, task } = await scene.offered({ retries: 1, retryMinutes: 5 });
    await scene.progress(deviceId, { resultCode: 4 });
    expect(await scene.look(task)).toMatchObject({ state: 'FailWaitRetry', code: '014594' });
    await world().advance(5 * minute);
    expect(scene.eventTypes()).toEqual(['version_query']);
    await scene.report(deviceId, old);
    expect(scene.eventTypes()).toEqual(['firmware_upgrade']);
    await world().advance(24 * hour - 1);
    expect(await scene.look(task)).toMatchObject({ state: 'Processing', step: 'upgrading' });
    await world().advance(1);
    expect(await scene.look(task)).toMatchObject({ state: 'Fail', code: '014593' });
  });

  it('rule 24: what waits for its retry blocks nobody; a conflict then costs one retry', async () => {
    const { deviceId, task } = await scene.offered({ retries: 2, retryMinutes: 5 });
    await scene.progress(deviceId, { resultCode: 4 });
    const other = await scene.upgrade([deviceId]);
    expect(await scene.look(other)).toMatchObject({ state: 'Processing' });
    await world().reportVersion(deviceId, { fwVersion: old });
    await world().advance(5 * minute);
    expect(await scene.look(task)).toMatchObject({ state: 'FailWaitRetry', code: '014590' });
    await world().advance(5 * minute);
    expect(await scene.look(task)).toMatchObject({ state: 'Fail', code: '014590' });
  });

  it('rule 24: a retry with the queue option waits for the other upgrade, and costs nothing', async () => {
    const { deviceId, task } = await scene.offered({ retries: 1, retryMinutes: 5, onConflict: 'queue' });
    await scene.progress(deviceId, { resultCode: 4 });
    const other = await scene.upgrade([deviceId]);
    await world().reportVersion(deviceId, { fwVersion: old });
    await world().advance(3 * hour);
    expect(await scene.look(task)).toMatchObject({ state: 'FailWaitRetry', code: '014594' });
    world().link.take();
    await world().stop(other);
    await world().settle();
    expect(await scene.look(task)).toMatchObject({ state: 'Processing', step: 'version_query' });
    expect(scene.eventTypes()).toEqual(['version_query']);
  });

  it('rule 25: nothing of a device without an upgrade changes a subtask', async () => {
    const { deviceId } = await scene.device({ online: true });
    const task = await scene.upgrade([deviceId], { startIn: hour });
    expect(await scene.progress(deviceId, { resultCode: 0, progress: 100, version: target })).toBe(false);
    expect(await scene.look(task)).toMatchObject({ state: 'Waitting' });
  });

  it('rule 26: a retry whose package was deleted meanwhile fails with 014580', async () => {
    const { deviceId, task } = await scene.offered();
    await scene.progress(deviceId, { resultCode: 4 });
    await world().store.packages.delete(world().scope.projectId, scene.pkg.packageId);
    await world().retry(task);
    await world().settle();
    expect(await scene.look(task)).toMatchObject({ state: 'Fail', code: '014580' });
  });

  it('counts the first end of repeated final reports', async () => {
    const { deviceId, task } = await scene.offered();
    const final = { resultCode: 0, progress: 100, version: target };
    await Promise.all([
      scene.progress(deviceId, final),
      scene.progress(deviceId, final),
      scene.progress(deviceId, { resultCode: 5 }),
    ]);
    expect((await world().show(task)).task).toMatchObject({ status: 'Success', counters: { success: 1, fail: 0 } });
  });
});

describe('upgrades of children (device 7.5)', () => {
  it('tells children in gateway mode what belongs together, through their gateway', async () => {
    const gateway = await scene.device({ online: true });
    const children = [
      await scene.device({ parent: gateway, online: true }),
      await scene.device({ parent: gateway, online: true }),
    ];
    const targets = [...children.map((child) => child.deviceId), gateway.deviceId];
    const task = await scene.upgrade(targets, { gatewayMode: true });
    const sent = world().link.take();
    expect(sent.map(({ deviceId, rootId }) => [deviceId, rootId])).toEqual(
      targets.map((deviceId) => [deviceId, gateway.deviceId]),
    );
    const paras = sent.map(({ content }) => (content.kind === 'event' ? content.paras : undefined));
    const together = { task_id: task.taskId, sub_device_count: 2 };
    expect(paras).toEqual([together, together, {}]);
  });

  it('takes reports of a child from its gateway, and does not take the gateway for the child', async () => {
    const gateway = await scene.device({ online: true });
    const child = await scene.device({ parent: gateway, online: true });
    const task = await scene.upgrade([child.deviceId]);
    expect(await scene.report(gateway.deviceId, target)).toBe(false);
    expect(await scene.look(task)).toMatchObject({ state: 'Processing' });
    await scene.report(child.deviceId, target);
    expect(await scene.look(task)).toMatchObject({ state: 'Success' });
  });

  it('waits for a child whose gateway or itself is away, and asks when the gateway is back', async () => {
    const gateway = await scene.device();
    const child = await scene.device({ parent: gateway, online: true });
    const task = await scene.upgrade([child.deviceId]);
    expect(await scene.look(task)).toMatchObject({ step: 'wait_online' });
    await world().connect(gateway.deviceId);
    expect(scene.eventTypes()).toEqual(['version_query']);
  });
});
