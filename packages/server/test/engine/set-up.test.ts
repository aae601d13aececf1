import { describe, expect, it } from 'vitest';
import { asId, type DeviceId, type GroupId } from '../../src/domain/ids.ts';
import { allDone, chunkOptions } from '../builders/task-builders.ts';
import { hour, minute } from '../support/engine-harness.ts';
import { someDevices, useWorld } from './use-world.ts';

describe('schedules and groups (v5 13.3, 13.4)', () => {
  const world = useWorld({ settings: { chunkSize: 2 } });

  it('starts at its time, not before', async () => {
    const [device] = await someDevices(world(), 1);
    const task = await world().run({ targets: [device], startIn: hour });
    await world().advance(hour - 1);
    expect((await world().show(task)).task.status).toBe('Waitting');
    await world().advance(1);
    expect((await world().show(task)).task.status).toBe('Success');
  });

  it('starts a task whose time came while the server was down as soon as it is back', async () => {
    const task = await world().task({ targets: ['nobody'], startIn: minute });
    world().clock.set(world().clock.now() + hour);
    await world().settle();
    expect((await world().show(task)).task.status).toBe('Fail');
  });

  it('takes the members of a group and of all its subgroups, each device once', async () => {
    const { given, scope } = world();
    const ids = await someDevices(world(), 7);
    const [a, b, c, d, e] = ids;
    const top = await given.group(scope, { members: [a, b] });
    const sub = await given.group(scope, { members: [b, c], superGroupId: top.groupId });
    await given.group(scope, { members: [c, d, a], superGroupId: sub.groupId });
    const second = await given.group(scope, { members: [e, a, d] });
    const task = await world().run({ groups: [top.groupId, second.groupId, sub.groupId] });
    const { subtasks, task: shown } = await world().show(task);
    expect(subtasks.map((item) => item.target).toSorted()).toEqual([a, b, c, d, e].toSorted());
    expect(shown).toMatchObject({ status: 'Success', counters: { total: 5, success: 5 } });
  });

  it('names the first unknown group and writes nothing', async () => {
    const { given, scope } = world();
    const group = await given.group(scope, { members: await someDevices(world(), 2) });
    const unknown = ['123456789', '987654321'].map((text) => asId<GroupId>(text));
    const task = await world().run({ groups: [group.groupId, ...unknown] });
    const { task: shown, subtasks } = await world().show(task);
    expect(shown).toMatchObject({ status: 'Fail', setupFailure: 'The device group 123456789 does not exist.' });
    expect(subtasks).toEqual([]);
  });

  it('finds no group of another project', async () => {
    const { given } = world();
    const other = await given.scope();
    const group = await given.group(other, { members: await given.devices(other, 1) });
    const task = await world().run({ groups: [group.groupId] });
    expect((await world().show(task)).task.setupFailure).toBe(`The device group ${group.groupId} does not exist.`);
  });

  it('fails a task of groups in which nobody is', async () => {
    const { given, scope } = world();
    const top = await given.group(scope);
    await given.group(scope, { superGroupId: top.groupId });
    for (const startIn of [undefined, minute]) {
      const task = await world().run({ groups: [top.groupId], ...(startIn === undefined ? {} : { startIn }) });
      await world().advance(minute);
      expect((await world().show(task)).task).toMatchObject({
        status: 'Fail',
        setupFailure: 'no device matches',
        counters: { total: 0 },
      });
    }
  });

  it('resolves a scheduled group when the task starts, not when it is made', async () => {
    const { given, scope, store } = world();
    const [early, late] = await someDevices(world(), 2);
    const group = await given.group(scope, { members: [early] });
    const task = await world().run({ groups: [group.groupId], startIn: minute });
    await store.groups.removeMember(scope.projectId, group.groupId, early);
    await store.groups.addMembers(scope.projectId, group.groupId, [late]);
    await world().advance(minute);
    expect((await world().show(task)).states).toEqual({ [late]: 'Success' });
  });

  it('fails a device that was never known, and one of another project, when its turn comes', async () => {
    const { given } = world();
    const other = await given.scope();
    const foreign = (await given.device(other)).deviceId;
    const task = await world().run({ targets: ['nobody', foreign] });
    const { subtasks } = await world().show(task);
    for (const subtask of subtasks) expect(subtask).toMatchObject({ state: 'Fail', cause: { code: '014000' } });
    const device = await world().store.devices.find(other.projectId, foreign);
    expect(device?.frozen).toBe(false);
  });
});

