import { describe, expect, it } from 'vitest';
import { asId, type DeviceId } from '../../../src/domain/ids.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import type { Task, TaskTypeName } from '../../../src/domain/task.ts';
import type { RawClient } from '../fixture/raw-client.ts';
import { acknowledge, type DeviceApi, ownTopic, payloadOf, startDeviceApi } from './device-api.ts';
import { show, statusIs } from './device-tasks.ts';

interface Wish {
  readonly type: TaskTypeName;
  readonly targets: readonly DeviceId[];
  readonly document: JsonObject;
  readonly retry?: boolean;
}

async function startTask(api: DeviceApi, { type, targets, document, retry = false }: Wish): Promise<Task> {
  const policy = { retryCount: retry ? 1 : 0, retryIntervalMinutes: retry ? 1 : 0, onConflict: 'fail' } as const;
  const source = { kind: 'devices', deviceIds: targets } as const;
  const task = await api.given.task(api.scope, { type, document, source, policy, createdAt: api.clock.now() });
  api.engine.nudge();
  return task;
}

const pending = async (api: DeviceApi, deviceId: DeviceId) => {
  const [message] = await api.store.messages.list(deviceId);
  return message;
};

describe('a task of commands', () => {
  it('[v5 41] fails with 014016 at once while the device is offline, and waits for its retry', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const wish = { type: 'createCommands', targets: [deviceId], document: { paras: {} } } as const;
    const single = await startTask(api, wish);
    await statusIs(api, single, 'Fail');
    expect((await show(api, single)).subtasks[0]?.cause?.code).toBe('014016');
    const retried = await startTask(api, { ...wish, retry: true });
    await api.until(async () => (await show(api, retried)).subtasks[0]?.state === 'FailWaitRetry');
    expect((await show(api, retried)).task.counters).toMatchObject({ total: 1, failWaitRetry: 1 });
    await api.clock.advance(61_000);
    api.engine.nudge();
    await statusIs(api, retried, 'Fail');
    expect((await show(api, retried)).subtasks[0]?.cause?.code).toBe('014016');
  });

  it('ends with the answers of its devices, and takes none from a stranger', async () => {
    const api = await startDeviceApi();
    const devices = [await api.device(), await api.device()];
    const clients: RawClient[] = [];
    for (const { deviceId } of devices) clients.push(await api.connect(deviceId));
    const targets = devices.map(({ deviceId }) => deviceId);
    const task = await startTask(api, { type: 'createCommands', targets, document: { paras: { a: 1 } } });
    const topics = [];
    for (const client of clients) topics.push((await client.nextOf('publish')).topic);
    const [first = '', second = ''] = topics.map((topic) => topic.replace(/^.*request_id=/, ''));
    const reply = async (index: number, requestId: string, payload: string): Promise<void> => {
      const topic = ownTopic(targets[index] ?? '', `sys/commands/response/request_id=${requestId}`);
      clients[index]?.publish({ topic, payload, qos: 1, messageId: 1 });
      await clients[index]?.nextOf('puback');
    };
    await reply(1, first, '{}');
    expect((await show(api, task)).task.counters).toMatchObject({ processing: 2 });
    await reply(0, first, '{"paras":{"ok":true}}');
    await reply(1, second, '{"result_code":3}');
    await statusIs(api, task, 'PartialSuccess');
    const { subtasks } = await show(api, task);
    expect(subtasks[0]?.output).toEqual({ command_id: first, response: { paras: { ok: true } } });
    expect(subtasks[1]?.cause).toEqual({ code: '014135', message: 'The device reported result_code 3.' });
  });
});

