import type { ExportTask, ListExportTasksResponse, ShowBatchTaskResponse } from '@muster/contract/v5';
import { expect, test } from 'vitest';
import { asId } from '../../../../src/domain/ids.ts';
import { uniqueName } from '../../../builders/chance.ts';
import type { HttpAnswer } from '../../../support/http-client.ts';
import { csvOf } from '../batch-files/file-api.ts';
import { type ExportApi, exportLifeMs, startExportApi, unpack } from './export-api.ts';

const header = ['target', 'status', 'output', 'error_code', 'error_msg'];
const idOf = ({ json }: HttpAnswer): string => (json as ExportTask).export_task_id;
const codeOf = ({ status, json }: HttpAnswer): string =>
  `${status} ${String((json as { error_code?: unknown } | undefined)?.error_code)}`;

/** Three devices that come into being and a row that does not. */
async function imported(api: ExportApi): Promise<string> {
  const rows = [['node_id', 'product_id'], ...['a', 'b', 'bad one', 'c'].map((node) => [node, api.product.productId])];
  const { task_id: taskId } = await api.run('createDevices', csvOf(rows), `${uniqueName('rows')}.csv`);
  await api.ended(taskId);
  return taskId;
}

const listed = async (api: ExportApi, query = ''): Promise<ListExportTasksResponse> =>
  (await api.ofProject('GET', `${api.base}?resource_type=BatchTask${query}`)).json as ListExportTasksResponse;

