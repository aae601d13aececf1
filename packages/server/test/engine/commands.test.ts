import { describe, expect, it } from 'vitest';
import { minute } from '../support/engine-harness.ts';
import { answer, command, id, onlineDevices, sentCommands, someDevices, useWorld } from './use-world.ts';

describe('stop, retry and confirm (v5 11.5, 13.5)', () => {
  const world = useWorld({ settings: { chunkSize: 3 } });

  it('takes one of two parallel stops', async () => {
    const task = await world().run({ targets: ['a'], startIn: minute });
    const results = await Promise.allSettled([world().stop(task), world().stop(task)]);
    expect(results.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(results.find((result) => result.status === 'rejected')).toMatchObject({ reason: { problem: 'taskState' } });
  });

  it('refuses each command in the task states that the table does not name', async () => {
    const initializing = await world().task({ targets: ['a'] });
    await expect(world().stop(initializing, ['a'])).rejects.toMatchObject({ problem: 'taskState' });
    await expect(world().retry(initializing)).rejects.toMatchObject({ problem: 'taskState' });
    await world().settle();
    const [device] = await someDevices(world(), 1);
    const success = await world().run({ targets: [device] });
    await expect(world().retry(success)).rejects.toMatchObject({ problem: 'taskState' });
    await expect(world().stop(success)).rejects.toMatchObject({ problem: 'taskState' });
    const waiting = await world().run({ targets: ['a'], startIn: minute });
    await expect(world().retry(waiting)).rejects.toMatchObject({ problem: 'taskState' });
    await expect(world().confirm(waiting)).rejects.toMatchObject({ problem: 'taskNeedsNoConfirm' });
    await world().stop(waiting);
    await world().settle();
    await expect(world().retry(waiting)).rejects.toMatchObject({ problem: 'taskState' });
    await expect(world().stop({ taskNo: 4711 })).rejects.toMatchObject({ problem: 'taskNotFound' });
  });

  it('judges single targets one by one: unknown, wrong state, fine', async () => {
    const [device] = await someDevices(world(), 1);
    const task = await world().run({ targets: [device, 'nobody'] });
    const { results, affected } = await world().retry(task, [device, 'nobody', 'stranger']);
    expect(affected).toBe(1);
    expect(results).toMatchObject([{ cause: { code: '014561' } }, { target: 'nobody' }, { cause: { code: '014560' } }]);
    expect(results[1]).not.toHaveProperty('cause');
    await world().settle();
    expect((await world().show(task)).states).toEqual({ [device]: 'Success', nobody: 'Fail' });
  });

  it('answers a retry of all with nothing to act on by an empty list, and changes nothing', async () => {
    const devices = await onlineDevices(world(), 2);
    const task = await world().run({ type: 'createCommands', targets: devices, document: command });
    const before = await world().show(task);
    const result = await world().retry(task);
    expect(result).toMatchObject({ results: [], affected: 0 });
    expect((await world().show(task)).states).toEqual(before.states);
  });

  it('lists the first 100 of all affected and counts them all', async () => {
    const targets = Array.from({ length: 130 }, (_, n) => `device-${String(n).padStart(3, '0')}`);
    const task = await world().run({ targets, startIn: minute });
    const { results, affected } = await world().stop(task);
    expect(affected).toBe(130);
    expect(results.map((result) => result.target)).toEqual(targets.slice(0, 100));
  });

  it('retries what failed and what was stopped, and nothing else', async () => {
    const [a, b, c] = await onlineDevices(world(), 3);
    const task = await world().run({
      type: 'createCommands',
      targets: [a, b, c, 'nobody'],
      document: command,
      retries: 1,
      retryMinutes: 60,
    });
    const sent = sentCommands(world());
    await answer(world(), a, sent.get(a));
    await answer(world(), b, sent.get(b), 5);
    await world().stop(task, ['nobody']);
    expect((await world().show(task)).states).toEqual({
      [a]: 'Success',
      [b]: 'FailWaitRetry',
      [c]: 'Processing',
      nobody: 'Stopped',
    });
    const { affected } = await world().retry(task);
    expect(affected).toBe(2);
    await world().settle();
    expect([...sentCommands(world()).keys()]).toEqual([b]);
    expect((await world().show(task)).states).toEqual({
      [a]: 'Success',
      [b]: 'Processing',
      [c]: 'Processing',
      nobody: 'FailWaitRetry',
    });
  });

  it('retries a device that was created after it was unknown', async () => {
    const { given, scope } = world();
    const product = await given.product(scope);
    const task = await world().run({ targets: ['latecomer'] });
    expect((await world().show(task)).task.status).toBe('Fail');
    await given.device(scope, { product, deviceId: id('latecomer') });
    await world().retry(task);
    await world().settle();
    expect((await world().show(task)).task.status).toBe('Success');
  });

  it('loses neither a retry of all nor a confirm of all when one comes while the other is under way', async () => {
    const targets = Array.from({ length: 8 }, (_, n) => `device-${n}`);
    for (const order of [
      ['retry', 'confirm'],
      ['confirm', 'retry'],
    ] as const) {
      const task = await world().run({ targets, needConfirm: true });
      await world().confirm(task, targets.slice(0, 4));
      await world().settle();
      expect((await world().show(task)).task.counters).toMatchObject({ fail: 4, waitting: 4 });
      for (const kind of order) await world()[kind](task);
      await world().settle();
      expect((await world().show(task)).task).toMatchObject({ status: 'Fail', counters: { fail: 8 } });
    }
  });

  it('lets a stop of all override a retry and a confirm that are under way', async () => {
    const targets = Array.from({ length: 8 }, (_, n) => `device-${n}`);
    const task = await world().run({ targets, needConfirm: true });
    await world().confirm(task, targets.slice(0, 4));
    await world().settle();
    await world().retry(task);
    await world().confirm(task);
    await world().stop(task);
    await world().settle();
    const { status, counters } = (await world().show(task)).task;
    // What the retry had reached before is Stopped, too.
    expect(counters.stopped).toBeGreaterThanOrEqual(4);
    expect({ status, ended: counters.stopped + counters.fail }).toEqual({ status: 'Stopped', ended: 8 });
  });

  it('keeps everything Waitting until it is confirmed, one target or all', async () => {
    const [a, b, c] = await someDevices(world(), 3);
    const task = await world().run({ targets: [a, b, c], needConfirm: true });
    await world().advance(100 * 60 * minute);
    expect((await world().show(task)).task).toMatchObject({
      status: 'Waitting',
      confirmed: false,
      counters: { waitting: 3 },
    });
    await world().confirm(task, [b]);
    await world().settle();
    expect((await world().show(task)).states).toEqual({ [a]: 'Waitting', [b]: 'Success', [c]: 'Waitting' });
    expect((await world().show(task)).task.status).toBe('Processing');
    expect((await world().confirm(task, [b])).results).toMatchObject([{ cause: { code: '014561' } }]);
    expect((await world().confirm(task)).affected).toBe(2);
    await world().settle();
    expect((await world().show(task)).task.status).toBe('Success');
  });

  it('lets an early confirm wait for the schedule, and a retried subtask need no new one', async () => {
    const task = await world().run({ targets: ['nobody'], needConfirm: true, startIn: minute });
    await world().confirm(task);
    await world().settle();
    expect((await world().show(task)).task).toMatchObject({ status: 'Waitting', confirmed: true });
    await world().advance(minute);
    expect((await world().show(task)).task.status).toBe('Fail');
    await world().retry(task);
    await world().settle();
    expect((await world().show(task)).task.status).toBe('Fail');
    expect((await world().confirm(await world().run({ targets: ['a'], needConfirm: true }))).affected).toBe(1);
  });

  it('stops unconfirmed subtasks', async () => {
    const task = await world().run({ targets: ['a', 'b'], needConfirm: true });
    await world().stop(task);
    await world().settle();
    expect((await world().show(task)).task).toMatchObject({ status: 'Stopped', counters: { stopped: 2 } });
  });
});
