import type { BatchTaskEvent } from '@muster/contract/v5';
import { MusterError } from '../muster-error.ts';
import { sleep } from '../sleep.ts';
import { readSse } from '../sse-decoder.ts';
import type { CallOptions } from '../transport.ts';
import type { ProjectApi } from './project-api.ts';

/** How a task's progress is followed. */
export interface TaskEventOptions extends CallOptions {
  /** Revision seen last: the stream starts behind it. */
  readonly lastEventId?: string | undefined;
  /** First pause before a broken stream is opened again; doubles to thirty times this. Default 1000. */
  readonly reconnectMs?: number | undefined;
}

const RECONNECT_MS = 1000;
const RECONNECT_FACTOR_MAX = 30;

/** Worth another try: the link broke or the server is away, as opposed to a refusal. */
const isPassing = (error: unknown): boolean =>
  error instanceof MusterError && (error.status === 0 || error.status >= 502);

/** One connection; returns true when the task's stream has come to its end. */
async function* oneStream(
  api: ProjectApi,
  taskId: string,
  options: TaskEventOptions,
): AsyncGenerator<{ id: string; event: BatchTaskEvent }, boolean> {
  const response = await api.send({
    signal: options.signal,
    method: 'GET',
    path: ['batchtasks', taskId, 'events'],
    headers: {
      Accept: 'text/event-stream',
      ...(options.lastEventId === undefined ? {} : { 'Last-Event-ID': options.lastEventId }),
    },
  });
  // v5 11.6: 204 = the task is final and its last revision is known to us.
  if (response.status === 204 || response.body === null) return true;
  for await (const frame of readSse(response.body as ReadableStream<Uint8Array<ArrayBuffer>>)) {
    // The contract promises this shape for both events.
    const event = JSON.parse(frame.data) as BatchTaskEvent;
    yield { id: frame.id, event };
    if (frame.event === 'end') return true;
  }
  return false;
}

/**
 * Snapshots of a task's progress over Server-Sent Events, the current one first, the final one last. A broken
 * connection is opened again behind the revision seen last. Throws MusterError when the server refuses
 * (unknown task: IOTDA.014550), the signal's reason when aborted.
 */
export async function* taskEvents(
  api: ProjectApi,
  taskId: string,
  options: TaskEventOptions = {},
): AsyncGenerator<BatchTaskEvent, void> {
  const firstPauseMs = options.reconnectMs ?? RECONNECT_MS;
  let lastEventId = options.lastEventId;
  let pauseMs = firstPauseMs;
  for (;;) {
    const stream = oneStream(api, taskId, { ...options, lastEventId });
    try {
      for (;;) {
        const next = await stream.next();
        if (next.done) {
          if (next.value) return;
          break;
        }
        if (next.value.id !== '') lastEventId = next.value.id;
        pauseMs = firstPauseMs;
        yield next.value.event;
      }
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!isPassing(error)) throw error;
    } finally {
      // A reader who leaves the loop early must not leave the connection open.
      await stream.return(true);
    }
    await sleep(pauseMs, options.signal);
    pauseMs = Math.min(pauseMs * 2, firstPauseMs * RECONNECT_FACTOR_MAX);
  }
}
