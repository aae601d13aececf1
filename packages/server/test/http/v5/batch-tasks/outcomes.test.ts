import type { TaskProgress } from '@muster/contract/v5';
import { expect, test } from 'vitest';
import { asId, type DeviceId, type MessageId } from '../../../../src/domain/ids.ts';
import { toBasicTime } from '../../../../src/domain/time.ts';
import { startTaskApi, type TaskApi, type TaskClient } from './task-api.ts';

async function upgradable(api: TaskApi, client: TaskClient) {
  const product = await api.given.product(client.scope);
  const { deviceId } = await api.given.device(client.scope, { product });
  const { packageId: package_id } = await api.given.pkg(client.scope, { productId: product.productId });
  return { deviceId, upgrade: { task_name: 'fw', task_type: 'firmwareUpgrade', document: { package_id } } };
}

test("[v5 26] the upgrade of another product's device fails with 014582", async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const { upgrade } = await upgradable(api, client);
  const { deviceId } = await api.given.device(client.scope);
  const { body } = await client.create({ ...upgrade, targets: [deviceId] });
  expect(await client.untilFinal(body.task_id)).toMatchObject({ status: 'Fail' });
  const { task_details } = await client.show(body.task_id);
  expect(task_details).toMatchObject([{ status: 'Fail', error: { error_code: 'IOTDA.014582' } }]);
});

test('[v5 40] in 1,000 polls of a busy task the counters sum to total, which never changes once it stands', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  // By group: a thousand answers then do not repeat 5,000 ids each.
  const { groupId } = await api.given.group(client.scope, { members: await api.given.devices(client.scope, 5000) });
  const freeze = { task_name: 'n', task_type: 'freezeDevices', targets_filter: { group_ids: [groupId] } };
  const { body } = await client.create(freeze);
  const poll = async (): Promise<TaskProgress> => {
    const { batchtask, page } = await client.show(body.task_id, '?limit=1');
    expect(page.count).toBe(batchtask.task_progress.total);
    return batchtask.task_progress;
  };
  for (let round = 0; round < 100; round++) {
    for (const { total, ...states } of await Promise.all(Array.from({ length: 10 }, poll))) {
      expect(Object.values(states).reduce((sum, count) => sum + count, 0)).toBe(total);
      expect([0, 5000]).toContain(total);
    }
  }
  expect(await client.untilFinal(body.task_id)).toMatchObject({ status: 'Success', task_progress: { success: 5000 } });
});

test('[v5 41] a command to a device that is away fails with 014016, waits for its retry, and fails for good', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const { deviceId } = await api.given.device(client.scope);
  const command = { task_name: 'c', task_type: 'createCommands', targets: [deviceId], document: { paras: {} } };
  const { body } = await client.create({ ...command, task_policy: { retry_count: 1, retry_interval: 1 } });
  const waiting = await client.until(body.task_id, ({ task_progress }) => task_progress.fail_wait_retry === 1);
  expect(waiting).toMatchObject({ status: 'Processing', task_progress: { total: 1, fail: 0 } });
  const error = { error_code: 'IOTDA.014016', error_msg: 'Operation not allowed. The device is not online.' };
  expect((await client.show(body.task_id)).task_details).toEqual([
    { target: deviceId, status: 'FailWaitRetry', error },
  ]);
  const ended = client.untilFinal(body.task_id);
  await api.clock.advance(60_000);
  expect(await ended).toMatchObject({ status: 'Fail', task_progress: { total: 1, fail: 1, fail_wait_retry: 0 } });
  expect((await client.show(body.task_id)).task_details).toEqual([{ target: deviceId, status: 'Fail', error }]);
});

