import { describe, expect, it } from 'vitest';
import { minute } from '../support/engine-harness.ts';
import { answer, command, id, onlineDevices, sentCommands, sentMessages, someDevices, useWorld } from './use-world.ts';

const message = { message: 'hello', ttl: 60 };

describe('subtask transitions (v5 13.2)', () => {
  const world = useWorld();

  it('S1: set-up writes one Waitting subtask per target, in input order', async () => {
    const targets = Array.from({ length: 2500 }, (_, n) => `device-${n}`);
    const task = await world().run({ targets, startIn: minute });
    const { subtasks, task: shown } = await world().show(task);
    expect(subtasks.map((item) => item.target)).toEqual(targets);
    expect(shown.counters).toMatchObject({ total: 2500, waitting: 2500 });
  });

  it('S3, S5: an answered command is Processing, then Success with its output', async () => {
    const [device] = await onlineDevices(world(), 1);
    const task = await world().run({ type: 'createCommands', targets: [device], document: command });
    expect((await world().show(task)).states).toEqual({ [device]: 'Processing' });
    const requestId = sentCommands(world()).get(device);
    await answer(world(), device, requestId);
    const { subtasks } = await world().show(task);
    expect(subtasks).toMatchObject([
      { state: 'Success', output: { command_id: requestId, response: { result_code: 0 } }, cause: undefined },
    ]);
  });

  it('S4: a waiting subtask of a device that is deleted is Removed', async () => {
    const [device] = await someDevices(world(), 1);
    const task = await world().run({ targets: [device, 'nobody'], startIn: minute });
    await world().deleteDevice(device);
    await world().settle();
    expect((await world().show(task)).states).toEqual({ [device]: 'Removed', nobody: 'Waitting' });
    await world().advance(minute);
    expect((await world().show(task)).task).toMatchObject({ status: 'Fail', counters: { removed: 1, fail: 1 } });
  });

  it('S6, S8, S7: a failed run waits for its retry, runs again and fails for good', async () => {
    const task = await world().run({ targets: ['nobody'], retries: 2, retryMinutes: 5 });
    for (const left of [1, 0]) {
      const { subtasks, task: shown } = await world().show(task);
      expect(subtasks[0]).toMatchObject({ state: 'FailWaitRetry', cause: { code: '014000' } });
      expect(shown).toMatchObject({ status: 'Processing', counters: { failWaitRetry: 1 } });
      await world().advance(5 * minute - 1);
      expect((await world().show(task)).states).toEqual({ nobody: 'FailWaitRetry' });
      await world().advance(1);
      if (left === 0) break;
    }
    expect((await world().show(task)).task.status).toBe('Fail');
  });

  it('S9: FailWaitRetry, Fail and Stopped go back to Waitting with output and error cleared', async () => {
    const [device] = await onlineDevices(world(), 1);
    const task = await world().run({
      type: 'createCommands',
      targets: ['nobody', device],
      document: command,
      retries: 1,
    });
    expect((await world().show(task)).states).toEqual({ nobody: 'FailWaitRetry', [device]: 'Processing' });
    const { results } = await world().retry(task, ['nobody']);
    expect(results).toEqual([{ target: 'nobody' }]);
    expect((await world().show(task)).subtasks[0]).toMatchObject({
      state: 'Waitting',
      cause: undefined,
      output: undefined,
    });
    await world().settle();
    // The allowance is new: it waits for another automatic retry.
    expect((await world().show(task)).states['nobody']).toBe('FailWaitRetry');
    await world().stop(task, ['nobody']);
    await world().retry(task, ['nobody']);
    expect((await world().show(task)).states['nobody']).toBe('Waitting');
    await world().advance(minute);
    expect((await world().show(task)).states['nobody']).toBe('Fail');
    await world().retry(task, ['nobody']);
    expect((await world().show(task)).states['nobody']).toBe('Waitting');
  });

  it('S10: a stop ends what waits, for its turn or for a retry', async () => {
    const task = await world().run({ targets: ['a', 'b'], retries: 1 });
    await world().stop(task);
    await world().settle();
    const shown = await world().show(task);
    expect(shown.states).toEqual({ a: 'Stopped', b: 'Stopped' });
    expect(shown.subtasks[0]).toMatchObject({ cause: undefined });
    await world().advance(10 * minute);
    expect((await world().show(task)).states).toEqual({ a: 'Stopped', b: 'Stopped' });
  });

  it('S11: a stop ends running messages and withdraws them', async () => {
    const [device] = await someDevices(world(), 1);
    const task = await world().run({ type: 'createMessages', targets: [device], document: message });
    expect((await world().show(task)).states).toEqual({ [device]: 'Processing' });
    await world().stop(task);
    await world().settle();
    expect((await world().show(task)).states).toEqual({ [device]: 'Stopped' });
    expect(await world().store.messages.list(device)).toMatchObject([{ status: 'FAILED', cause: { code: '014136' } }]);
  });

  it('S11: a running command is not stopped; single stops of it are refused', async () => {
    const [device] = await onlineDevices(world(), 1);
    const task = await world().run({ type: 'createCommands', targets: [device], document: command });
    const single = await world().stop(task, [device]);
    expect(single.results).toMatchObject([{ target: device, cause: { code: '014561' } }]);
    await world().stop(task);
    await world().settle();
    expect((await world().show(task)).states).toEqual({ [device]: 'Processing' });
    await world().advance(20_000);
    expect((await world().show(task)).states).toEqual({ [device]: 'Fail' });
  });

  it('retries nothing automatically once a stop was accepted', async () => {
    const [device] = await onlineDevices(world(), 1);
    const task = await world().run({
      type: 'createCommands',
      targets: [device, 'nobody'],
      document: command,
      retries: 3,
    });
    sentCommands(world());
    await world().stop(task);
    // The retry falls due before the sweep has reached it.
    await world().clock.advance(minute);
    await world().settle();
    expect((await world().show(task)).states).toEqual({ [device]: 'Fail', nobody: 'Stopped' });
    await world().advance(10 * minute);
    expect(world().link.take()).toEqual([]);
    expect((await world().show(task)).task.status).toBe('Stopped');
  });

  it('changes nothing for late, foreign, unknown and wrong-attempt answers', async () => {
    const [device, other] = await onlineDevices(world(), 2);
    const task = await world().run({ type: 'createCommands', targets: [device], document: command, retries: 1 });
    const first = sentCommands(world()).get(device);
    await answer(world(), other, first);
    expect((await world().show(task)).states).toEqual({ [device]: 'Processing' });
    await world().advance(20_000);
    expect((await world().show(task)).states).toEqual({ [device]: 'FailWaitRetry' });
    await answer(world(), device, first);
    expect((await world().show(task)).states).toEqual({ [device]: 'FailWaitRetry' });
    await world().advance(minute);
    const second = sentCommands(world()).get(device);
    expect(second).not.toBe(first);
    await answer(world(), device, first);
    expect((await world().show(task)).states).toEqual({ [device]: 'Processing' });
    await answer(world(), device, second, 0);
    await answer(world(), device, second, 7);
    expect((await world().show(task)).states).toEqual({ [device]: 'Success' });
    await world().engine.collect({ taskNo: 999, seq: 0, attempt: 1 }, device, { kind: 'message-delivered' });
    await world().engine.collect({ taskNo: task.taskNo, seq: 7, attempt: 1 }, device, { kind: 'message-delivered' });
  });

  it('tells a message pushed out by 20 newer ones to its run', async () => {
    const [device] = await someDevices(world(), 1);
    const first = await world().run({ type: 'createMessages', targets: [device], document: message });
    const tasks = [first];
    for (let n = 0; n < 20; n++)
      tasks.push(await world().run({ type: 'createMessages', targets: [device], document: message }));
    const states = [];
    for (const task of tasks) states.push((await world().show(task)).states[id(device)]);
    expect(states).toEqual(['Fail', ...Array.from({ length: 20 }, () => 'Processing')]);
    expect((await world().show(first)).subtasks[0]).toMatchObject({ cause: { code: '014136' } });
  });

  it('keeps a message that is not delivered until its time is over', async () => {
    const [device] = await onlineDevices(world(), 1);
    const task = await world().run({ type: 'createMessages', targets: [device], document: message });
    expect(sentMessages(world())).toHaveLength(1);
    await world().advance(60 * minute - 1);
    expect((await world().show(task)).states).toEqual({ [device]: 'Processing' });
    await world().advance(1);
    expect((await world().show(task)).states).toEqual({ [device]: 'Fail' });
    expect(await world().store.messages.list(device)).toMatchObject([{ status: 'TIMEOUT' }]);
  });
});
