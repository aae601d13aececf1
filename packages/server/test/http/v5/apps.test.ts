import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, expectedError, type InventoryApi, startInventoryApi } from './fixture/inventory-api.ts';
import { itRefuses, itTakes, type WrongField } from './fixture/wrong-fields.ts';

let api: InventoryApi;
beforeAll(async () => {
  api = await startInventoryApi();
});
afterAll(() => api.stop());

let count = 0;
const names = async (): Promise<unknown> => (await api.mine.get('/apps')).body.applications;

describe('applications', () => {
  it('are created, listed, shown, renamed and deleted', async () => {
    const created = await api.mine.post('/apps', { app_name: 'Presses' });
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      app_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      app_name: 'Presses',
      create_time: '20261122T015513Z',
      default_app: false,
    });
    const path = `/apps/${String(created.body.app_id)}`;
    expect((await api.mine.get(path)).body).toEqual(created.body);
    const renamed = await api.mine.put(path, { app_name: '压机_2' });
    expect([renamed.status, renamed.body]).toEqual([200, { ...created.body, app_name: '压机_2' }]);
    expect((await api.mine.put(path)).body).toEqual(renamed.body);
    const gone = await api.mine.delete(path);
    expect([gone.status, gone.text]).toEqual([204, '']);
    expect(errorOf(await api.mine.get(path))).toEqual(expectedError(403, '001000'));
  });

  it('are the default one or the others, by default_app', async () => {
    const { body } = await api.mine.post('/apps', { app_name: 'Others' });
    expect((await api.mine.get('/apps?default_app=true')).body.applications).toMatchObject([
      { app_name: 'DefaultApp', default_app: true },
    ]);
    expect((await api.mine.get('/apps?default_app=false')).body.applications).toMatchObject([{ app_name: 'Others' }]);
    expect(errorOf(await api.mine.get('/apps?default_app=maybe'), 'default_app')).toEqual(
      expectedError(400, '000006', 'default_app'),
    );
    await api.mine.delete(`/apps/${String(body.app_id)}`);
  });

  it('are 403 001000 when unknown, never 404 [v5 62]', async () => {
    for (const id of ['f'.repeat(32), 'nonsense', '%00']) {
      for (const [method, body] of [['GET'], ['PUT', { app_name: 'x' }], ['DELETE']] as const) {
        expect(errorOf(await api.mine.call(method, `/apps/${id}`, body))).toEqual(expectedError(403, '001000'));
      }
    }
  });

  it('of another project are as if they did not exist, and its path is closed [v5 8]', async () => {
    for (const project of [api.other.projectId, 'unknown']) {
      expect(errorOf(await api.mine.in(project).get('/apps'))).toEqual(expectedError(403, '000021'));
    }
    const { body } = await api.other.post('/apps', { app_name: 'Foreign' });
    const path = `/apps/${String(body.app_id)}`;
    for (const [method, sent] of [['GET'], ['PUT', { app_name: 'Mine' }], ['DELETE']] as const) {
      expect(errorOf(await api.mine.call(method, path, sent))).toEqual(expectedError(403, '001000'));
    }
    expect((await api.other.get(path)).body).toEqual(body);
  });

  it('have names that are unique in the project alone', async () => {
    const { body } = await api.mine.post('/apps', { app_name: 'Twin' });
    expect(errorOf(await api.mine.post('/apps', { app_name: 'Twin' }))).toEqual(expectedError(400, '001001'));
    expect((await api.other.post('/apps', { app_name: 'Twin' })).status).toBe(201);
    const path = `/apps/${String(body.app_id)}`;
    expect(errorOf(await api.mine.put(path, { app_name: 'DefaultApp' }))).toEqual(expectedError(400, '001001'));
    expect((await api.mine.put(path, { app_name: 'Twin' })).status).toBe(200);
    await api.mine.delete(path);
  });

  it('are as many as the limit allows', async () => {
    const made = await Promise.all([1, 2, 3].map((no) => api.mine.post('/apps', { app_name: `Limit${no}` })));
    expect(made.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(errorOf(await api.mine.post('/apps', { app_name: 'Limit4' }))).toEqual(expectedError(403, '001003'));
    for (const { body } of made) await api.mine.delete(`/apps/${String(body.app_id)}`);
  });

  it('are not deleted while they are the default one or own something', async () => {
    const all = (await api.mine.get('/apps?default_app=true')).body.applications as { app_id: string }[];
    expect(errorOf(await api.mine.delete(`/apps/${all[0]?.app_id}`))).toEqual(expectedError(403, '001002'));
    const { body } = await api.mine.post('/apps', { app_name: 'Owner' });
    const group = await api.mine.post('/device-group', { name: 'owned', app_id: body.app_id });
    expect(errorOf(await api.mine.delete(`/apps/${String(body.app_id)}`))).toEqual(expectedError(403, '001002'));
    await api.mine.delete(`/device-group/${String(group.body.group_id)}`);
    expect((await api.mine.delete(`/apps/${String(body.app_id)}`)).status).toBe(204);
  });

  it('may be read and not changed by a viewer', async () => {
    expect((await api.viewer.get('/apps')).status).toBe(200);
    expect(errorOf(await api.viewer.post('/apps', { app_name: 'x' }))).toEqual(expectedError(403, '000022'));
  });

  it('take a DELETE with a JSON content type and no body, but no broken JSON and no unknown path [v5 9]', async () => {
    const { body } = await api.mine.post('/apps', { app_name: 'Brief' });
    const gone = await api.mine.delete(`/apps/${String(body.app_id)}`);
    expect([gone.status, gone.text]).toEqual([204, '']);
    expect(errorOf(await api.mine.raw('POST', '/apps', '{"app_name":'))).toEqual(expectedError(400, '000008'));
    expect(errorOf(await api.mine.get('/appz'))).toEqual(expectedError(404, '000029'));
  });
});

describe('the fields of an application', () => {
  const wrong: WrongField[] = [
    { field: 'app_name', value: undefined },
    { field: 'app_name', value: null },
    ...['', 'a'.repeat(65), '压'.repeat(65), 'a b', 'a.b', 'a/b', 'é', 7, {}].map((value) => ({
      field: 'app_name',
      value,
    })),
  ];
  const options = {
    api: () => api,
    method: 'POST' as const,
    path: () => '/apps',
    body: () => ({ app_name: `Name${count++}` }),
    stored: names,
  };
  itRefuses(wrong, options);
  itTakes(
    [
      { field: 'app_name', value: '压'.repeat(64) },
      { field: 'app_name', value: '𠀀'.repeat(64) },
      { field: 'unknown', value: 1 },
    ],
    options,
  );
});
