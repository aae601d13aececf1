import type { BatchTask, ShowBatchTaskResponse } from '@muster/contract/v5';
import { expect } from 'vitest';
import { toBasicTime } from '../../../../src/domain/time.ts';
import { createTableFiles } from '../../../../src/files/table-files.ts';
import { testKey, testProject } from '../../../support/api-server.ts';
import { call, type HttpAnswer, signed } from '../../../support/http-client.ts';
import { startWholeApi } from '../../../support/whole-api.ts';

const boundary = 'a-boundary-of-tests';

/** A body with one file, as clients send it. */
function formOf(fileName: string, content: Buffer | string): Buffer {
  return Buffer.concat([
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${fileName}"\r\n\r\n`),
    Buffer.from(content),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
}

/** Rows as a real workbook. */
export async function workbookOf(rows: readonly (readonly string[])[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of createTableFiles().write(rows, 'xlsx')) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export const csvOf = (rows: readonly (readonly string[])[]): string => rows.map((row) => row.join(',')).join('\r\n');

/** The whole API with a product, and what tests of files need beside it. */
export async function startFileApi() {
  const api = await startWholeApi();
  const product = await api.given.product(api.scope);
  const upload = (fileName: string, content: Buffer | string): Promise<HttpAnswer> => {
    const headers = { 'Content-Type': `multipart/form-data; boundary=${boundary}` };
    const target = {
      method: 'POST',
      path: `/v5/iot/${testProject}/batchtask-files`,
      headers,
      body: formOf(fileName, content),
    };
    return call(api.port, signed(testKey, target, { date: toBasicTime(api.clock.now()) }));
  };
  const show = async (taskId: string): Promise<ShowBatchTaskResponse> =>
    (await api.ofProject('GET', `/batchtasks/${taskId}?limit=50`)).json as ShowBatchTaskResponse;
  return {
    ...api,
    product,
    upload,
    /** Uploads and makes a task of it; the task as it was created. */
    async run(taskType: string, content: Buffer | string, fileName = `${taskType}.csv`): Promise<BatchTask> {
      const uploaded = await upload(fileName, content);
      expect(uploaded).toMatchObject({ status: 201 });
      const { file_id: fileId } = uploaded.json as { file_id: string };
      const created = await api.ofProject('POST', '/batchtasks', {
        task_name: 'from_file',
        task_type: taskType,
        document_source: fileId,
      });
      expect(created).toMatchObject({ status: 201 });
      return created.json as BatchTask;
    },
    show,
    /** Lets time go by until the task is over; with its details in the order of the rows. */
    async ended(taskId: string) {
      let shown = await show(taskId);
      const isOver = () => ['Success', 'PartialSuccess', 'Fail', 'Stopped'].includes(shown.batchtask.status);
      await expect
        .poll(
          async () => {
            await api.clock.advance(100);
            shown = await show(taskId);
            return isOver();
          },
          { timeout: 30_000, interval: 5 },
        )
        .toBe(true);
      return { task: shown.batchtask, details: shown.task_details.toReversed() };
    },
  };
}
