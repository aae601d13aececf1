import type { BatchTaskEvent } from '@muster/contract/v5';

/** One frame of an event stream; a comment has none of the three. */
export interface Frame {
  readonly id?: string;
  readonly event?: string;
  readonly data?: BatchTaskEvent;
  readonly comment?: boolean;
}

/** Frames as they arrive; undefined once the server has closed the stream. */
export function readFrames(response: Response) {
  const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const next = async (): Promise<Frame | undefined> => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end !== -1) {
        const frame = frameOf(text.slice(0, end));
        text = text.slice(end + 2);
        return frame;
      }
      const { done, value } = await reader.read();
      if (done) return undefined;
      text += value;
    }
  };
  return { next, cancel: () => reader.cancel() };
}

function frameOf(text: string): Frame {
  if (text.startsWith(':')) return { comment: true };
  const members = text
    .split('\n')
    .map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]);
  const { id, event, data } = Object.fromEntries(members) as Record<string, string>;
  return { id: id ?? '', event: event ?? '', data: JSON.parse(data ?? 'null') as BatchTaskEvent };
}
