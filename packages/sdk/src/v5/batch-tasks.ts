import type {
  BatchTask,
  BatchTaskTargetsResponse,
  CreateBatchTaskRequest,
  DryRunResponse,
  ListBatchTasksQuery,
  ListBatchTasksResponse,
  ShowBatchTaskQuery,
  ShowBatchTaskResponse,
} from '@muster/contract/v5';
import type { ReadonlyDeep } from '../readonly-deep.ts';
import type { CallOptions } from '../transport.ts';
import { eachListed, type ProjectApi, toQuery } from './project-api.ts';
import { type TaskEventOptions, taskEvents } from './task-events.ts';
import { waitForTask, type WaitForTaskOptions } from './wait-for-task.ts';

/** Options of a create call. */
export interface CreateTaskOptions extends CallOptions {
  /** 1..128 visible ASCII characters: repeating the same call with it makes no second task. */
  readonly idempotencyKey?: string;
}

/** Batch tasks (v5 11). */
export function createBatchTasks(api: ProjectApi) {
  const base = ['batchtasks'];
  const list = (query: ListBatchTasksQuery = {}, options?: CallOptions): Promise<ListBatchTasksResponse> =>
    api.json({ ...options, method: 'GET', path: base, query: toQuery(query) });
  const show = (
    taskId: string,
    query: ShowBatchTaskQuery = {},
    options?: CallOptions,
  ): Promise<ShowBatchTaskResponse> =>
    api.json({ ...options, method: 'GET', path: [...base, taskId], query: toQuery(query) });
  const act =
    (verb: 'stop' | 'retry' | 'confirm') =>
    (taskId: string, targets?: readonly string[], options?: CallOptions): Promise<BatchTaskTargetsResponse> =>
      // v5 11.5: no body means all; an explicit [] is an error, so it is sent as it is.
      api.json({
        ...options,
        method: 'POST',
        path: [...base, taskId, verb],
        json: targets === undefined ? undefined : { targets },
      });
  return {
    create: (body: ReadonlyDeep<CreateBatchTaskRequest>, options: CreateTaskOptions = {}): Promise<BatchTask> => {
      const { idempotencyKey, signal } = options;
      const headers: Record<string, string> = idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey };
      return api.json({ signal, method: 'POST', path: base, json: body, headers });
    },
    /** The same checks as create, nothing stored. */
    dryRun: (body: ReadonlyDeep<CreateBatchTaskRequest>, options?: CallOptions): Promise<DryRunResponse> =>
      api.json({ ...options, method: 'POST', path: base, query: { dry_run: true }, json: body }),
    list,
    listAll: (query: ListBatchTasksQuery = {}, options?: CallOptions) =>
      eachListed(
        (paged: ListBatchTasksQuery) => list(paged, options),
        ({ batchtasks, page }) => ({ items: batchtasks, marker: page.marker }),
        query,
      ),
    show,
    /** All subtasks of a task, newest record first, a page in memory at a time. */
    listAllDetails: (taskId: string, query: ShowBatchTaskQuery = {}, options?: CallOptions) =>
      eachListed(
        (paged: ShowBatchTaskQuery) => show(taskId, paged, options),
        ({ task_details, page }) => ({ items: task_details ?? [], marker: page?.marker }),
        query,
      ),
    stop: act('stop'),
    retry: act('retry'),
    confirm: act('confirm'),
    /** The rows of the task's file that failed, each with its reason, as a file that can be mended and uploaded again (v5 12). */
    failedRows: (taskId: string, format: 'xlsx' | 'csv', options?: CallOptions): Promise<Response> =>
      api.send({ ...options, method: 'GET', path: [...base, taskId, 'failed-rows'], query: { format } }),
    delete: (taskId: string, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'DELETE', path: [...base, taskId] }),
    events: (taskId: string, options?: TaskEventOptions) => taskEvents(api, taskId, options),
    waitFor: (taskId: string, options?: WaitForTaskOptions) => waitForTask(api, taskId, options),
  };
}
