import type { ShowBatchTaskResponse, TaskDetail } from '@muster/contract/v5';
import { expect, test } from 'vitest';
import { insertViewer, testProject } from '../../../support/api-server.ts';
import { csvOf, startFileApi, workbookOf } from './file-api.ts';

const outputOf = (detail: TaskDetail | undefined): Record<string, string> =>
  JSON.parse(detail?.output ?? '{}') as Record<string, string>;

test('[v5 35] [v5 36] a bad row and a repeated one fail by themselves', async () => {
  const api = await startFileApi();
  const { productId } = api.product;
  const rows = [
    ['node_id', 'product_id'],
    ['n1', productId],
    ['n2', ''],
    ['n1', productId],
    ['n3', productId],
  ];
  const { task, details } = await api.ended((await api.run('createDevices', csvOf(rows))).task_id);
  expect(task).toMatchObject({ status: 'PartialSuccess', task_progress: { total: 4, success: 2, fail: 2 } });
  expect(details.map(({ status }) => status)).toEqual(['Success', 'Fail', 'Fail', 'Success']);
  expect(details[1]?.error).toEqual({
    error_code: 'IOTDA.014653',
    error_msg: "Row 3, column 'product_id': is empty",
  });
  expect(details[2]?.error).toEqual({ error_code: 'IOTDA.014654', error_msg: 'Row 4 repeats the target of row 2.' });
  expect((await api.ofProject('GET', '/devices')).json).toMatchObject({ page: { count: 2 } });
});

