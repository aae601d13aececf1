import type { ExportTask } from '@muster/contract/v5';
import { expect, test } from 'vitest';
import { asId, type ExportId } from '../../../../src/domain/ids.ts';
import { testProject } from '../../../support/api-server.ts';
import { type ExportApi, startExportApi, unpack } from './export-api.ts';

/** More than two pages of subtasks. */
const targets = Array.from({ length: 600 }, (_, n) => `nobody_${n}`);
const leaseMs = 15_000;

/** A finished task of many subtasks, and an export of it that nobody has begun to write. */
async function asked(api: ExportApi): Promise<{ readonly taskId: string; readonly id: ExportId }> {
  const task = { task_name: 'many', task_type: 'freezeDevices', targets };
  const { task_id: taskId } = (await api.ofProject('POST', '/batchtasks', task)).json as { task_id: string };
  await api.ended(taskId);
  const { export_task_id: id } = (await api.ask(taskId)).json as ExportTask;
  return { taskId, id: asId<ExportId>(id) };
}

const stored = (api: ExportApi, exportId: ExportId) =>
  api.store.exports.find({ projectId: testProject, exportId, now: api.clock.now() });

/** Until the exporter rests behind the next page: its timer is the only one of a millisecond. */
async function atRest({ clock }: ExportApi): Promise<void> {
  const isNear = async (): Promise<boolean> => {
    await clock.advance(0);
    return clock.pending().some((at) => at - clock.now() <= 1);
  };
  await expect.poll(isNear, { interval: 2 }).toBe(true);
}

async function expectWhole(api: ExportApi, id: string): Promise<void> {
  expect(await api.exported(id)).toMatchObject({ status: 'Success', export_count: targets.length, progress: 100 });
  const { rows } = await unpack((await api.download(id)).bytes);
  expect(rows.slice(1).map(([target]) => target)).toEqual(targets);
}

test('an export whose node died is written anew by another; nothing of the first try is left or added', async () => {
  const api = await startExportApi({ exporting: false });
  const { id } = await asked(api);
  const now = api.clock.now();
  const dead = await api.store.exports.claim({ now, leaseUntil: now + leaseMs, holder: 'dead' });
  if (dead === undefined) throw new Error('Nothing was claimed.');
  for (let part = 0; part < 40; part += 1) {
    expect(await api.store.exports.addChunk(dead, { part, bytes: Buffer.from('half a file') })).toBe(true);
  }
  api.clock.set(now + leaseMs);
  api.startExporter();
  await expectWhole(api, id);
  expect((await stored(api, id))?.run).toBeGreaterThan(dead.run);
  for (const part of [0, 39]) expect(await api.store.exports.readChunk(dead, part)).toBeUndefined();
  // It was only slow, and comes back.
  expect(await api.store.exports.addChunk(dead, { part: 40, bytes: Buffer.from('late') })).toBe(false);
  expect(await api.store.exports.report(dead, { rows: 1, progress: 1, leaseUntil: now })).toBe(false);
  const end = { rows: 1, hasSecrets: false, endedAt: now, expiresAt: now };
  expect(await api.store.exports.succeed(dead, end)).toBe(false);
  expect(await api.store.exports.readChunk(dead, 40)).toBeUndefined();
});

test('a node that stops hands its export on at once', async () => {
  const api = await startExportApi({ exporting: false });
  const { id } = await asked(api);
  const first = api.startExporter();
  await atRest(api);
  await first.stop();
  const at = api.clock.now();
  const free = await api.store.exports.claim({ now: at, leaseUntil: at, holder: 'next' });
  expect(free).toMatchObject({ exportId: id, run: 2, task: { rows: 0, size: 0 } });
  api.startExporter();
  await expectWhole(api, id);
});

test('while it is written its count and progress rise', async () => {
  const api = await startExportApi({ exporting: false });
  const { id } = await asked(api);
  api.startExporter();
  await atRest(api);
  expect(await api.show(id)).toMatchObject({ status: 'Processing', export_count: 0, progress: 1 });
  api.clock.set(api.clock.now() + 1000);
  await api.clock.advance(1);
  await atRest(api);
  expect(await api.show(id)).toMatchObject({ status: 'Processing', export_count: 500, progress: 83 });
  await expectWhole(api, id);
});

test('an export that is deleted while it is written ends there, and leaves nothing', async () => {
  const api = await startExportApi({ exporting: false });
  const { id } = await asked(api);
  api.startExporter();
  await atRest(api);
  expect((await api.ofProject('DELETE', `${api.base}/${id}`)).status).toBe(204);
  await api.clock.advance(2 * leaseMs);
  await expect.poll(() => api.store.exports.readChunk({ exportId: id, run: 1 }, 0)).toBeUndefined();
  expect((await api.ofProject('GET', `${api.base}/${id}`)).status).toBe(404);
  expect(await api.store.exports.purge(api.clock.now(), 16)).toBe(false);
});

test('an export whose task is deleted while it is written is Failed, without a file', async () => {
  const api = await startExportApi({ exporting: false });
  const { taskId, id } = await asked(api);
  api.startExporter();
  await atRest(api);
  expect((await api.ofProject('DELETE', `/batchtasks/${taskId}`)).status).toBe(204);
  expect(await api.exported(id)).toMatchObject({ status: 'Failed', end_time: expect.any(String) });
  expect(await api.ofProject('GET', `${api.base}/${id}/file`)).toMatchObject({
    status: 403,
    json: { error_code: 'IOTDA.014681' },
  });
});

test('a store that fails once costs a try, one that fails for ever the export', async () => {
  const api = await startExportApi({ exporting: false });
  const { exports } = api.store;
  let failures = 1;
  const failing: typeof exports.addChunk = (...chunk) => {
    if (failures === 0) return exports.addChunk(...chunk);
    failures -= 1;
    return Promise.reject(new Error('The disk is full.'));
  };
  api.startExporter({ store: { ...api.store, exports: { ...exports, addChunk: failing } } });
  const once = await asked(api);
  await expectWhole(api, once.id);
  expect((await stored(api, once.id))?.run).toBeGreaterThan(1);

  failures = Number.POSITIVE_INFINITY;
  const never = await asked(api);
  const look = async (): Promise<string | undefined> => {
    await api.clock.advance(leaseMs);
    return (await stored(api, never.id))?.task.status;
  };
  await expect.poll(look, { timeout: 20_000 }).toBe('Failed');
  expect((await stored(api, never.id))?.run).toBe(11);
});
