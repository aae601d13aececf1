import { expect, test } from 'vitest';
import { toBasicTime } from '../../../../src/domain/time.ts';
import { startTaskApi, type TaskApi, type TaskClient } from './task-api.ts';

const freeze = { task_name: 'freeze', task_type: 'freezeDevices' } as const;

async function scheduled(api: TaskApi, client: TaskClient, targets: readonly string[]): Promise<string> {
  const task_policy = { schedule_time: toBasicTime(api.clock.now() + 60_000) };
  const { body } = await client.create({ ...freeze, targets: [...targets], task_policy });
  await client.until(body.task_id, ({ status }) => status === 'Waitting');
  return body.task_id;
}

async function confirmable(api: TaskApi, client: TaskClient, targets: readonly string[]): Promise<string> {
  const { packageId: package_id } = await api.given.pkg(client.scope);
  const upgrade = { task_name: 'fw', task_type: 'firmwareUpgrade', document: { package_id }, need_confirm: true };
  const { body } = await client.create({ ...upgrade, targets: [...targets] });
  await client.until(body.task_id, ({ status }) => status === 'Waitting');
  return body.task_id;
}

async function ended(client: TaskClient, targets: readonly string[]): Promise<string> {
  const { body } = await client.create({ ...freeze, targets: [...targets] });
  await client.untilFinal(body.task_id);
  return body.task_id;
}

const refusal = (code: string, status = 403) => ({ status, body: { error_code: `IOTDA.${code}` } });

test('[v5 42] stopping a scheduled task stops all its subtasks; a second stop answers 403 014551', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const id = await scheduled(api, client, ['a', 'b']);
  expect(await client.command(id, 'stop')).toMatchObject({
    status: 200,
    body: { targets: ['a', 'b'].map((target) => ({ target, status: 'success' })), affected: 2 },
  });
  expect(await client.untilFinal(id)).toMatchObject({
    status: 'Stopped',
    status_desc: '0 succeeded, 0 failed, 2 stopped, 0 removed',
    task_progress: { total: 2, stopped: 2 },
  });
  expect(await client.command(id, 'stop')).toMatchObject(refusal('014551'));
});

test('[v5 43] stopping one target stops it alone; an unknown target is a failure 014560 with HTTP 200', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const id = await scheduled(api, client, ['a', 'b']);
  const answered = await client.command(id, 'stop', { targets: ['a', 'stranger'] });
  expect(answered.status).toBe(200);
  expect(answered.body).toEqual({
    targets: [
      { target: 'a', status: 'success' },
      {
        target: 'stranger',
        status: 'failure',
        error_code: 'IOTDA.014560',
        error_msg: 'The target is not part of the batch task.',
      },
    ],
    affected: 1,
  });
  expect((await client.show(id)).batchtask).toMatchObject({
    status: 'Waitting',
    task_progress: { waitting: 1, stopped: 1 },
  });
  expect((await client.command(id, 'stop', { targets: ['a'] })).body.targets).toEqual([
    expect.objectContaining({ target: 'a', status: 'failure', error_code: 'IOTDA.014561' }),
  ]);
});

test.each(['stop', 'retry', 'confirm'])(
  '[v5 44] %s refuses an empty list, 101 targets and what is no list of targets',
  async (kind) => {
    const api = await startTaskApi();
    const client = await api.client();
    const id = await scheduled(api, client, ['a']);
    const before = await client.show(id);
    const wrong: [unknown, string][] = [
      [{ targets: [] }, '000006'],
      [{ targets: Array.from({ length: 101 }, (_, index) => `d${index}`) }, '014557'],
      [{ targets: Array.from({ length: 10_001 }, (_, index) => `d${index}`) }, '014557'],
      [{ targets: 'a' }, '000006'],
      [{ targets: [1] }, '000006'],
      [{ targets: [''] }, '000006'],
      [{ targets: ['a'.repeat(257)] }, '000006'],
      [['a'], '000006'],
    ];
    for (const [body, code] of wrong) {
      const answered = await client.command(id, kind, body);
      expect(answered).toMatchObject(refusal(code, 400));
      if (code === '000006' && !Array.isArray(body)) expect(answered.body.error_msg).toContain('targets');
    }
    expect(await client.show(id)).toEqual(before);
  },
);

test('[v5 45] retry of a Waitting, a Success and a Stopped task answers 403 014551', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const [device = ''] = await api.given.devices(client.scope, 1);
  const waiting = await scheduled(api, client, ['a']);
  const success = await ended(client, [device]);
  const stopped = await scheduled(api, client, ['a']);
  await client.command(stopped, 'stop');
  await client.untilFinal(stopped);
  for (const id of [waiting, success, stopped]) {
    expect(await client.command(id, 'retry', {})).toMatchObject(refusal('014551'));
  }
});

