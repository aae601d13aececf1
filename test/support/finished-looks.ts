import { isDeepStrictEqual } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { MusterError, type TaskDetail, type V5Client } from '@muster/sdk';

/** Looks at a task's details again and again, whether the server is there or not, and keeps every finished one as first seen. */
export interface FinishedLooks {
  readonly seen: ReadonlyMap<string, TaskDetail>;
  /** One sentence per finished subtask that looked different later. */
  readonly changes: readonly string[];
  /** A last, whole look. */
  finish(): Promise<readonly TaskDetail[]>;
}

/** A page at a time with rests, so that looking is not what the server is busy with. */
const restMs = 100;

export function watchFinished(client: V5Client, taskId: string): FinishedLooks {
  const seen = new Map<string, TaskDetail>();
  const changes: string[] = [];
  const stopping = new AbortController();
  const note = (detail: TaskDetail): void => {
    if (detail.status !== 'Success' && detail.status !== 'Fail') {
      if (seen.has(detail.target)) changes.push(`${detail.target} was finished and is ${detail.status}`);
      return;
    }
    const before = seen.get(detail.target);
    if (before === undefined) seen.set(detail.target, detail);
    else if (!isDeepStrictEqual(before, detail)) {
      changes.push(`${JSON.stringify(before)} became ${JSON.stringify(detail)}`);
    }
  };
  const watching = watch(client, { taskId, note, signal: stopping.signal });
  return {
    seen,
    changes,
    async finish() {
      stopping.abort();
      await watching;
      const details: TaskDetail[] = [];
      for await (const detail of client.batchTasks.listAllDetails(taskId, { limit: 50 })) {
        note(detail);
        details.push(detail);
      }
      return details;
    },
  };
}

interface Watch {
  readonly taskId: string;
  readonly note: (detail: TaskDetail) => void;
  readonly signal: AbortSignal;
}

async function watch(client: V5Client, { taskId, note, signal }: Watch): Promise<void> {
  let marker: string | undefined;
  while (!signal.aborted) {
    try {
      const page = await client.batchTasks.show(taskId, { limit: 50, ...(marker === undefined ? {} : { marker }) });
      for (const detail of page.task_details ?? []) note(detail);
      marker = page.page?.marker ?? undefined;
    } catch (error) {
      // Between two lives of the server.
      if (!(error instanceof MusterError)) throw error;
    }
    await pause(restMs);
  }
}
