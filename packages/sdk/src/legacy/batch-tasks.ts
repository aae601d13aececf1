import type { LegacyAnswerOf } from '@muster/contract/legacy';
import type { Body, Query } from './call-parts.ts';
import type { LegacyApi, LegacyCallOptions } from './legacy-api.ts';
import { type WaitOptions, waitUntil } from './wait-until.ts';

/** Batch processing (legacy 3). */
export function createBatchTasks(api: LegacyApi) {
  const one = (taskId: string) => ({ params: { taskId } });
  return {
    create: (body: Body<'CreateLegacyBatchTask'>, options?: LegacyCallOptions) =>
      api.call('CreateLegacyBatchTask', { ...options, body }),
    list: (query: Query<'ListLegacyBatchTasks'> = {}, options?: LegacyCallOptions) =>
      api.call('ListLegacyBatchTasks', { ...options, query }),
    listAll: (query: Query<'ListLegacyBatchTasks'> = {}, options?: LegacyCallOptions) =>
      api.each('ListLegacyBatchTasks', { ...options, query }),
    get: (taskId: string, query: Query<'ShowLegacyBatchTask'> = {}, options?: LegacyCallOptions) =>
      api.call('ShowLegacyBatchTask', { ...options, ...one(taskId), query }),
    listDetails: (query: Query<'ListLegacySubtasks'>, options?: LegacyCallOptions) =>
      api.call('ListLegacySubtasks', { ...options, query }),
    /** All sub-tasks, a page in memory at a time. */
    listAllDetails: (query: Query<'ListLegacySubtasks'>, options?: LegacyCallOptions) =>
      api.each('ListLegacySubtasks', { ...options, query }),
    stop: (taskId: string, options?: LegacyCallOptions) =>
      api.call('StopLegacyBatchTask', { ...options, ...one(taskId) }),
    delete: (taskId: string, options?: LegacyCallOptions) =>
      api.call('DeleteLegacyBatchTask', { ...options, ...one(taskId) }),
    /** A CSV or Excel file of rows, for `param.fileId` of another task. Its name says which it is. */
    uploadFile: (file: Blob, fileName: string, options?: LegacyCallOptions) => {
      const form = new FormData();
      form.append('file', file, fileName);
      return api.upload('UploadLegacyBatchFile', form, options);
    },
    listFiles: (options?: LegacyCallOptions) => api.call('ListLegacyBatchFiles', { ...options }),
    deleteFile: (fileId: string, options?: LegacyCallOptions) =>
      api.call('DeleteLegacyBatchFile', { ...options, params: { fileId } }),
    /** Waits until the task is `Complete` or `Timeout` and returns it. */
    waitFor: (taskId: string, options?: WaitOptions<LegacyAnswerOf<'ShowLegacyBatchTask'>>) =>
      waitUntil(
        (call) => api.call('ShowLegacyBatchTask', { ...call, ...one(taskId), query: {} }),
        ({ status }) => status === 'Complete' || status === 'Timeout',
        options,
      ),
  };
}