test.for(['xls', 'csv'])(
  '[v5 61] an export as %s ends Success; its zip opens and has one row for each subtask, in input order',
  async (format) => {
    const api = await startExportApi();
    const taskId = await imported(api);
    const created = await api.ask(taskId, { export_format: format });
    expect(created).toMatchObject({
      status: 201,
      json: {
        ...{ resource_type: 'BatchTask', resource_condition: { task_id: taskId }, export_format: format },
        ...{ app_type: 'GLOBAL', status: 'Processing', export_count: 0, progress: 1 },
      },
    });
    const ended = await api.exported(idOf(created));
    expect(ended).toMatchObject({ status: 'Success', export_count: 4, progress: 100 });
    expect(ended.end_time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

    const { status, headers, bytes } = await api.download(idOf(created));
    expect([status, headers]).toMatchObject([
      200,
      {
        'content-type': 'application/zip',
        'content-length': String(bytes.length),
        'content-disposition': 'attachment; filename=from_file.zip',
      },
    ]);
    const { name, rows } = await unpack(bytes);
    expect(name).toBe(`from_file.${format === 'xls' ? 'xlsx' : 'csv'}`);
    const shown = (await api.ofProject('GET', `/batchtasks/${taskId}`)).json as ShowBatchTaskResponse;
    const details = shown.task_details.toReversed();
    expect(rows).toEqual([
      header,
      ...details.map(({ target, status: state, output = '', error }) =>
        [target, state, output, error?.error_code, error?.error_msg].map((cell) => cell ?? ''),
      ),
    ]);
    // Secrets, too: whoever asked may see devices.
    expect(JSON.parse(rows[1]?.[2] ?? '')).toHaveProperty('secret');
  },
);

test('an export has no file before it has ended, and none while it is written', async () => {
  const api = await startExportApi({ exporting: false });
  const id = idOf(await api.ask(await imported(api)));
  expect(codeOf(await api.ofProject('GET', `${api.base}/${id}/file`))).toBe('403 IOTDA.014681');
  api.startExporter();
  await api.exported(id);
  expect((await api.download(id)).status).toBe(200);
});

test('a task that is being set up has no rows, as it has no subtasks', async () => {
  const api = await startExportApi();
  const created = await api.ofProject('POST', '/batchtasks', {
    task_name: '冷',
    task_type: 'freezeDevices',
    targets_filter: { group_ids: ['nobody'] },
  });
  const { task_id: taskId } = created.json as { task_id: string };
  await api.ended(taskId);
  const id = idOf(await api.ask(taskId));
  expect(await api.exported(id)).toMatchObject({ status: 'Success', export_count: 0 });
  const { headers, bytes } = await api.download(id);
  expect(headers['content-disposition']).toBe("attachment; filename=_.zip; filename*=UTF-8''%E5%86%B7.zip");
  expect(await unpack(bytes)).toEqual({ name: '冷.xlsx', rows: [header] });
});

test('what is asked for is checked field by field', async () => {
  const api = await startExportApi();
  const taskId = await imported(api);
  const other = await api.given.app(api.scope);
  const cases: readonly (readonly [object, string, string?])[] = [
    [{ resource_type: 'Device' }, '400 IOTDA.000006', 'resource_type'],
    [{ resource_type: undefined }, '400 IOTDA.000006', 'resource_type'],
    [{ resource_condition: undefined }, '400 IOTDA.000006', 'resource_condition'],
    [{ resource_condition: {} }, '400 IOTDA.000006', 'task_id'],
    [{ resource_condition: { task_id: 5 } }, '400 IOTDA.000006', 'task_id'],
    [{ export_format: 'xlsx' }, '400 IOTDA.000006', 'export_format'],
    [{ app_type: 'ALL' }, '400 IOTDA.000006', 'app_type'],
    [{ app_type: 'APP' }, '400 IOTDA.000006', 'app_id'],
    [{ app_id: 'nobody' }, '403 IOTDA.001000'],
    [{ resource_condition: { task_id: 'f'.repeat(24) } }, '400 IOTDA.014550'],
    [{ app_type: 'APP', app_id: other.appId }, '400 IOTDA.014550'],
  ];
  for (const [over, code, named = ''] of cases) {
    const answer = await api.ask(taskId, over);
    expect([over, codeOf(answer)]).toEqual([over, code]);
    expect(answer.text).toContain(named);
  }
  expect((await listed(api)).export_tasks).toEqual([]);
  expect((await api.ask(taskId, { app_type: 'APP', app_id: api.scope.appId })).status).toBe(201);
});

test('exports are listed newest first, by page and by task, kind and application', async () => {
  const api = await startExportApi();
  const [first, second] = [await imported(api), await imported(api)];
  const ids: string[] = [];
  for (let n = 0; n < 3; n += 1) ids.unshift(idOf(await api.ask(first)));
  ids.unshift(idOf(await api.ask(second, { app_type: 'APP', app_id: api.scope.appId })));
  const page = await listed(api, '&limit=3');
  expect(page.export_tasks.map((one) => one.export_task_id)).toEqual(ids.slice(0, 3));
  expect(page.page).toEqual({ count: 4, marker: ids[2] });
  const rest = await listed(api, `&limit=3&marker=${page.page.marker ?? ''}`);
  expect(rest.export_tasks.map((one) => one.export_task_id)).toEqual(ids.slice(3));
  expect((await listed(api, '&offset=4')).page).toEqual({ count: 4, marker: null });

  const condition = encodeURIComponent(JSON.stringify({ task_id: second }));
  const byQuery = [`&resource_condition=${condition}`, '&app_type=APP', `&app_id=${api.scope.appId}`];
  for (const query of byQuery) {
    expect((await listed(api, query)).export_tasks.map((one) => one.export_task_id)).toEqual([ids[0]]);
  }
  const asked = (query: string) => api.ofProject('GET', `${api.base}${query}`);
  expect(codeOf(await asked(''))).toBe('400 IOTDA.000006');
  for (const text of ['[]', '{', '{"task_id":1}']) {
    const answer = await asked(`?resource_type=BatchTask&resource_condition=${encodeURIComponent(text)}`);
    expect([text, codeOf(answer)]).toEqual([text, '400 IOTDA.000006']);
    expect(answer.text).toContain('resource_condition');
  }
  expect(codeOf(await asked('?resource_type=BatchTask&app_id=nobody'))).toBe('403 IOTDA.001000');
  expect(codeOf(await asked('?resource_type=BatchTask&limit=51'))).toBe('400 IOTDA.000017');
});

test('a deleted export is gone with its file; its task stays, and an export outlives its task', async () => {
  const api = await startExportApi();
  const taskId = await imported(api);
  const [gone, kept] = [idOf(await api.ask(taskId)), idOf(await api.ask(taskId))];
  for (const id of [gone, kept]) await api.exported(id);
  expect((await api.ofProject('DELETE', `${api.base}/${gone}`)).status).toBe(204);
  for (const [method, path] of [
    ['GET', gone],
    ['GET', `${gone}/file`],
    ['DELETE', gone],
  ] as const) {
    expect(codeOf(await api.ofProject(method, `${api.base}/${path}`))).toBe('404 IOTDA.014680');
  }
  await api.clock.advance(20_000);
  expect(await api.store.exports.readChunk({ exportId: asId(gone), run: 1 }, 0)).toBeUndefined();
  expect((await api.ofProject('DELETE', `/batchtasks/${taskId}`)).status).toBe(204);
  expect((await unpack((await api.download(kept)).bytes)).rows).toHaveLength(5);
  expect(codeOf(await api.ask(taskId))).toBe('400 IOTDA.014550');
});

test('an export is kept for its life, and then its file goes, too', async () => {
  const api = await startExportApi();
  const id = idOf(await api.ask(await imported(api)));
  const { end_time: endedAt } = await api.exported(id);
  api.clock.set(Date.parse(endedAt ?? '') + exportLifeMs - 1000);
  expect(await api.show(id)).toMatchObject({ status: 'Success' });
  await api.clock.advance(1000);
  expect(codeOf(await api.ofProject('GET', `${api.base}/${id}/file`))).toBe('404 IOTDA.014680');
  expect((await listed(api)).page.count).toBe(0);
  await api.clock.advance(20_000);
  expect(await api.store.exports.readChunk({ exportId: asId(id), run: 1 }, 0)).toBeUndefined();
  expect(await api.store.exports.purge(api.clock.now(), 16)).toBe(false);
});

test('a project has ten exports under way and a hundred in all (014682)', async () => {
  const api = await startExportApi({ exporting: false });
  const taskId = await imported(api);
  const ids: string[] = [];
  for (let n = 0; n < 10; n += 1) ids.push(idOf(await api.ask(taskId)));
  expect(codeOf(await api.ask(taskId))).toBe('403 IOTDA.014682');
  api.startExporter();
  while (ids.length < 100) {
    await api.exported(ids.at(-1) ?? '');
    const created = await api.ask(taskId);
    // Others of the first ten may still be under way.
    if (created.status === 201) ids.push(idOf(created));
  }
  await api.exported(ids.at(-1) ?? '');
  expect((await listed(api)).page.count).toBe(100);
  expect(codeOf(await api.ask(taskId))).toBe('403 IOTDA.014682');
  await api.ofProject('DELETE', `${api.base}/${ids[0]}`);
  expect((await api.ask(taskId)).status).toBe(201);
});

test('nobody sees, downloads or deletes the export of another project, or makes one of its task', async () => {
  const api = await startExportApi();
  const other = await api.given.scope();
  const theirs = await api.given.finishedTask(other);
  expect(codeOf(await api.ask(theirs.taskId))).toBe('400 IOTDA.014550');
  const exportId = asId<never>(`${'0'.repeat(23)}1`);
  await api.store.exports.insert({
    ...{ exportId, recordId: exportId, projectId: other.projectId, taskId: theirs.taskId, appType: 'GLOBAL' },
    ...{ format: 'csv', showsSecrets: true, createdAt: api.clock.now(), expiresAt: api.clock.now() + exportLifeMs },
  });
  const look = async () => {
    await api.clock.advance(500);
    return api.store.exports.find({ projectId: other.projectId, exportId, now: api.clock.now() });
  };
  await expect.poll(look).toMatchObject({ task: { status: 'Success' } });
  for (const [method, path] of [
    ['GET', ''],
    ['GET', '/file'],
    ['DELETE', ''],
  ] as const) {
    expect(codeOf(await api.ofProject(method, `${api.base}/${exportId}${path}`))).toBe('404 IOTDA.014680');
  }
  expect((await listed(api)).export_tasks).toEqual([]);
});