describe('a task of messages', () => {
  it('[v5 52] is Processing with a PENDING message while the device is offline, and fails with ttl 0', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const wish = { type: 'createMessages', targets: [deviceId] } as const;
    const cached = await startTask(api, { ...wish, document: { message: 'm' } });
    await api.until(async () => (await show(api, cached)).subtasks[0]?.state === 'Processing');
    expect((await show(api, cached)).task.status).toBe('Processing');
    const { body } = await api.http('GET', `${deviceId}/messages`);
    expect(body['messages']).toMatchObject([{ message: 'm', status: 'PENDING' }]);
    const uncached = await startTask(api, { ...wish, document: { message: 'm', ttl: 0 } });
    await statusIs(api, uncached, 'Fail');
    expect((await show(api, uncached)).subtasks[0]?.cause?.code).toBe('014016');
    const client = await api.connect(deviceId);
    const { id } = payloadOf(await client.nextOf('publish'));
    await statusIs(api, cached, 'Success');
    expect((await show(api, cached)).subtasks[0]?.output).toEqual({ message_id: id, status: 'DELIVERED' });
    expect((await api.message(deviceId, id))['status']).toBe('DELIVERED');
  });

  it('ends with the PUBACKs of its devices', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const client = await api.connect(deviceId, { [ownTopic(deviceId, 'sys/messages/#')]: 1 });
    const document = { message: { a: 1 }, message_id: 'shared' };
    const task = await startTask(api, { type: 'createMessages', targets: [deviceId], document });
    const packet = await client.nextOf('publish');
    expect(payloadOf(packet)).toEqual({ object_device_id: deviceId, id: 'shared', content: '{"a":1}' });
    expect((await show(api, task)).task.counters).toMatchObject({ processing: 1 });
    acknowledge(client, packet.messageId);
    await statusIs(api, task, 'Success');
  });

  it('fails with 014112 without cache time where the topic is not subscribed', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    await api.connect(deviceId);
    const document = { message: 'm', topic: 'alarm', ttl: 0 };
    const task = await startTask(api, { type: 'createMessages', targets: [deviceId], document });
    await statusIs(api, task, 'Fail');
    expect((await show(api, task)).subtasks[0]?.cause?.code).toBe('014112');
    expect(await pending(api, deviceId)).toMatchObject({ status: 'FAILED', cause: { code: '014112' } });
  });

  it('fails with 014136 when its message is withdrawn or pushed out', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    for (const end of ['withdrawn', 'pushed out']) {
      const wish = { type: 'createMessages', targets: [deviceId], document: { message: 'm' } } as const;
      const task = await startTask(api, wish);
      await statusIs(api, task, 'Processing');
      const message = await pending(api, deviceId);
      if (end === 'withdrawn') {
        expect((await api.http('DELETE', `${deviceId}/messages/${message?.messageId}`)).status).toBe(204);
      } else {
        for (let n = 0; n < 20; n++) await api.post(deviceId, { message: 'x' });
      }
      await statusIs(api, task, 'Fail');
      expect((await show(api, task)).subtasks[0]?.cause?.code).toBe('014136');
      const ended = await api.store.messages.find(deviceId, message?.messageId ?? asId(''));
      expect(ended).toMatchObject({ status: 'FAILED', cause: { code: '014136' } });
    }
  });

  it('ends its message with a stop', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const task = await startTask(api, { type: 'createMessages', targets: [deviceId], document: { message: 'm' } });
    await statusIs(api, task, 'Processing');
    await api.engine.commandTask({ kind: 'stop', taskNo: task.taskNo, targets: undefined });
    await statusIs(api, task, 'Stopped');
    expect(await pending(api, deviceId)).toMatchObject({ status: 'FAILED', cause: { code: '014136' } });
    const client = await api.connect(deviceId);
    client.send({ cmd: 'pingreq' });
    expect(await client.next()).toMatchObject({ cmd: 'pingresp' });
  });

  it('fails when its time is over, with what kept the message from its device', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const task = await startTask(api, {
      type: 'createMessages',
      targets: [deviceId],
      document: { message: 'm', ttl: 5 },
    });
    await statusIs(api, task, 'Processing');
    await api.clock.advance(301_000);
    api.engine.nudge();
    await statusIs(api, task, 'Fail');
    expect((await show(api, task)).subtasks[0]?.cause?.code).toBe('014016');
    expect(await pending(api, deviceId)).toMatchObject({ status: 'TIMEOUT', cause: { code: '014016' } });
  });
});
