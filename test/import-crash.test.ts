import type { BatchTask, V5Client } from '@muster/sdk';
import { expect, it } from 'vitest';
import { createProduct } from '../scripts/demo/preparation.ts';
import { createInstallation } from './support/installation.ts';

const rowCount = 5000;
const pulls = 2;

/** Until a first part of the rows is through, or the task is over. */
async function underWay(client: V5Client, taskId: string, settled: number): Promise<BatchTask> {
  for (;;) {
    const { batchtask } = await client.batchTasks.show(taskId, { limit: 1 });
    const { success } = batchtask.task_progress;
    if (success > settled || batchtask.status === 'Success') return batchtask;
  }
}

it('[v5 54] an import of 5,000 devices whose server is killed in the middle ends with exactly these 5,000', {
  timeout: 180_000,
}, async () => {
  const installation = await createInstallation();
  await installation.start();
  let client = await installation.client();
  const productId = await createProduct(client);
  const rows = Array.from({ length: rowCount }, (_, n) => `n${n},${productId}`);
  const content = new Blob([`node_id,product_id\n${rows.join('\n')}\n`]);
  const { file_id: fileId } = await client.batchFiles.upload(content, 'fleet.csv');
  const task = await client.batchTasks.create({
    task_name: 'fleet',
    task_type: 'createDevices',
    document_source: fileId,
  });
  let settled = 0;
  for (let pull = 0; pull < pulls; pull += 1) {
    settled = (await underWay(client, task.task_id, settled)).task_progress.success;
    await installation.kill();
    await installation.start();
    client = await installation.client();
  }
  const ended = await client.waitForTask(task.task_id, { signal: AbortSignal.timeout(120_000) });
  expect(ended).toMatchObject({ status: 'Success', task_progress: { total: rowCount, success: rowCount } });
  expect((await client.devices.list({ product_id: productId, limit: 1 })).page.count).toBe(rowCount);
});