describe('deleted devices (v5 13.2 S4, device 7.2 rule 22)', () => {
  const world = useWorld({ settings: { chunkSize: 2 } });

  it('settles all tasks that wait for the device, each in its own state', async () => {
    const [device] = await someDevices(world(), 1);
    const scheduled = await world().run({ targets: [device], startIn: minute });
    const unconfirmed = await world().run({ targets: [device], needConfirm: true });
    const running = await world().run({ type: 'createMessages', targets: [device], document: { message: 'm' } });
    await world().deleteDevice(device);
    await world().settle();
    expect((await world().show(scheduled)).states).toEqual({ [device]: 'Removed' });
    expect((await world().show(unconfirmed)).states).toEqual({ [device]: 'Removed' });
    expect((await world().show(running)).subtasks).toMatchObject([{ state: 'Fail', cause: { code: '014000' } }]);
  });

  it('removes members of a group that were added after the scheduled task was made', async () => {
    const { given, scope, clock } = world();
    const group = await given.group(scope);
    const task = await world().task({ groups: [group.groupId], startIn: minute, needConfirm: true });
    await world().settle();
    clock.set(clock.now() + 1000);
    const product = await given.product(scope);
    const device = await given.device(scope, { product, createdAt: clock.now() });
    await world().store.groups.addMembers(scope.projectId, group.groupId, [device.deviceId]);
    await world().advance(minute);
    expect((await world().show(task)).states).toEqual({ [device.deviceId]: 'Waitting' });
    await world().deleteDevice(device.deviceId);
    await world().settle();
    expect((await world().show(task)).states).toEqual({ [device.deviceId]: 'Removed' });
  });

  it('fails a device that came after the task and went before its turn: it was never known to it', async () => {
    const { given, scope, clock } = world();
    const deviceId = asId<DeviceId>('short-lived');
    const task = await world().run({ targets: [deviceId], startIn: minute });
    clock.set(clock.now() + 1000);
    const product = await given.product(scope);
    await given.device(scope, { product, deviceId, createdAt: clock.now() });
    await world().deleteDevice(deviceId);
    await world().advance(minute);
    expect((await world().show(task)).subtasks).toMatchObject([{ state: 'Fail', cause: { code: '014000' } }]);
  });

  it('leaves tasks of a later device of the same id alone', async () => {
    const { given, scope, clock, store } = world();
    const product = await given.product(scope);
    const deviceId = asId<DeviceId>('phoenix');
    const first = await given.device(scope, { product, deviceId });
    await world().deleteDevice(deviceId);
    clock.set(clock.now() + 10);
    await given.device(scope, { product, deviceId, nodeId: first.nodeId, createdAt: clock.now() });
    const waiting = await world().task({ targets: [deviceId], startIn: minute });
    const running = await world().task({ type: 'createMessages', targets: [deviceId], document: { message: 'm' } });
    await world().settle();
    expect((await world().show(waiting)).states).toEqual({ [deviceId]: 'Waitting' });
    expect((await world().show(running)).states).toEqual({ [deviceId]: 'Processing' });
    expect(await store.subtasks.nextWake(clock.now())).toBeDefined();
  });

  it('fails a retried subtask whose device is gone: it had its turn', async () => {
    const [device] = await someDevices(world(), 1);
    const task = await world().run({ type: 'unfreezeDevices', targets: [device, 'nobody'] });
    await world().deleteDevice(device);
    await world().retry(task);
    await world().settle();
    expect((await world().show(task)).task.counters).toMatchObject({ fail: 2, removed: 0 });
  });

  it('remembers a device that goes while a task still writes its subtasks', async () => {
    const { store, clock } = world();
    const [device] = await someDevices(world(), 1);
    const targets = [...Array.from({ length: 1000 }, (_, n) => `filler-${n}`), device];
    const task = await world().task({ targets, needConfirm: true });
    expect(await store.subtasks.expand(task.taskNo, { now: clock.now(), limit: 1000 })).toMatchObject({
      written: 1000,
      done: false,
    });
    await world().deleteDevice(device);
    // Whoever looks for what names the device now finds nothing yet.
    expect(
      await store.subtasks.settleDeleted(
        () => chunkOptions,
        () => allDone,
      ),
    ).toMatchObject({ runs: 0, done: true });
    await world().settle();
    expect((await world().show(task)).states[device]).toBe('Removed');
  });
});