test('[v5 48] the upgrade of a device that never connected waits; a second one conflicts or queues; a stop ends it', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const { deviceId, upgrade } = await upgradable(api, client);
  const first = await client.create({ ...upgrade, targets: [deviceId] });
  await client.until(first.body.task_id, ({ task_progress }) => task_progress.processing === 1);
  const [detail] = (await client.show(first.body.task_id)).task_details;
  expect(detail).toMatchObject({ status: 'Processing', output: expect.any(String) });
  expect(JSON.parse(detail?.output ?? '')).toMatchObject({ step: 'wait_online' });

  const second = await client.create({ ...upgrade, targets: [deviceId] });
  await client.untilFinal(second.body.task_id);
  expect((await client.show(second.body.task_id)).task_details).toEqual([
    { target: deviceId, status: 'Fail', error: { error_code: 'IOTDA.014590', error_msg: 'Task Conflict' } },
  ]);

  const queued = await client.create({ ...upgrade, targets: [deviceId], task_policy: { on_conflict: 'queue' } });
  await client.until(queued.body.task_id, ({ task_progress }) => task_progress.waitting === 1);
  const stop = async (id: string): Promise<void> => {
    await client.command(id, 'stop');
    expect(await client.untilFinal(id)).toMatchObject({ status: 'Stopped', task_progress: { stopped: 1 } });
  };
  await stop(queued.body.task_id);
  await stop(first.body.task_id);
});

test('[v5 49] a device that is deleted while its scheduled subtask waits is Removed, and the task is no success', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const [kept = '', gone = ''] = await api.given.devices(client.scope, 2);
  const task_policy = { schedule_time: toBasicTime(api.clock.now() + 60_000) };
  const freeze = { task_name: 'n', task_type: 'freezeDevices', targets: [kept, gone], task_policy };
  const { body } = await client.create(freeze);
  await client.until(body.task_id, ({ status }) => status === 'Waitting');
  await api.store.devices.delete(client.projectId, asId<DeviceId>(gone), api.clock.now());
  api.engine.nudge();
  await client.until(body.task_id, ({ task_progress }) => task_progress.removed === 1);
  const ended = client.untilFinal(body.task_id);
  await api.clock.advance(60_000);
  expect(await ended).toMatchObject({
    status: 'PartialSuccess',
    status_desc: '1 succeeded, 0 failed, 0 stopped, 1 removed',
    task_progress: { total: 2, success: 1, removed: 1 },
  });
  const { task_details } = await client.show(body.task_id, `?target=${gone}`);
  expect(task_details).toEqual([{ target: gone, status: 'Removed' }]);
});

test('[v5 52] a message to a device that is away is Processing, and without a cache it fails with 014016', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const { deviceId } = await api.given.device(client.scope);
  const message = { task_name: 'm', task_type: 'createMessages', targets: [deviceId] };
  const cached = await client.create({ ...message, document: { message: 'hello', message_id: 'm1' } });
  await client.until(cached.body.task_id, ({ task_progress }) => task_progress.processing === 1);
  const stored = await api.store.messages.find(deviceId, asId<MessageId>('m1'));
  expect(stored).toMatchObject({ status: 'PENDING' });
  const uncached = await client.create({ ...message, document: { message: 'hello', ttl: 0 } });
  await client.untilFinal(uncached.body.task_id);
  expect((await client.show(uncached.body.task_id)).task_details).toMatchObject([
    { status: 'Fail', error: { error_code: 'IOTDA.014016' } },
  ]);
});

test('[v5 55] a task of one target beside one of 30,000 ends within five seconds', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const targets = [...(await api.given.devices(client.scope, 30_000))];
  const freeze = { task_name: 'n', task_type: 'freezeDevices' };
  const big = await client.create({ ...freeze, targets });
  // Begun, or, where the look comes late, over: one that waits for it to be seen at work may wait for ever.
  await client.until(big.body.task_id, ({ status }) => !['Initializing', 'Waitting'].includes(String(status)));
  const from = performance.now();
  const small = await client.create({ ...freeze, targets: targets.slice(0, 1) });
  await client.untilFinal(small.body.task_id);
  expect(performance.now() - from).toBeLessThan(5000);
  expect(await client.untilFinal(big.body.task_id)).toMatchObject({ status: 'Success' });
});
