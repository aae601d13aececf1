import { expect, it, onTestFinished } from 'vitest';
import type { TableRow } from '../../../src/domain/batch-file.ts';
import { asId, type BatchFileId, type RecordId } from '../../../src/domain/ids.ts';
import { openRows, sealRows } from '../../../src/store/sql/batch-files/sealed-rows.ts';
import { taskTypes } from '../../../src/task-types/index.ts';
import { box, builtAt, random } from '../../builders/chance.ts';
import { createGiven } from '../../builders/given.ts';
import { createTestData, openTestStore } from '../../support/test-store.ts';

async function start(rowCount: number) {
  const data = await createTestData();
  const store = await openTestStore(data);
  onTestFinished(async () => {
    await store.stop();
    await data.dispose();
  });
  const given = createGiven(store);
  const scope = await given.scope();
  const file = {
    fileId: asId<BatchFileId>(random.uuid()),
    recordId: asId<RecordId>(random.orderedId()),
    projectId: scope.projectId,
    fileName: 'fleet.csv',
    uploadedAt: builtAt,
    expiresAt: builtAt + 1000,
  };
  // Every seventh is bad.
  const rows = Array.from({ length: rowCount }, (_, n): TableRow => {
    return { rowNo: n + 2, cells: [n % 7 === 0 ? '' : `node-${n}`, 'press', `clearword-${n}`] };
  });
  await store.batchFiles.begin(file);
  await store.batchFiles.addRows(file.fileId, 0, rows);
  await store.batchFiles.finish({ ...file, columns: ['node_id', 'product_id', 'secret'] }, builtAt);
  const task = await given.task(scope, { type: 'createDevices', source: { kind: 'file', fileId: file.fileId } });
  const readRow = taskTypes.createDevices.file?.readRow;
  const expand = (limit: number) => store.subtasks.expand(task.taskNo, { now: builtAt, limit, readRow });
  return { data, store, file, rows, task, expand };
}

it('rows of a file are found from any place on, and the failed ones with what they said', async () => {
  const { store, file, rows, task, expand } = await start(95);
  for (const [from, limit] of [
    [0, 95],
    [0, 7],
    [13, 20],
    [19, 2],
    [20, 40],
    [93, 10],
    [95, 5],
  ] as const) {
    expect(await store.batchFiles.listRows(file.fileId, from, limit)).toEqual(rows.slice(from, from + limit));
  }
  // Steps that do not fit the boxes.
  while (!(await expand(270)).done);
  const bad = rows.flatMap(({ cells }, seq) => (cells[0] === '' ? [[seq, cells[2]]] : []));
  const failed = await store.subtasks.listFailedRows(task.taskNo, -1, 1000);
  expect(failed.map(({ seq, cells }) => [seq, cells.get('secret')])).toEqual(bad);
  const [one] = await store.subtasks.listFailedRows(task.taskNo, 20, 1);
  expect([one?.seq, one?.cells.get('secret')]).toEqual([21, 'clearword-21']);
});

it('nothing that a cell says lies in the database in clear text', async () => {
  const { data, expand } = await start(45);
  while (!(await expand(1000)).done);
  for (const table of ['batch_file_rows', 'task_rows'] as const) {
    const stored = await data.rows<{ cells: string }>(`SELECT cells FROM ${table}`);
    expect(stored).toHaveLength(45);
    expect(stored.filter(({ cells }) => cells !== '')).toHaveLength(3);
    expect(JSON.stringify(stored)).not.toMatch(/clearword|node-|press/);
  }
});

it('a box begins where it can be found again', () => {
  const rows = Array.from({ length: 50 }, (_, n) => ({ n: String(n) }));
  const stored = sealRows(box, 40, rows).map((cells, index) => ({ seq: 40 + index, cells }));
  expect([...openRows(box, stored)]).toEqual(rows.map((row, index) => [40 + index, row]));
  expect(() => sealRows(box, 41, rows)).toThrow('No box begins at row 41');
});
