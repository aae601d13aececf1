import { describe, expect, it } from 'vitest';
import type { DeviceId } from '../../../src/domain/ids.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { lastMarker } from '../../../src/domain/paging.ts';
import type { Task } from '../../../src/domain/task.ts';
import type { RawClient } from '../fixture/raw-client.ts';
import { type DeviceApi, ownTopic, startDeviceApi } from './device-api.ts';
import { show, statusIs } from './device-tasks.ts';

async function startTask(api: DeviceApi, targets: readonly DeviceId[], over: JsonObject = {}): Promise<Task> {
  const policy = { retryCount: 0, retryIntervalMinutes: 0, onConflict: 'fail' } as const;
  const source = { kind: 'devices', deviceIds: targets } as const;
  const document = { service_id: 'Motor', command_name: 'start', paras: { speed: 3 }, ...over };
  const wish = { type: 'createAsyncCommands', document, source, policy, createdAt: api.clock.now() } as const;
  const task = await api.given.task(api.scope, wish);
  api.engine.nudge();
  return task;
}

async function commandOf(api: DeviceApi, deviceId: DeviceId) {
  const statuses = ['PENDING', 'SENT', 'DELIVERED', 'EXPIRED', 'SUCCESSFUL', 'FAILED', 'TIMEOUT'] as const;
  const page = { limit: 1, marker: lastMarker, offset: 0 };
  return (await api.store.commands.list(deviceId, { statuses }, page)).items[0];
}

async function answer(client: RawClient, deviceId: DeviceId, payload: string): Promise<string> {
  const { topic } = await client.nextOf('publish');
  const requestId = topic.replace(/^.*request_id=/, '');
  client.publish({
    topic: ownTopic(deviceId, `sys/commands/response/request_id=${requestId}`),
    payload,
    qos: 1,
    messageId: 1,
  });
  await client.nextOf('puback');
  return requestId;
}

async function pass(api: DeviceApi, ms: number): Promise<void> {
  api.commandUpkeep.start();
  await api.clock.advance(ms);
  api.engine.nudge();
}

