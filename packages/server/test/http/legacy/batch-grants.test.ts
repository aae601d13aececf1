import { expect, it } from 'vitest';
import { codeOf, startLegacyApi } from './legacy-api.ts';
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
