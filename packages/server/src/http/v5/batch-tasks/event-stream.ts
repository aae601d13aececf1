import { Readable } from 'node:stream';
import type { TaskSignal } from '../../../services/batch-tasks/watch-task.ts';
import { Answer } from '../route.ts';
import { encodeEvent } from './encode-task.ts';

/** v5 11.6, events: the signals as Server-Sent Events; read only as fast as the client takes them. */
export function answerEvents(signals: AsyncGenerator<TaskSignal, void>): Answer {
  return new Answer({
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      // Proxies in front must not collect what is meant to arrive now.
      'x-accel-buffering': 'no',
      // A stream ends its connection: kept alive, it would hold up a server that stops.
      connection: 'close',
    },
    body: Readable.from(frames(signals), { objectMode: false, highWaterMark: 1 }),
  });
}

async function* frames(signals: AsyncGenerator<TaskSignal, void>): AsyncGenerator<string, void> {
  for await (const signal of signals) yield frameOf(signal);
}

function frameOf(signal: TaskSignal): string {
  if (signal.kind === 'idle') return ':\n\n';
  const data = encodeEvent(signal.view);
  return `id: ${data.revision}\nevent: ${signal.kind}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** The revision of a Last-Event-ID; anything that is no revision of ours counts as not sent. */
export function decodeLastEventId(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}
