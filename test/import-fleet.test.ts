import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { BatchTask, TaskDetail, V5Client } from '@muster/sdk';
import { expect, it, onTestFinished } from 'vitest';
import { createTableFiles } from '../packages/server/src/files/table-files.ts';
import { tableLimits } from '../packages/server/src/services/batch-files.ts';
import { createProduct } from '../scripts/demo/preparation.ts';
import { type BadRow, type Cells, kinds, takenNode } from './support/bad-rows.ts';
import { createInstallation } from './support/installation.ts';

const rowCount = 100_000;
/** One in a hundred is bad. */
const badEvery = 100;
const columns = [
  ...['node_id', 'product_id', 'device_id', 'device_name', 'auth_type', 'secret', 'fingerprint', 'secure_access'],
  ...['timeout', 'gateway_id', 'description', 'app_id', 'tags', 'extension_info'],
];
const files = createTableFiles();

const goodCells = (productId: string, n: number): Cells => ({
  node_id: `n${n}`,
  product_id: productId,
  device_name: `Press-${n}`,
  secret: `secret-of-${n}`,
  secure_access: 'true',
  timeout: '0',
  description: 'west-hall',
  tags: 'line=3;hall=west',
  // Quotes, and a line break within the cell.
  extension_info: `{"rack":\r\n${n}}`,
});

interface FleetRow {
  readonly good: Cells;
  readonly bad: BadRow | undefined;
}

function fleetRows(productId: string): readonly FleetRow[] {
  return Array.from({ length: rowCount }, (_, n) => {
    const good = goodCells(productId, n);
    if (n % badEvery !== badEvery - 1) return { good, bad: undefined };
    const place = Math.floor(n / badEvery);
    const kind = kinds[place % kinds.length];
    // The header is row 1; the row before is a good one.
    const earlier = { rowNo: n + 1, nodeId: `n${n - 1}` };
    return { good, bad: kind?.({ productId, good, rowNo: n + 2, turn: Math.floor(place / kinds.length), earlier }) };
  });
}

function* tableOf(rows: readonly FleetRow[]): Generator<readonly string[]> {
  yield columns;
  for (const { good, bad } of rows) {
    const said: Cells = { ...good, ...bad?.cells };
    yield [...columns.map((column) => said[column] ?? ''), ...(bad?.surplus === undefined ? [] : [bad.surplus])];
  }
}

/** CSV with CRLF and quoted cells as the server writes it, behind a byte order mark. */
const csvOf = async (rows: readonly FleetRow[]): Promise<Blob> =>
  new Blob(['\ufeff', new Uint8Array(await buffer(files.write(tableOf(rows), 'csv')))]);

async function importFile(client: V5Client, content: Blob, fileName: string): Promise<BatchTask> {
  const { file_id: fileId } = await client.batchFiles.upload(content, fileName);
  const { task_id: taskId } = await client.batchTasks.create({
    task_name: 'fleet',
    task_type: 'createDevices',
    document_source: fileId,
  });
  return await client.waitForTask(taskId, { signal: AbortSignal.timeout(120_000) });
}

async function failuresOf(client: V5Client, taskId: string): Promise<readonly TaskDetail[]> {
  const details: TaskDetail[] = [];
  for await (const detail of client.batchTasks.listAllDetails(taskId, { task_detail_status: 'Fail' }))
    details.push(detail);
  return details.reverse();
}

/** The table of failed rows without its header, read as an operator's program would read it. */
async function failedTable(client: V5Client, taskId: string, format: 'csv' | 'xlsx') {
  const folder = await mkdtemp(join(tmpdir(), 'muster-failed-rows-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, `failed.${format}`);
  const response = await client.batchTasks.failedRows(taskId, format);
  await writeFile(path, new Uint8Array(await response.arrayBuffer()));
  const rows: (readonly string[])[] = [];
  for await (const { cells } of files.read(path, format, tableLimits)) rows.push(cells);
  expect(rows[0]).toEqual([...columns, 'error_code', 'error_message']);
  return rows.slice(1);
}

/** Of every bad row: its cells without what stood behind them, and why it failed. */
const toldOf = (bad: readonly (readonly [Cells, BadRow])[]) =>
  bad.map(([good, { cells, code, message }]) => {
    const said: Cells = { ...good, ...cells };
    return [...columns.map((column) => (said[column] ?? '').replaceAll('\r\n', '\n')), code, message];
  });

const withoutReturns = (rows: readonly (readonly string[])[]) =>
  rows.map((cells) => cells.map((cell) => cell.replaceAll('\r\n', '\n')));

/** Only what was wrong is written over; the reasons stay where they are. */
const mendedTable = (failed: readonly (readonly string[])[], bad: readonly (readonly [Cells, BadRow])[]) => [
  [...columns, 'error_code', 'error_message'],
  ...failed.map((cells, index) => cells.map((cell, column) => bad[index]?.[1].mended[columns[column] ?? ''] ?? cell)),
];

it('[v5 35] [v5 36] an import of 100,000 rows says of each bad one what is wrong; its failed rows, mended, complete the fleet', {
  timeout: 240_000,
}, async () => {
  const installation = await createInstallation();
  await installation.start();
  const client = await installation.client();
  const productId = await createProduct(client);
  const taken = Array.from({ length: (2 * rowCount) / badEvery / kinds.length }, (_, n) => takenNode(n));
  for (const nodeId of taken) await client.devices.create({ node_id: nodeId, product_id: productId });
  const rows = fleetRows(productId);
  const bad = rows.flatMap(({ good, bad: wrong }) => (wrong === undefined ? [] : [[good, wrong] as const]));

  const task = await importFile(client, await csvOf(rows), 'fleet.csv');
  const counts = { total: rowCount, success: rowCount - bad.length, fail: bad.length };
  expect(task).toMatchObject({ status: 'PartialSuccess', task_progress: counts });
  const failures = await failuresOf(client, task.task_id);
  expect(failures.map(({ target, error }) => `${target}: ${error?.error_code} ${error?.error_msg}`)).toEqual(
    bad.map(([, { target, code, message }]) => `${target}: ${code} ${message}`),
  );
  const count = async () => (await client.devices.list({ product_id: productId, limit: 1 })).page.count;
  expect(await count()).toBe(taken.length + counts.success);

  const failed = await failedTable(client, task.task_id, 'xlsx');
  expect(withoutReturns(failed)).toEqual(toldOf(bad));
  expect(withoutReturns(await failedTable(client, task.task_id, 'csv'))).toEqual(toldOf(bad));
  const workbook = new Blob([new Uint8Array(await buffer(files.write(mendedTable(failed, bad), 'xlsx')))]);
  const again = await importFile(client, workbook, 'mended.xlsx');
  expect(again).toMatchObject({ status: 'Success', task_progress: { total: bad.length, success: bad.length } });
  expect(await count()).toBe(taken.length + rowCount);
});