describe('a task of asynchronous commands', () => {
  it('is Processing until the command of each device has ended, and says how', async () => {
    const api = await startDeviceApi();
    const devices = [await api.device(), await api.device(), await api.device()];
    const targets = devices.map(({ deviceId }) => deviceId);
    const [good, bad, away] = targets as [DeviceId, DeviceId, DeviceId];
    const clients = [await api.connect(good), await api.connect(bad)] as [RawClient, RawClient];
    const task = await startTask(api, targets, { expire_time: 60 });
    const commandId = await answer(clients[0], good, '{"paras":{"rpm":7}}');
    await answer(clients[1], bad, '{"result_code":3}');
    expect((await show(api, task)).task).toMatchObject({
      status: 'Processing',
      counters: { total: 3, processing: 1, success: 1, fail: 1 },
    });
    expect(await commandOf(api, away)).toMatchObject({ status: 'PENDING' });
    const late = await api.connect(away);
    await answer(late, away, '{}');
    await statusIs(api, task, 'PartialSuccess');
    const { subtasks } = await show(api, task);
    expect(subtasks[0]?.output).toEqual({ command_id: commandId, status: 'SUCCESSFUL', result: { paras: { rpm: 7 } } });
    expect(subtasks[1]?.cause).toEqual({ code: '014135', message: 'The device reported result_code 3.' });
    expect(await commandOf(api, good)).toMatchObject({ status: 'SUCCESSFUL', result: { paras: { rpm: 7 } } });
    expect(await commandOf(api, bad)).toMatchObject({ status: 'FAILED', result: { result_code: 3 } });
  });

  it('fails with 014136 where the cache time ends first, and with 014111 where no answer comes', async () => {
    const api = await startDeviceApi();
    const [{ deviceId: away }, { deviceId: silent }] = [await api.device(), await api.device()];
    await api.connect(silent);
    const task = await startTask(api, [away, silent], { expire_time: 60 });
    await statusIs(api, task, 'Processing');
    await pass(api, 21_000);
    await api.until(async () => (await show(api, task)).task.counters.fail === 1);
    await pass(api, 41_000);
    await statusIs(api, task, 'Fail');
    const { subtasks } = await show(api, task);
    expect(subtasks.map(({ cause }) => cause?.code)).toEqual(['014136', '014111']);
    expect(await commandOf(api, away)).toMatchObject({ status: 'EXPIRED' });
    expect(await commandOf(api, silent)).toMatchObject({ status: 'TIMEOUT' });
  });

  it('ends by its own deadline where nobody looks after the commands', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const task = await startTask(api, [deviceId], { expire_time: 60 });
    await statusIs(api, task, 'Processing');
    await api.clock.advance(79_000);
    api.engine.nudge();
    expect((await show(api, task)).task.status).toBe('Processing');
    await api.clock.advance(2000);
    api.engine.nudge();
    await statusIs(api, task, 'Fail');
    expect(await commandOf(api, deviceId)).toMatchObject({ status: 'EXPIRED' });
  });

  it('fails at once where a command must not wait for a device that is away, where there is no room, and for a stranger', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const hasty = await startTask(api, [deviceId, 'nobody' as DeviceId], { send_strategy: 'immediately' });
    await statusIs(api, hasty, 'Fail');
    expect((await show(api, hasty)).subtasks.map(({ cause }) => cause?.code)).toEqual(['014016', '014000']);
    for (let n = 0; n < 20; n++) await api.given.command(api.scope, { deviceId, createdAt: api.clock.now() });
    const crowded = await startTask(api, [deviceId]);
    await statusIs(api, crowded, 'Fail');
    expect((await show(api, crowded)).subtasks[0]?.cause?.code).toBe('014132');
  });

  it('fails with 014114 where the operator has switched it off', async () => {
    const api = await startDeviceApi({ settings: { asyncCommands: false } });
    const { deviceId } = await api.device();
    const task = await startTask(api, [deviceId]);
    await statusIs(api, task, 'Fail');
    expect((await show(api, task)).subtasks[0]?.cause?.code).toBe('014114');
  });

  it('sends to a device that is there what must not wait', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const client = await api.connect(deviceId);
    const task = await startTask(api, [deviceId], { send_strategy: 'immediately' });
    await answer(client, deviceId, '{}');
    await statusIs(api, task, 'Success');
  });

  it('withdraws what waits with a stop; what has left goes on by itself', async () => {
    const api = await startDeviceApi();
    const [{ deviceId: away }, { deviceId: there }] = [await api.device(), await api.device()];
    const client = await api.connect(there);
    const task = await startTask(api, [away, there]);
    const { topic } = await client.nextOf('publish');
    await api.engine.commandTask({ kind: 'stop', taskNo: task.taskNo, targets: undefined });
    await statusIs(api, task, 'Stopped');
    expect(await commandOf(api, away)).toMatchObject({ status: 'EXPIRED' });
    expect(await commandOf(api, there)).toMatchObject({ status: 'SENT' });
    const requestId = topic.replace(/^.*request_id=/, '');
    client.publish({
      topic: ownTopic(there, `sys/commands/response/request_id=${requestId}`),
      payload: '{}',
      qos: 1,
      messageId: 1,
    });
    await client.nextOf('puback');
    expect(await commandOf(api, there)).toMatchObject({ status: 'SUCCESSFUL' });
    expect((await show(api, task)).task.counters).toMatchObject({ stopped: 2 });
    const late = await api.connect(away);
    late.send({ cmd: 'pingreq' });
    expect(await late.next()).toMatchObject({ cmd: 'pingresp' });
  });

  it('lets the commands of one device leave one after the other, whoever they are of', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const client = await api.connect(deviceId);
    const first = await startTask(api, [deviceId]);
    await statusIs(api, first, 'Processing');
    const second = await startTask(api, [deviceId]);
    await statusIs(api, second, 'Processing');
    const { topic } = await client.nextOf('publish');
    // Unacknowledged: what follows from it may overtake the acknowledgement.
    client.publish({ topic: topic.replace('/commands/', '/commands/response/'), payload: '{}', qos: 0 });
    await statusIs(api, first, 'Success');
    await answer(client, deviceId, '{}');
    await statusIs(api, second, 'Success');
  });

  it('begins another command with a retry', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const client = await api.connect(deviceId);
    const task = await startTask(api, [deviceId]);
    const failed = await answer(client, deviceId, '{"result_code":1}');
    await statusIs(api, task, 'Fail');
    await api.engine.commandTask({ kind: 'retry', taskNo: task.taskNo, targets: undefined });
    const retried = await answer(client, deviceId, '{}');
    await statusIs(api, task, 'Success');
    expect(retried).not.toBe(failed);
  });

  it('asks no model: a service need not have the command', async () => {
    const api = await startDeviceApi();
    const capabilities = [{ service_id: 'Other', service_type: 'Other' }];
    const { deviceId } = await api.given.device(api.scope, {
      product: await api.given.product(api.scope, { capabilities }),
    });
    const task = await startTask(api, [deviceId]);
    await statusIs(api, task, 'Processing');
    expect(await commandOf(api, deviceId)).toMatchObject({ status: 'PENDING' });
  });
});
