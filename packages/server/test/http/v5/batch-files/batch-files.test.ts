import { expect, test } from 'vitest';
import { csvOf, startFileApi, workbookOf } from './file-api.ts';

const header = ['node_id', 'product_id'];
const good = csvOf([header, ['a', 'p']]);

test('[v5 32] .xlsx and .csv are taken; .xls, a name that is there, the 11th and what is too big are refused', async () => {
  const api = await startFileApi();
  expect(await api.upload('a.xlsx', await workbookOf([header, ['a', 'p']]))).toMatchObject({ status: 201 });
  expect(await api.upload('a.csv', good)).toMatchObject({ status: 201, json: { file_name: 'a.csv' } });
  expect(await api.upload('a.xls', good)).toMatchObject({ status: 400, json: { error_code: 'IOTDA.014651' } });
  expect(await api.upload('a.csv', good)).toMatchObject({ status: 400, json: { error_code: 'IOTDA.014602' } });
  for (let n = 0; n < 8; n++) expect((await api.upload(`${n}.csv`, good)).status).toBe(201);
  expect(await api.upload('11.csv', good)).toMatchObject({ status: 403, json: { error_code: 'IOTDA.014650' } });
  const { files } = (await api.ofProject('GET', '/batchtask-files')).json as {
    files: { file_name: string; file_id: string }[];
  };
  expect(files).toHaveLength(10);
  expect(files[0]?.file_name).toBe('7.csv');
  expect((await api.ofProject('DELETE', `/batchtask-files/${files[0]?.file_id}`)).status).toBe(204);
  expect(await api.upload('big.csv', Buffer.alloc(20_971_521, 'a'))).toMatchObject({
    status: 400,
    json: { error_code: 'IOTDA.014603' },
  });
  expect((await api.upload('7.csv', good)).status).toBe(201);
});

test('[v5 33] an unknown file is 014600; after its life a file is gone', async () => {
  const api = await startFileApi();
  const { file_id: fileId } = (await api.upload('a.csv', good)).json as { file_id: string };
  expect(await api.ofProject('DELETE', '/batchtask-files/unknown')).toMatchObject({
    status: 404,
    json: { error_code: 'IOTDA.014600' },
  });
  await api.clock.advance(3_600_000);
  expect((await api.ofProject('GET', '/batchtask-files')).json).toEqual({ files: [] });
  expect(await api.ofProject('DELETE', `/batchtask-files/${fileId}`)).toMatchObject({ status: 404 });
  const task = { task_name: 't', task_type: 'createDevices', document_source: fileId };
  expect(await api.ofProject('POST', '/batchtasks', task)).toMatchObject({
    status: 400,
    json: { error_code: 'IOTDA.014600' },
  });
  while (await api.store.batchFiles.purge(api.clock.now(), 1000));
});

test('[v5 34] a column that is unknown, repeated or missing is named', async () => {
  const api = await startFileApi();
  const refusals = [
    [['node_id', 'product_id', 'colour'], 'colour'],
    [['product_id'], 'node_id'],
    [['node_id', 'product_id', ' Node_ID '], 'node_id'],
  ] as const;
  for (const [index, [columns, named]] of refusals.entries()) {
    const uploaded = await api.upload(`${index}.csv`, csvOf([columns, columns.map(() => 'x')]));
    const { file_id: fileId } = uploaded.json as { file_id: string };
    const task = { task_name: 't', task_type: 'createDevices', document_source: fileId };
    const answer = await api.ofProject('POST', '/batchtasks', task);
    expect(answer).toMatchObject({ status: 400, json: { error_code: 'IOTDA.014652' } });
    expect(answer.text).toContain(`'${named}'`);
  }
});

test('a file of another project is as if it did not exist', async () => {
  const api = await startFileApi();
  const other = await api.given.scope();
  const file = { fileId: 'f1', recordId: 'a'.repeat(24), projectId: other.projectId, fileName: 'x.csv' } as never;
  const at = { uploadedAt: api.clock.now(), expiresAt: api.clock.now() + 1000 };
  await api.store.batchFiles.begin(Object.assign(file, at));
  await api.store.batchFiles.finish(Object.assign(file, at, { columns: ['device_id'] }), api.clock.now());
  expect((await api.ofProject('GET', '/batchtask-files')).json).toEqual({ files: [] });
  expect((await api.ofProject('DELETE', '/batchtask-files/f1')).status).toBe(404);
  const task = { task_name: 't', task_type: 'deleteDevices', document_source: 'f1' };
  expect(await api.ofProject('POST', '/batchtasks', task)).toMatchObject({ json: { error_code: 'IOTDA.014600' } });
});

