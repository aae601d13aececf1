import type { BatchTask, ShowBatchTaskResponse, TaskProgress } from '@muster/contract/v5';
import { MusterError } from '../muster-error.ts';
import { sleep } from '../sleep.ts';
import type { CallOptions } from '../transport.ts';
import type { ProjectApi } from './project-api.ts';
import { taskEvents } from './task-events.ts';

/** The eight states of v5 13.1. */
export type TaskStatus = BatchTask['status'];

/** What a waiter is told on the way. */
export interface TaskSnapshot {
  readonly status: TaskStatus;
  readonly status_desc: string;
  readonly task_progress: TaskProgress;
}

/** How to wait. */
export interface WaitForTaskOptions extends CallOptions {
  readonly onProgress?: ((snapshot: TaskSnapshot) => void) | undefined;
  /** Pause between two looks at a server that has no event stream. Default 2000. */
  readonly pollMs?: number | undefined;
  /** As in `events`. */
  readonly reconnectMs?: number | undefined;
}

const POLL_MS = 2000;
const UNKNOWN_ROUTE = 'IOTDA.000029';
const FINAL: readonly TaskStatus[] = ['Success', 'PartialSuccess', 'Fail', 'Stopped'];

/** true for the four states that nothing but a retry leaves. */
export const isFinalTaskStatus = (status: TaskStatus): boolean => FINAL.includes(status);

async function showTask(api: ProjectApi, taskId: string, signal: AbortSignal | undefined): Promise<BatchTask> {
  const path = ['batchtasks', taskId];
  const shown = await api.json<ShowBatchTaskResponse>({ signal, method: 'GET', path, query: { limit: 1 } });
  return shown.batchtask;
}

async function pollTask(api: ProjectApi, taskId: string, options: WaitForTaskOptions): Promise<BatchTask> {
  for (;;) {
    const task = await showTask(api, taskId, options.signal);
    options.onProgress?.(task);
    if (isFinalTaskStatus(task.status)) return task;
    await sleep(options.pollMs ?? POLL_MS, options.signal);
  }
}

/**
 * Waits until the task is final and returns it. Follows the event stream, or asks again and again where the
 * server has none (the official platform). Aborted: throws the signal's reason; the task goes on.
 */
export async function waitForTask(
  api: ProjectApi,
  taskId: string,
  options: WaitForTaskOptions = {},
): Promise<BatchTask> {
  try {
    const { signal, reconnectMs } = options;
    for await (const event of taskEvents(api, taskId, { signal, reconnectMs })) options.onProgress?.(event);
    const task = await showTask(api, taskId, signal);
    // Somebody may have retried it between the stream's end and this look.
    if (isFinalTaskStatus(task.status)) return task;
  } catch (error) {
    if (!(error instanceof MusterError) || error.code !== UNKNOWN_ROUTE) throw error;
  }
  return pollTask(api, taskId, options);
}
