import { expect, test } from 'vitest';
import { type TaskId, asId } from '../../../../src/domain/ids.ts';
import { startTaskApi, type TaskClient } from './task-api.ts';

const freeze = { task_name: 'freeze', task_type: 'freezeDevices', targets: ['a'] } as const;

async function createMany(client: TaskClient, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let made = 0; made < count; made++) ids.push((await client.create(freeze)).body.task_id);
  return ids;
}

const idsOf = (body: { batchtasks: { task_id: string }[] }): string[] => body.batchtasks.map(({ task_id }) => task_id);

test('[v5 11] 25 tasks come newest first, ten a page, page by page through the marker', async () => {
  const api = await startTaskApi({ engine: 'still' });
  const client = await api.client();
  const newestFirst = (await createMany(client, 25)).toReversed();
  const first = await client.list('?limit=10');
  expect(idsOf(first)).toEqual(newestFirst.slice(0, 10));
  expect(first.page.count).toBe(25);
  const second = await client.list(`?limit=10&marker=${first.page.marker}`);
  expect(idsOf(second)).toEqual(newestFirst.slice(10, 20));
  expect(second.page.count).toBe(25);
  expect(await client.call('GET', '?offset=25')).toMatchObject({
    status: 200,
    body: { batchtasks: [], page: { count: 25, marker: null } },
  });
});

test.each([
  ['limit=0', '000017'],
  ['limit=51', '000017'],
  ['limit=ten', '000017'],
  ['offset=501', '000018'],
  ['offset=-1', '000018'],
  ['marker=xyz', '000018'],
  ['status=processing', '000006'],
  ['app_id=a%2Fb', '000006'],
  ['limit=1&limit=2', '000017'],
])('[v5 12] listing with %s answers %s', async (query, code) => {
  const api = await startTaskApi({ engine: 'still' });
  const client = await api.client();
  expect(await client.call('GET', `?${query}`)).toMatchObject({ status: 400, body: { error_code: `IOTDA.${code}` } });
});

test('[v5 57] a list has all types unless it asks for one; a type that is not there is an empty list', async () => {
  const api = await startTaskApi({ engine: 'still' });
  const client = await api.client();
  const command = { task_name: 'c', task_type: 'createCommands', targets: ['a'], document: { paras: {} } };
  const ids = [(await client.create(freeze)).body.task_id, (await client.create(command)).body.task_id];
  expect(idsOf(await client.list())).toEqual(ids.toReversed());
  expect(idsOf(await client.list('?task_type=createCommands'))).toEqual([ids[1]]);
  expect(await client.list('?task_type=moduleUpgrade')).toEqual({
    batchtasks: [],
    page: { count: 0, marker: null },
  });
  expect(idsOf(await client.list('?status=Initializing&task_type=freezeDevices'))).toEqual([ids[0]]);
  expect(idsOf(await client.list('?status=Success'))).toEqual([]);
});

test('a list is of one application where it names one, and an unknown application answers 403 001000', async () => {
  const api = await startTaskApi({ engine: 'still' });
  const client = await api.client();
  const { appId } = await api.given.app(client.scope);
  await client.create(freeze);
  const { body } = await client.create({ ...freeze, app_id: appId });
  expect(idsOf(await client.list(`?app_id=${appId}`))).toEqual([body.task_id]);
  expect((await client.list('?app_id=')).page.count).toBe(2);
  expect(await client.call('GET', `?app_id=${'f'.repeat(32)}`)).toMatchObject({
    status: 403,
    body: { error_code: 'IOTDA.001000' },
  });
});

