import { describe, expect, it } from 'vitest';
import { asId, type GroupId } from '../../src/domain/ids.ts';
import { minute } from '../support/engine-harness.ts';
import { answer, command, onlineDevices, pushedStatuses, sentCommands, someDevices, useWorld } from './use-world.ts';

const unknownGroup = asId<GroupId>('123456789');

describe('task transitions (v5 13.1)', () => {
  const world = useWorld();

  it('T2, T4, T6: goes through Waitting and Processing to Success, each told once', async () => {
    const { given, scope } = world();
    await given.action(scope);
    const devices = await someDevices(world(), 2);
    const task = await world().run({ targets: devices });
    expect((await world().show(task)).task.status).toBe('Success');
    expect(await pushedStatuses(world(), task)).toEqual(['Waitting', 'Processing', 'Success']);
  });

  it('T2: a scheduled group task waits with total 0 and no subtasks', async () => {
    const { given, scope } = world();
    const group = await given.group(scope, { members: await someDevices(world(), 2) });
    const task = await world().run({ groups: [group.groupId], startIn: minute });
    const shown = await world().show(task);
    expect(shown.task).toMatchObject({ status: 'Waitting', expanded: false, counters: { total: 0 } });
    expect(shown.subtasks).toEqual([]);
  });

  it('T3: an unscheduled task of an unknown group goes from Initializing straight to Fail', async () => {
    const { given, scope } = world();
    await given.action(scope);
    const task = await world().run({ groups: [unknownGroup] });
    expect((await world().show(task)).task).toMatchObject({
      status: 'Fail',
      setupFailure: 'The device group 123456789 does not exist.',
      counters: { total: 0 },
    });
    expect(await pushedStatuses(world(), task)).toEqual(['Fail']);
  });

  it('T5: a scheduled task of an unknown group fails when it starts', async () => {
    const { given, scope } = world();
    await given.action(scope);
    const task = await world().run({ groups: [unknownGroup], startIn: minute });
    expect((await world().show(task)).task.status).toBe('Waitting');
    await world().advance(minute);
    expect((await world().show(task)).task.status).toBe('Fail');
    expect(await pushedStatuses(world(), task)).toEqual(['Waitting', 'Fail']);
  });

  it('T5: a task whose subtasks were all removed fails without having run', async () => {
    const { given, scope } = world();
    await given.action(scope);
    const [device] = await someDevices(world(), 1);
    const task = await world().run({ targets: [device], startIn: minute });
    await world().deleteDevice(device);
    await world().settle();
    const shown = await world().show(task);
    expect(shown.task).toMatchObject({ status: 'Fail', counters: { total: 1, removed: 1 } });
    expect(await pushedStatuses(world(), task)).toEqual(['Waitting', 'Fail']);
  });

  it('T6: all failed is Fail, some is PartialSuccess', async () => {
    const [device] = await someDevices(world(), 1);
    const failed = await world().run({ targets: ['nobody', 'noone'] });
    const partial = await world().run({ targets: [device, 'nobody'] });
    expect((await world().show(failed)).task.status).toBe('Fail');
    expect((await world().show(partial)).task.status).toBe('PartialSuccess');
  });

  it('T7, T8: a stop of all while Initializing ends Stopped', async () => {
    const { given, scope } = world();
    await given.action(scope);
    const devices = await someDevices(world(), 3);
    const task = await world().task({ targets: devices });
    const { task: after } = await world().stop(task);
    expect(after.status).toBe('Stopping');
    await world().settle();
    expect((await world().show(task)).task).toMatchObject({ status: 'Stopped', counters: { total: 0 } });
    expect(await pushedStatuses(world(), task)).toEqual(['Stopped']);
  });

  it('T7, T8: a stop of a scheduled task stops every subtask', async () => {
    const task = await world().run({ targets: ['a', 'b'], startIn: minute });
    const result = await world().stop(task);
    expect(result).toMatchObject({ affected: 2, results: [{ target: 'a' }, { target: 'b' }] });
    await world().settle();
    const shown = await world().show(task);
    expect(shown.task.status).toBe('Stopped');
    expect(shown.states).toEqual({ a: 'Stopped', b: 'Stopped' });
  });

  it('T7, T8: a stop of a scheduled group task, which has no subtasks yet, ends Stopped', async () => {
    const { given, scope } = world();
    const group = await given.group(scope, { members: await someDevices(world(), 2) });
    const task = await world().run({ groups: [group.groupId], startIn: minute });
    await world().stop(task);
    await world().advance(2 * minute);
    expect((await world().show(task)).task).toMatchObject({ status: 'Stopped', counters: { total: 0 } });
  });

  it('T9: what was running at the stop ends truly; without a stopped subtask the task is not Stopped', async () => {
    const [a, b] = await onlineDevices(world(), 2);
    const task = await world().run({ type: 'createCommands', targets: [a, b], document: command });
    const sent = sentCommands(world());
    await world().stop(task);
    await world().settle();
    expect((await world().show(task)).task.status).toBe('Stopping');
    await answer(world(), a, sent.get(a));
    await answer(world(), b, sent.get(b), 7);
    expect((await world().show(task)).task.status).toBe('PartialSuccess');
  });

  it('T9: all running ones succeed after the stop: Success; all fail: Fail', async () => {
    for (const [resultCode, status] of [
      [0, 'Success'],
      [7, 'Fail'],
    ] as const) {
      const [device] = await onlineDevices(world(), 1);
      const task = await world().run({ type: 'createCommands', targets: [device], document: command });
      await world().stop(task);
      await world().settle();
      await answer(world(), device, sentCommands(world()).get(device), resultCode);
      expect((await world().show(task)).task.status).toBe(status);
    }
  });

  it('T10: single stops that leave only Stopped ones end the task, waiting or running', async () => {
    const waiting = await world().run({ targets: ['a', 'b'], startIn: minute });
    await world().stop(waiting, ['a']);
    expect((await world().show(waiting)).task.status).toBe('Waitting');
    await world().stop(waiting, ['b']);
    expect((await world().show(waiting)).task.status).toBe('Stopped');

    const [device] = await someDevices(world(), 1);
    const running = await world().run({ type: 'createMessages', targets: [device], document: { message: 'm' } });
    expect((await world().show(running)).task.status).toBe('Processing');
    await world().stop(running, [device]);
    expect((await world().show(running)).task.status).toBe('Stopped');
  });

  it('T10: Stopped and Removed together are Stopped', async () => {
    const [device] = await someDevices(world(), 1);
    const task = await world().run({ targets: [device, 'b'], startIn: minute });
    await world().deleteDevice(device);
    await world().settle();
    await world().stop(task, ['b']);
    const shown = await world().show(task);
    expect(shown.task.status).toBe('Stopped');
    expect(Object.values(shown.states)).toEqual(['Removed', 'Stopped']);
  });

  it('T11: a retry of Fail and of PartialSuccess is Processing again', async () => {
    const { given, scope } = world();
    await given.action(scope);
    const [device] = await someDevices(world(), 1);
    for (const targets of [['nobody'], [device, 'nobody']]) {
      const task = await world().run({ targets });
      await pushedStatuses(world(), task);
      const { task: after, affected } = await world().retry(task);
      expect(after.status).toBe('Processing');
      expect(affected).toBe(1);
      await world().settle();
      expect(await pushedStatuses(world(), task)).toEqual([
        'Processing',
        targets.length === 1 ? 'Fail' : 'PartialSuccess',
      ]);
    }
  });

  it('T11: a task that a stop left as Fail can be retried and runs', async () => {
    const [device] = await onlineDevices(world(), 1);
    const task = await world().run({ type: 'createCommands', targets: [device], document: command });
    await world().stop(task);
    await world().settle();
    await answer(world(), device, sentCommands(world()).get(device), 7);
    expect((await world().show(task)).task.status).toBe('Fail');
    for (const targets of [undefined, [device]]) {
      await world().retry(task, targets);
      await world().settle();
      const sent = sentCommands(world());
      expect(sent.size).toBe(1);
      await answer(world(), device, sent.get(device), 7);
      expect((await world().show(task)).task.status).toBe('Fail');
    }
  });

  it('T12: a finished task can be deleted, an unfinished one cannot', async () => {
    const { store, scope } = world();
    const finished = await world().run({ targets: ['nobody'] });
    const waiting = await world().run({ targets: ['nobody'], startIn: minute });
    await store.tasks.delete(scope.projectId, finished.taskId);
    expect(await store.tasks.find(scope.projectId, finished.taskId)).toBeUndefined();
    await expect(store.tasks.delete(scope.projectId, waiting.taskId)).rejects.toMatchObject({ problem: 'taskState' });
    while (await store.tasks.purge(10));
    await expect(world().retry(finished)).rejects.toMatchObject({ problem: 'taskNotFound' });
  });
});