test('[v5 37] the output has id, application and secret', async () => {
  const api = await startFileApi();
  const rows = [
    ['Node_ID ', 'PRODUCT_ID', 'secret', 'device_name', 'secure_access', 'timeout', 'extension_info', 'description'],
    ['n1', api.product.productId, '', '冲压机', 'FALSE', '60', '"{""rack"":4}"', 'left'],
  ];
  const { details } = await api.ended((await api.run('createDevices', csvOf(rows))).task_id);
  const output = outputOf(details[0]);
  const device = (await api.ofProject('GET', `/devices/${output['device_id']}`)).json as Record<string, unknown>;
  expect(device).toMatchObject({
    device_name: '冲压机',
    description: 'left',
    extension_info: { rack: 4 },
    auth_info: { secret: output['secret'], secure_access: false, timeout: 60 },
  });
  expect(output).toEqual({
    device_id: `${api.product.productId}_n1`,
    app_id: device['app_id'],
    secret: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
});

test('[v5 37] who may not see the secrets of devices sees none in an output, nor in the file of failed rows', async () => {
  const api = await startFileApi();
  const viewer = await insertViewer(api.store);
  const print = 'ab'.repeat(20);
  const rows = [
    ['node_id', 'product_id', 'auth_type', 'secret', 'fingerprint'],
    ['n1', api.product.productId, 'SECRET', 'topsecret1', ''],
    ['n2', api.product.productId, 'CERTIFICATES', '', print],
    ['n 3', api.product.productId, 'SECRET', 'topsecret3', print],
  ];
  const { task_id: taskId } = await api.run('createDevices', csvOf(rows));
  const { details } = await api.ended(taskId);
  expect(details.slice(0, 2).map(outputOf)).toMatchObject([{ secret: 'topsecret1' }, { fingerprint: print }]);
  const path = `/v5/iot/${testProject}/batchtasks/${taskId}`;
  const shown = await api.sendAs(viewer, { method: 'GET', path: `${path}?limit=50` });
  const seen = (shown.json as ShowBatchTaskResponse).task_details?.toReversed() ?? [];
  expect(seen.slice(0, 2).map((detail) => Object.keys(outputOf(detail)))).toEqual([
    ['device_id', 'app_id'],
    ['device_id', 'app_id'],
  ]);
  const failed = await api.sendAs(viewer, { method: 'GET', path: `${path}/failed-rows?format=csv` });
  expect(failed.text).toContain('n 3');
  for (const { text } of [shown, failed]) for (const word of ['topsecret', print]) expect(text).not.toContain(word);
});

test('[v5 38] a child above its gateway, and one below that, come into being; a circle and what is too deep do not', async () => {
  const api = await startFileApi();
  const { productId } = api.product;
  const id = (node: string): string => `${productId}_${node}`;
  const rows = [
    ['node_id', 'product_id', 'gateway_id'],
    ['deep', productId, id('grandchild')],
    ['grandchild', productId, id('child')],
    ['child', productId, id('gateway')],
    ['gateway', productId, ''],
    ['left', productId, id('right')],
    ['right', productId, id('left')],
    ['self', productId, id('self')],
  ];
  const { details } = await api.ended((await api.run('createDevices', await workbookOf(rows), 'tree.xlsx')).task_id);
  expect(details.map(({ status, error }) => error?.error_code ?? status)).toEqual([
    'IOTDA.014042',
    'Success',
    'Success',
    'Success',
    'IOTDA.014042',
    'IOTDA.014042',
    'IOTDA.014042',
  ]);
  expect((await api.ofProject('GET', `/devices/${id('grandchild')}`)).json).toMatchObject({ gateway_id: id('child') });
});

test('[v5 39] updateDevices leaves what is empty; deleteDevices works by file, also when that is deleted meanwhile', async () => {
  const api = await startFileApi();
  const made = await Promise.all([1, 2, 3].map(() => api.given.device(api.scope)));
  const [one, two, three] = made.map(({ deviceId }) => deviceId as string);
  await api.ofProject('PUT', `/devices/${one}`, { device_name: 'kept', description: 'old' });
  const changes = csvOf([
    ['device_id', 'device_name', 'description'],
    [one ?? '', '', 'new'],
    [two ?? '', 'named', ''],
    ['nobody', 'x', ''],
    [three ?? '', '', ''],
  ]);
  const updated = await api.ended((await api.run('updateDevices', changes)).task_id);
  expect(updated.details.map(({ error }) => error?.error_code)).toEqual([
    undefined,
    undefined,
    'IOTDA.014000',
    'IOTDA.014653',
  ]);
  expect((await api.ofProject('GET', `/devices/${one}`)).json).toMatchObject({
    device_name: 'kept',
    description: 'new',
  });
  expect((await api.ofProject('GET', `/devices/${two}`)).json).toMatchObject({ device_name: 'named' });

  const { file_id: fileId } = (await api.upload('gone.csv', csvOf([['device_id'], [one ?? ''], [two ?? '']]))).json as {
    file_id: string;
  };
  const startsAt = new Date(api.clock.now() + 60_000).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const created = await api.ofProject('POST', '/batchtasks', {
    task_name: 'later',
    task_type: 'deleteDevices',
    document_source: fileId,
    task_policy: { schedule_time: startsAt },
  });
  const { task_id: taskId } = created.json as { task_id: string };
  expect((await api.ofProject('DELETE', `/batchtask-files/${fileId}`)).status).toBe(204);
  await api.store.batchFiles.purge(api.clock.now(), 1000);
  await api.clock.advance(60_000);
  const { task } = await api.ended(taskId);
  expect(task).toMatchObject({ status: 'Success', task_progress: { success: 2 } });
  expect((await api.ofProject('GET', '/devices')).json).toMatchObject({ page: { count: 1 } });
});

test('[v5 51] a gateway and its child go in one task, the gateway alone does not', async () => {
  const api = await startFileApi();
  const [gateway, alone] = [await api.given.device(api.scope), await api.given.device(api.scope)];
  const child = await api.given.device(api.scope, { parent: gateway });
  await api.given.device(api.scope, { parent: alone });
  const targets = [gateway.deviceId, child.deviceId, alone.deviceId];
  const created = await api.ofProject('POST', '/batchtasks', { task_name: 't', task_type: 'deleteDevices', targets });
  const { details } = await api.ended((created.json as { task_id: string }).task_id);
  expect(details.map(({ status, error }) => error?.error_code ?? status)).toEqual([
    'Success',
    'Success',
    'IOTDA.014041',
  ]);
});

test('a row that gives a tag twice is bad; a tag without a value is one', async () => {
  const api = await startFileApi();
  const { productId } = api.product;
  const rows = [
    ['node_id', 'product_id', 'tags'],
    ['n1', productId, 'k=1;k=2'],
    ['n2', productId, 'novalue'],
  ];
  const { details } = await api.ended((await api.run('createDevices', csvOf(rows))).task_id);
  expect(details.map(({ error }) => error?.error_code)).toEqual(['IOTDA.014653', undefined]);
  expect(details[0]?.error?.error_msg).toBe("Row 2, column 'tags': has the key 'k' twice");
  expect((await api.ofProject('GET', `/devices/${productId}_n2`)).json).toMatchObject({
    tags: [{ tag_key: 'novalue' }],
  });
});

test('a bad row stays bad when it is retried', async () => {
  const api = await startFileApi();
  const rows = [
    ['node_id', 'product_id'],
    ['n 1', api.product.productId],
    ['n2', api.product.productId],
  ];
  const { task_id: taskId } = await api.run('createDevices', csvOf(rows));
  await api.ended(taskId);
  await api.ofProject('POST', `/batchtasks/${taskId}/retry`, {});
  const { task, details } = await api.ended(taskId);
  expect(task).toMatchObject({ status: 'PartialSuccess', task_progress: { total: 2, success: 1, fail: 1 } });
  expect(details[0]?.error?.error_code).toBe('IOTDA.014653');
});

test('a dry run tells the bad rows of a file and stores nothing', async () => {
  const api = await startFileApi();
  const { productId } = api.product;
  const rows = [
    ['node_id', 'product_id'],
    ['n1', productId],
    ['n 2', productId],
    ['n1', productId],
  ];
  const { file_id: fileId } = (await api.upload('a.csv', csvOf(rows))).json as { file_id: string };
  const task = { task_name: 't', task_type: 'createDevices', document_source: fileId };
  expect(await api.ofProject('POST', '/batchtasks?dry_run=true', task)).toMatchObject({
    status: 200,
    json: {
      total: 3,
      valid: 1,
      invalid: 2,
      reasons: [{ error_code: 'IOTDA.014653' }, { error_code: 'IOTDA.014654' }],
    },
  });
  expect((await api.ofProject('GET', '/devices')).json).toMatchObject({ page: { count: 0 } });
});

test('the failed rows of a file, mended and uploaded again, complete the fleet', async () => {
  const api = await startFileApi();
  const { productId } = api.product;
  const rows = Array.from({ length: 300 }, (_, n) => [`n${n % 100 === 7 ? ` ${n}` : n}`, productId, 'topsecret1']);
  const { task_id: taskId } = await api.run('createDevices', csvOf([['node_id', 'product_id', 'secret'], ...rows]));
  expect((await api.ended(taskId)).task.task_progress).toMatchObject({ total: 300, success: 297, fail: 3 });
  const failed = await api.ofProject('GET', `/batchtasks/${taskId}/failed-rows?format=csv`);
  expect(failed.text.split('\r\n').filter((line) => line !== '')).toHaveLength(4);
  expect(failed.text).toContain('topsecret1');
  const mended = failed.text.replaceAll(/^n (\d+)/gm, 'n$1');
  const again = await api.ended((await api.run('createDevices', mended, 'again.csv')).task_id);
  expect(again.task.task_progress).toMatchObject({ total: 3, success: 3 });
  expect((await api.ofProject('GET', '/devices')).json).toMatchObject({ page: { count: 300 } });
});

test('tags of a row are bound; an eleventh fails its row alone (015520)', async () => {
  const api = await startFileApi();
  const rows = [
    ['node_id', 'product_id', 'tags'],
    ['n1', api.product.productId, 'line=3; hall=west ;spare'],
    ['n2', api.product.productId, Array.from({ length: 9 }, (_, n) => `k${n}=${n}`).join(';')],
    ['n3', api.product.productId, 'bad key=1'],
  ];
  const created = await api.ended((await api.run('createDevices', csvOf(rows))).task_id);
  expect(created.details.map(({ error }) => error?.error_code)).toEqual([undefined, undefined, 'IOTDA.014653']);
  const id = (node: string): string => `${api.product.productId}_${node}`;
  const changes = [
    ['device_id', 'tags', 'device_name'],
    [id('n1'), 'line=4;new=1', ''],
    [id('n2'), 'a=1;b=2', 'unchanged'],
  ];
  const updated = await api.ended((await api.run('updateDevices', csvOf(changes))).task_id);
  expect(updated.details.map(({ error }) => error?.error_code)).toEqual([undefined, 'IOTDA.015520']);
  const tagsOf = async (node: string) =>
    ((await api.ofProject('GET', `/devices/${id(node)}`)).json as { tags: { tag_key: string; tag_value?: string }[] })
      .tags;
  expect((await tagsOf('n1')).toSorted((a, b) => (a.tag_key < b.tag_key ? -1 : 1))).toEqual([
    { tag_key: 'hall', tag_value: 'west' },
    { tag_key: 'line', tag_value: '4' },
    { tag_key: 'new', tag_value: '1' },
    { tag_key: 'spare' },
  ]);
  expect(await tagsOf('n2')).toHaveLength(9);
  expect((await api.ofProject('GET', `/devices/${id('n2')}`)).json).not.toHaveProperty('device_name');
});