test.each(['', '/retry', '/stop', '/confirm', '/events'])(
  '[v5 8] an unknown, a malformed and a foreign task id with "%s" answer 404 014550',
  async (path) => {
    const api = await startTaskApi({ engine: 'still' });
    const [client, stranger] = [await api.client(), await api.client()];
    const [foreign] = await createMany(stranger, 1);
    const method = path === '' || path === '/events' ? 'GET' : 'POST';
    for (const id of [foreign, 'f'.repeat(24), 'F'.repeat(24), 'nonsense', "a'b", 'a%00b']) {
      const answered = await client.call(method, `/${id}${path}`);
      expect(answered).toMatchObject({ status: 404, body: { error_code: 'IOTDA.014550' } });
      if (path === '') expect(await client.call('DELETE', `/${id}`)).toMatchObject({ status: 404 });
    }
    expect((await stranger.show(foreign ?? '')).batchtask.task_id).toBe(foreign);
  },
);

test('[v5 12] the subtasks of a task are paged by marker and by any offset, and filtered by state and target', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const good = [...(await api.given.devices(client.scope, 3))];
  const targets = [...good, ...Array.from({ length: 600 }, (_, index) => `nobody-${index}`)];
  const { body } = await client.create({ ...freeze, targets });
  const id = body.task_id;
  await client.untilFinal(id);
  const targetsOf = async (query: string): Promise<string[]> =>
    (await client.show(id, query)).task_details.map(({ target }: { target: string }) => target);

  const newestFirst = targets.toReversed();
  const first = await client.show(id, '?limit=50');
  expect(first.page.count).toBe(603);
  expect(await targetsOf(`?limit=50&marker=${first.page.marker}`)).toEqual(newestFirst.slice(50, 100));
  expect(await targetsOf('?offset=600')).toEqual(newestFirst.slice(600));
  const past = await client.call('GET', `/${id}?offset=501000`);
  expect(past).toMatchObject({ status: 200, body: { task_details: [], page: { count: 603, marker: null } } });

  expect(await targetsOf('?task_detail_status=Success')).toEqual(good.toReversed());
  expect((await client.show(id, '?task_detail_status=Fail&limit=1')).page.count).toBe(600);
  expect(await targetsOf(`?target=${good[1]}`)).toEqual([good[1]]);
  expect((await client.show(id, '?target=stranger')).page).toEqual({ count: 0, marker: null });
  expect((await client.show(id, `?target=${good[1]}&task_detail_status=Fail`)).task_details).toEqual([]);
});

test.each([
  ['task_detail_status=fail', '000006'],
  ['limit=51', '000017'],
  ['offset=-1', '000018'],
  ['offset=a', '000018'],
  ['marker=1', '000018'],
])('showing a task with %s answers %s', async (query, code) => {
  const api = await startTaskApi({ engine: 'still' });
  const client = await api.client();
  const [id] = await createMany(client, 1);
  const answered = await client.call('GET', `/${id}?${query}`);
  expect(answered).toMatchObject({ status: 400, body: { error_code: `IOTDA.${code}` } });
});

test('while a task is set up its counters are zero and it has no details', async () => {
  const api = await startTaskApi({ engine: 'still' });
  const client = await api.client();
  const targets = Array.from({ length: 2500 }, (_, index) => `d${index}`);
  const id = (await client.create({ ...freeze, targets })).body.task_id;
  const task = await api.store.tasks.find(client.projectId, asId<TaskId>(id));
  const expand = () => api.store.subtasks.expand(task?.taskNo ?? 0, { now: api.clock.now(), limit: 1000 });
  for (let step = 0; step < 2; step++) {
    await expand();
    for (const query of ['', '?target=d0', '?task_detail_status=Waitting']) {
      const { batchtask, task_details, page } = await client.show(id, query);
      expect(batchtask).toMatchObject({ status: 'Initializing', task_progress: { total: 0, waitting: 0 } });
      expect({ task_details, page }).toEqual({ task_details: [], page: { count: 0, marker: null } });
    }
  }
  await expand();
  const { batchtask, page } = await client.show(id);
  expect(batchtask).toMatchObject({ status: 'Waitting', task_progress: { total: 2500, waitting: 2500 } });
  expect(page.count).toBe(2500);
});
