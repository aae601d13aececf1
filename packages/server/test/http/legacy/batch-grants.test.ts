import { expect, it } from 'vitest';
import { fileForm } from '../../support/file-form.ts';
import { codeOf, type LegacyClient, startLegacyApi } from './legacy-api.ts';
import { commandTo, detailsPath, operationsPath, tasksPath } from './legacy-stack.ts';

it('[legacy 25] Batch tasks of another application are unknown, and those of one that has authorised the caller are not', async () => {
  const api = await startLegacyApi();
  const { client, given, scope, appId } = api;
  const [deviceId] = await given.devices(scope, 1);
  const body = { taskName: 'ours', timeout: 10, ...commandTo([{ deviceId: deviceId ?? '' }]) };
  const { taskId } = (await client.ask('POST', tasksPath, { body })).json as { taskId: string };
  const other = await api.newClient();
  const attempt = async (method: string, path: string) => codeOf(await other.ask(method, path));
  const calls = [
    ['GET', `${tasksPath}/${taskId}`],
    ['GET', `${detailsPath}?taskId=${taskId}`],
    ['POST', `${tasksPath}/${taskId}/stop`],
    ['DELETE', `${tasksPath}/${taskId}`],
  ] as const;
  const owned = (path: string) => `${path}${path.includes('?') ? '&' : '?'}appId=${appId}`;
  for (const [method, path] of calls) {
    expect([path, await attempt(method, path)]).toEqual([path, '404 105005']);
    expect([path, await attempt(method, owned(path))]).toEqual([path, '403 100217']);
  }
  expect(await attempt('GET', `${operationsPath}/${taskId}`)).toBe('404 123009');
  expect((await other.ask('GET', tasksPath)).json).toMatchObject({ totalCount: 0, tasks: [] });
  const foreign = await other.ask('POST', tasksPath, { body: { ...body, appId } });
  expect(codeOf(foreign)).toBe('403 100217');

  expect((await api.ofProject('PUT', `/apps/${appId}/legacy-grants/${other.appId}`)).status).toBe(204);
  for (const [method, path] of calls.slice(0, 3)) {
    expect([path, (await other.ask(method, owned(path))).status]).toEqual([path, method === 'POST' ? 204 : 200]);
    expect([path, await attempt(method, path)]).toEqual([path, '404 105005']);
  }
  const granted = await other.ask('POST', tasksPath, { body: { ...body, appId, taskName: 'theirs' } });
  const made = granted.json as { taskId: string };
  const shown = (await client.ask('GET', `${tasksPath}/${made.taskId}`)).json;
  expect(shown).toMatchObject({ appId, operator: other.appId, taskName: 'theirs' });
  expect(codeOf(await other.ask('POST', tasksPath, { body: { ...body, taskName: 'mine' } }))).toBe('200');
  expect(api.errors).toEqual([]);
});

it('Batch files are those of the application, as long as it has authorised nobody, and those of the project serve all', async () => {
  const api = await startLegacyApi();
  const { client, appId } = api;
  const other = await api.newClient();
  const filesPath = tasksPath.replace('/tasks', '/files');
  const upload = async ({ ask }: LegacyClient, query = '') => {
    const { status, json } = await ask('POST', `${filesPath}${query}`, fileForm('rows.csv', 'device_id\nd\n'));
    return status === 200 ? (json as { fileId: string }).fileId : status;
  };
  const listed = async ({ ask }: LegacyClient, query = '') => {
    const { files } = (await ask('GET', `${filesPath}${query}`)).json as { files: { fileId: string }[] };
    return files.map(({ fileId }) => fileId);
  };
  let used = 0;
  const use = async ({ ask }: LegacyClient, fileId: unknown, taskType: string) => {
    const body = { taskName: `task ${used++}`, timeout: 10, taskType, param: { fileId } };
    return codeOf(await ask('POST', tasksPath, { body }));
  };
  const ours = await upload(client);
  const theirs = await upload(other);
  expect([await listed(client), await listed(other)]).toEqual([[ours], [theirs]]);
  expect(await upload(client)).toBe(400);
  const shared = (await api.upload('/batchtask-files', 'rows.csv', 'device_id\nd\n')).json as { file_id: string };
  expect(await listed(client)).toEqual([ours]);

  for (const taskType of ['DeviceDel', 'DeviceLocation']) {
    expect(await use(other, ours, taskType)).toBe('404 101001');
  }
  expect([await use(client, ours, 'DeviceDel'), await use(other, shared.file_id, 'DeviceDel')]).toEqual(['200', '200']);
  const inV5 = (await api.ofProject('GET', '/batchtask-files')).json as { files: { file_id: string }[] };
  expect(inV5.files.map(({ file_id: fileId }) => fileId)).toEqual([shared.file_id, theirs, ours]);
  const inTask = { task_name: 'v5', task_type: 'deleteDevices', document_source: theirs };
  expect((await api.ofProject('POST', '/batchtasks', inTask)).status).toBe(201);

  const drop = async (fileId: unknown, query = '') =>
    codeOf(await other.ask('DELETE', `${filesPath}/${String(fileId)}${query}`));
  expect([await drop(ours), await drop(shared.file_id)]).toEqual(['404 101001', '404 101001']);
  expect(await drop(ours, `?appId=${appId}`)).toBe('403 100217');
  expect((await api.ofProject('PUT', `/apps/${appId}/legacy-grants/${other.appId}`)).status).toBe(204);
  expect(await drop(ours, `?appId=${appId}`)).toBe('204');
  const granted = await upload(other, `?appId=${appId}`);
  expect([await listed(other), await listed(other, `?appId=${appId}`)]).toEqual([[theirs], [granted]]);
  expect(api.errors).toEqual([]);
});