test.each([undefined, {}, { targets: null }])(
  '[v5 45] retry of a PartialSuccess task with %j as the body runs its failed subtasks again',
  async (body) => {
    const api = await startTaskApi();
    const client = await api.client();
    const [device = ''] = await api.given.devices(client.scope, 1);
    const id = await ended(client, [device, 'nobody']);
    const revisionOf = async () => (await api.store.tasks.find(client.projectId, id as never))?.revision ?? 0;
    const before = await revisionOf();
    const answered = await client.command(id, 'retry', body);
    expect(answered.body).toEqual({ targets: [{ target: 'nobody', status: 'success' }], affected: 1 });
    expect(await client.untilFinal(id)).toMatchObject({
      status: 'PartialSuccess',
      task_progress: { success: 1, fail: 1 },
    });
    expect(await revisionOf()).toBeGreaterThan(before);
  },
);

test('[v5 46] a device that was created after its 014000 succeeds with a retry', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const product = await api.given.product(client.scope);
  const deviceId = `${product.productId}_late`;
  const id = await ended(client, [deviceId]);
  await api.given.device(client.scope, { product, nodeId: 'late' });
  await client.command(id, 'retry', { targets: [deviceId] });
  const task = await client.untilFinal(id);
  expect(task).toMatchObject({ status: 'Success', task_progress: { total: 1, success: 1, fail: 0 } });
  const { task_details } = await client.show(id);
  expect(task_details[0]).not.toHaveProperty('error');
});

test('[v5 47] a task that needs confirmation waits; one confirm starts one; without need_confirm it answers 403 014562', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const id = await confirmable(api, client, ['a', 'b']);
  expect((await client.show(id)).batchtask).toMatchObject({
    status: 'Waitting',
    status_desc: 'waiting for confirmation',
    task_progress: { total: 2, waitting: 2 },
  });
  const confirmed = await client.command(id, 'confirm', { targets: ['a'] });
  expect(confirmed.body).toEqual({ targets: [{ target: 'a', status: 'success' }], affected: 1 });
  expect(await client.until(id, ({ status }) => status === 'Processing')).toMatchObject({
    task_progress: { waitting: 1 },
  });
  const again = await client.command(id, 'confirm', { targets: ['a'] });
  expect(again.body.targets[0]).toMatchObject({ status: 'failure', error_code: 'IOTDA.014561' });

  const plain = await scheduled(api, client, ['a']);
  expect(await client.command(plain, 'confirm')).toMatchObject(refusal('014562'));
});

test('a confirm or retry of all with nothing to act on answers an empty list and affects 0', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const product = await api.given.product(client.scope);
  const { deviceId } = await api.given.device(client.scope, { product });
  const { packageId: package_id } = await api.given.pkg(client.scope, { productId: product.productId });
  const upgrade = { task_name: 'fw', task_type: 'firmwareUpgrade', document: { package_id }, need_confirm: true };
  const { body } = await client.create({ ...upgrade, targets: [deviceId] });
  await client.until(body.task_id, ({ status }) => status === 'Waitting');
  expect((await client.command(body.task_id, 'confirm')).body.affected).toBe(1);
  // A device that never connected: the upgrade waits for it.
  await client.until(body.task_id, ({ task_progress }) => task_progress.processing === 1);
  for (const kind of ['confirm', 'retry']) {
    const answered = await client.command(body.task_id, kind);
    expect(answered).toMatchObject({ status: 200 });
    expect(answered.body).toEqual({ targets: [], affected: 0 });
  }
});

test('a command of all lists the first 100 and counts all', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const targets = Array.from({ length: 250 }, (_, index) => `d${index}`);
  const id = await scheduled(api, client, targets);
  const { body } = await client.command(id, 'stop', {});
  expect(body.affected).toBe(250);
  expect(body.targets.map(({ target }: { target: string }) => target)).toEqual(targets.slice(0, 100));
});

test('of two stops at one time one is accepted', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const id = await scheduled(api, client, ['a']);
  const both = await Promise.all([client.command(id, 'stop'), client.command(id, 'stop')]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 403]);
});

test('[v5 50] a running task cannot be deleted; a finished one can, and is gone then', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const running = await scheduled(api, client, ['a']);
  expect(await client.call('DELETE', `/${running}`)).toMatchObject(refusal('014551'));
  const finished = await ended(client, ['a']);
  const deleted = await client.call('DELETE', `/${finished}`);
  expect(deleted).toMatchObject({ status: 204, body: {} });
  expect(await client.call('GET', `/${finished}`)).toMatchObject(refusal('014550', 404));
  expect(await client.call('DELETE', `/${finished}`)).toMatchObject(refusal('014550', 404));
  expect((await client.list()).page.count).toBe(1);
});

test('a caller who may only look may not stop, retry, confirm or delete', async () => {
  const api = await startTaskApi();
  await api.client();
  const viewer = await api.client('viewer');
  const task = await api.given.task(viewer.scope);
  for (const kind of ['stop', 'retry', 'confirm']) {
    expect(await viewer.call('POST', `/${task.taskId}/${kind}`)).toMatchObject(refusal('000022'));
  }
  expect(await viewer.call('DELETE', `/${task.taskId}`)).toMatchObject(refusal('000022'));
  expect(await viewer.call('GET', `/${task.taskId}`)).toMatchObject({ status: 200 });
});
