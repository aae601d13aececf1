import { type ClientRequest, request } from 'node:http';
import type { BatchTask, ShowBatchTaskResponse } from '@muster/contract/v5';
import { expect } from 'vitest';
import { toBasicTime } from '../../../../src/domain/time.ts';
import { createTableFiles } from '../../../../src/files/table-files.ts';
import { aUser, anAccessKey } from '../../../builders/account-builders.ts';
import { testKey, testProject } from '../../../support/api-server.ts';
import { fileForm } from '../../../support/file-form.ts';
import { call, type HttpAnswer, type HttpCall, type SigningKey, signed } from '../../../support/http-client.ts';
import { startWholeApi } from '../../../support/whole-api.ts';

interface Uploader {
  readonly key: SigningKey;
  readonly projectId: string;
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
  const callOf = (fileName: string, content: Buffer | string, { key, projectId }: Uploader): HttpCall => {
    const path = `/v5/iot/${projectId}/batchtask-files`;
    return signed(
      key,
      { method: 'POST', path, ...fileForm(fileName, content) },
      { date: toBasicTime(api.clock.now()) },
    );
  };
  const own = { key: testKey, projectId: testProject };
  const upload = (fileName: string, content: Buffer | string, uploader: Uploader = own): Promise<HttpAnswer> =>
    call(api.port, callOf(fileName, content, uploader));
  const show = async (taskId: string): Promise<ShowBatchTaskResponse> =>
    (await api.ofProject('GET', `/batchtasks/${taskId}?limit=50`)).json as ShowBatchTaskResponse;
  return {
    ...api,
    product,
    upload,
    /** Sends the beginning of an upload and keeps still. */
    beginUpload(fileName: string): ClientRequest {
      const { method, path, headers, body = '' } = callOf(fileName, 'a,b\r\n'.repeat(20_000), own);
      const length = { 'Content-Length': Buffer.byteLength(body) };
      const sent = request({ port: api.port, method, path, headers: { ...headers, ...length } });
      // It ends when the test ends it.
      sent.on('error', () => undefined);
      sent.write(body.slice(0, 70_000));
      return sent;
    },
    /** An operator of a project that is not the test's. */
    async otherUploader(): Promise<Uploader> {
      const { projectId } = await api.given.scope();
      const user = aUser();
      await api.store.accounts.insertUser(user);
      await api.store.accounts.setRole({ userId: user.userId, projectId }, 'operator');
      const key = anAccessKey({ userId: user.userId, projectId });
      await api.store.accounts.insertAccessKey(key);
      return { key, projectId };
    },
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