test('a template goes through an upload and does nothing', async () => {
  const api = await startFileApi();
  for (const type of ['createDevices', 'updateDevices', 'deleteDevices', 'freezeDevices', 'unfreezeDevices']) {
    const answer = await api.ofProject('GET', `/batchtask-files/templates/${type}?format=csv`);
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/csv; charset=utf-8' } });
    const { task, details } = await api.ended((await api.run(type, answer.text)).task_id);
    expect(task).toMatchObject({ status: 'Fail', task_progress: { total: 1, fail: 1 } });
    expect(details[0]?.error?.error_code).toBe('IOTDA.014653');
  }
  expect(await api.ofProject('GET', '/batchtask-files/templates/createCommands')).toMatchObject({
    status: 400,
    json: { error_code: 'IOTDA.014555' },
  });
});

test('what is no table is refused with a reason, and nothing of it stays', async () => {
  const api = await startFileApi();
  const workbook = await workbookOf([header, ['a', 'p']]);
  const bad: readonly (readonly [string, Buffer | string, RegExp])[] = [
    ['empty.csv', '', /no header/],
    ['header.csv', 'node_id,product_id\r\n', /no data row/],
    ['latin.csv', Buffer.from([0x6e, 0x0a, 0xe9, 0x2c]), /UTF-8/],
    ['nul.csv', 'node_id\na\0b', /NUL/],
    ['quote.csv', `node_id\n"${'a'.repeat(400_000)}`, /CSV|characters/],
    ['wide.csv', `${'a,'.repeat(300)}\nb`, /200 columns/],
    ['text.xlsx', 'node_id,product_id', /xlsx/],
    ['lone.csv', 'node_id\na"b', /valid CSV/],
    ['old.xlsx', Buffer.from(`d0cf11e0a1b11ae1${'00'.repeat(99)}`, 'hex'), /password/],
    ['late.csv', `node_id\n${'a\n'.repeat(5000)}"b`, /valid CSV/],
    ['cut.xlsx', workbook.subarray(0, workbook.length - 200), /xlsx/],
  ];
  for (const [name, content, reason] of bad) {
    const answer = await api.upload(name, content);
    expect(answer, name).toMatchObject({ status: 400, json: { error_code: 'IOTDA.014652' } });
    expect(answer.text, name).toMatch(reason);
  }
  expect((await api.ofProject('GET', '/batchtask-files')).json).toEqual({ files: [] });
  while (await api.store.batchFiles.purge(api.clock.now(), 1000));
});

test('names of 60 characters of any language are taken; longer ones and what could be a path are not', async () => {
  const api = await startFileApi();
  const long = `${'表'.repeat(56)}.csv`;
  expect(await api.upload(long, good)).toMatchObject({ status: 201, json: { file_name: long } });
  expect(await api.upload(`x${long}`, good)).toMatchObject({ status: 400, json: { error_code: 'IOTDA.000006' } });
});

test('names that could be paths, hide something or say nothing are not taken', async () => {
  const api = await startFileApi();
  for (const name of ['a\u0001.csv', '.', 'csv', 'a.csv.exe', 'a.csv ', 'a.xlsm']) {
    expect((await api.upload(name, good)).status, name).toBe(400);
  }
  // What stands in front of the last slash is where the file lay with its sender.
  expect(await api.upload('../../etc/a.csv', good)).toMatchObject({ status: 201, json: { file_name: 'a.csv' } });
  expect(await api.upload("'; drop table batch_files; --.csv", good)).toMatchObject({ status: 201 });
  expect((await api.ofProject('GET', '/batchtask-files')).json).toMatchObject({ files: [{}, { file_name: 'a.csv' }] });
});

test('of two uploads of one name at one time one stands', async () => {
  const api = await startFileApi();
  const answers = await Promise.all([api.upload('a.csv', good), api.upload('a.csv', good)]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 400]);
  expect((await api.ofProject('GET', '/batchtask-files')).json).toMatchObject({ files: [{ file_name: 'a.csv' }] });
});

test('uploads that do not go on leave room for those of other projects, and what went away leaves nothing', async () => {
  const api = await startFileApi();
  const other = await api.otherUploader();
  const slow = [1, 2, 3, 4].map((no) => api.beginUpload(`slow${no}.csv`));
  await expect.poll(api.spooled, { interval: 5 }).toHaveLength(4);
  expect(await api.upload('a.csv', good)).toMatchObject({ status: 503, json: { error_code: 'IOTDA.000023' } });
  expect((await api.upload('a.csv', good, other)).status).toBe(201);
  for (const connection of slow) connection.destroy();
  await expect.poll(api.spooled, { interval: 5 }).toEqual([]);
  expect((await api.upload('a.csv', good)).status).toBe(201);
});
