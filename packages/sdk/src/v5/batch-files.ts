import type { BatchTaskFile, ListBatchTaskFilesResponse } from '@muster/contract/v5';
import type { CallOptions } from '../transport.ts';
import type { ProjectApi } from './project-api.ts';

/** Files of targets (v5 12); a task names one as `document_source`. */
export function createBatchFiles(api: ProjectApi) {
  const base = ['batchtask-files'];
  return {
    /** The extension of the name, .xlsx or .csv, says what it is. */
    upload: (content: Blob, fileName: string, options?: CallOptions): Promise<BatchTaskFile> => {
      const form = new FormData();
      form.append('file', content, fileName);
      return api.json({ ...options, method: 'POST', path: base, form });
    },
    list: (options?: CallOptions): Promise<ListBatchTaskFilesResponse> =>
      api.json({ ...options, method: 'GET', path: base }),
    delete: (fileId: string, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'DELETE', path: [...base, fileId] }),
  };
}
