import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { asId } from '../../../../src/domain/ids.ts';
import { Problem } from '../../../../src/domain/problem.ts';
import { createExportService } from '../../../../src/services/exports/export-service.ts';
import { random } from '../../../builders/chance.ts';
import { insertViewer, testProject } from '../../../support/api-server.ts';
import { csvOf } from '../batch-files/file-api.ts';
import { exportLifeMs, startExportApi, unpack } from './export-api.ts';

const secret = 'topsecret-of-a-device';

test('who may not see devices exports without their secrets, and cannot download an export that has them', async () => {
  const api = await startExportApi();
  const rows = [
    ['node_id', 'product_id', 'secret'],
    ['a', api.product.productId, secret],
  ];
  const { task_id: taskId } = await api.run('createDevices', csvOf(rows));
  await api.ended(taskId);
  const { store, clock } = api;
  const service = createExportService({ store, clock, random, lifeMs: exportLifeMs });
  const wish = { taskId: asId<never>(taskId), appType: 'GLOBAL', appId: undefined, format: 'csv' } as const;
  const open = await service.create(testProject, { ...wish, maySeeSecrets: true });
  const hidden = await service.create(testProject, { ...wish, maySeeSecrets: false });
  for (const { exportId } of [open, hidden]) await api.exported(exportId);

  const whole = await unpack((await api.download(open.exportId)).bytes);
  expect(whole.rows[1]?.[2]).toContain(secret);
  const refused = await service.open(testProject, open.exportId, false).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Problem);
  expect(refused).toMatchObject({ problem: 'permissionDenied' });
  const viewer = await insertViewer(store);
  const path = (exportId: string) => `/v5/iot/${testProject}/export-tasks/${exportId}/file`;
  expect((await api.sendAs(viewer, { method: 'GET', path: path(open.exportId) })).status).toBe(403);
  expect((await api.sendAs(viewer, { method: 'GET', path: path(hidden.exportId) })).status).toBe(200);

  const { size, body } = await service.open(testProject, hidden.exportId, false);
  expect((await text(body)).length).toBeGreaterThan(0);
  expect(size).toBe((await api.download(hidden.exportId)).bytes.length);
  const bare = await unpack((await api.download(hidden.exportId)).bytes);
  expect(bare.rows[1]).toEqual([`${api.product.productId}_a`, 'Success', expect.any(String), '', '']);
  expect(bare.rows[1]?.[2]).not.toContain('secret');
});

test('an export without secrets is for everybody who may see exports, whoever asked for it', async () => {
  const api = await startExportApi();
  const task = { task_name: 'frozen', task_type: 'freezeDevices', targets: ['nobody'] };
  const { task_id: taskId } = (await api.ofProject('POST', '/batchtasks', task)).json as { task_id: string };
  await api.ended(taskId);
  const { store, clock } = api;
  const service = createExportService({ store, clock, random, lifeMs: exportLifeMs });
  const wish = { taskId: asId<never>(taskId), appType: 'GLOBAL', appId: undefined, format: 'csv' } as const;
  const { exportId } = await service.create(testProject, { ...wish, maySeeSecrets: true });
  await api.exported(exportId);
  expect((await service.open(testProject, exportId, false)).name).toBe('frozen');
});
