import type {
  CreateExportTaskRequest,
  ExportTask,
  ListExportTasksQuery,
  ListExportTasksResponse,
} from '@muster/contract/v5';
import { sleep } from '../sleep.ts';
import type { CallOptions } from '../transport.ts';
import { eachListed, type ProjectApi, toQuery } from './project-api.ts';

/** How to wait. */
export interface WaitForExportOptions extends CallOptions {
  readonly onProgress?: ((task: ExportTask) => void) | undefined;
  /** Pause between two looks. Default 1000. */
  readonly pollMs?: number | undefined;
}

const POLL_MS = 1000;

/** Results of batch tasks as files (v5 14). */
export function createExports(api: ProjectApi) {
  const base = ['export-tasks'];
  const one = (exportTaskId: string): string[] => [...base, exportTaskId];
  const list = (query: ListExportTasksQuery, options?: CallOptions): Promise<ListExportTasksResponse> =>
    api.json({ ...options, method: 'GET', path: base, query: toQuery(query) });
  const get = (exportTaskId: string, options?: CallOptions): Promise<ExportTask> =>
    api.json({ ...options, method: 'GET', path: one(exportTaskId) });
  return {
    create: (body: CreateExportTaskRequest, options?: CallOptions): Promise<ExportTask> =>
      api.json({ ...options, method: 'POST', path: base, json: body }),
    list,
    listAll: (query: ListExportTasksQuery, options?: CallOptions) =>
      eachListed(
        (paged: ListExportTasksQuery) => list(paged, options),
        ({ export_tasks, page }) => ({ items: export_tasks, marker: page.marker }),
        query,
      ),
    get,
    /** Until it is Success or Failed. Aborted: throws the signal's reason; the export goes on. */
    waitFor: async (exportTaskId: string, options: WaitForExportOptions = {}): Promise<ExportTask> => {
      const { signal, onProgress, pollMs = POLL_MS } = options;
      for (;;) {
        const task = await get(exportTaskId, { signal });
        onProgress?.(task);
        if (task.status !== 'Processing') return task;
        await sleep(pollMs, signal);
      }
    },
    /** The bytes of the zip, as they come. */
    download: async (exportTaskId: string, options?: CallOptions): Promise<ReadableStream<Uint8Array>> => {
      const { body } = await api.send({ ...options, method: 'GET', path: [...one(exportTaskId), 'file'] });
      return body ?? new Blob([]).stream();
    },
    delete: (exportTaskId: string, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'DELETE', path: one(exportTaskId) }),
  };
}
