import { BatchFileTemplateQuery } from '@muster/contract/v5';
import type { BatchFile } from '../../../domain/batch-file.ts';
import { asId } from '../../../domain/ids.ts';
import { toBasicTime } from '../../../domain/time.ts';
import type { BatchFileService } from '../../../services/batch-files.ts';
import { receiveFile } from '../../receive-file.ts';
import { v5Route, type V5Route } from '../route.ts';
import { tableAnswer } from './table-answer.ts';

/** v5 12. The server needs `registerMultipart` as well. */
export function createBatchFileRoutes(files: BatchFileService): V5Route[] {
  return [
    v5Route('UploadBatchTaskFile', {
      stream: true,
      handle: async (call) => {
        const keep = (fileName: string, body: Parameters<BatchFileService['upload']>[2]) =>
          files.upload({ projectId: call.projectId }, fileName, body);
        return encodeFile(await receiveFile(call, keep));
      },
    }),
    v5Route('ListBatchTaskFiles', {
      handle: async ({ projectId }) => ({ files: (await files.list({ projectId })).map(encodeFile) }),
    }),
    v5Route('DeleteBatchTaskFile', {
      handle: ({ projectId, param }) => files.delete({ projectId }, asId(param('file_id'))),
    }),
    v5Route('ShowBatchTaskFileTemplate', {
      query: BatchFileTemplateQuery,
      handle: ({ query, param }) => tableAnswer(files.template(param('task_type'), query.format)),
    }),
  ];
}

const encodeFile = ({ fileId, fileName, uploadedAt }: BatchFile) => ({
  file_id: fileId,
  file_name: fileName,
  upload_time: toBasicTime(uploadedAt),
});
