import { MusterError, NETWORK_ERROR } from './muster-error.ts';

/** One dispatched event of a text/event-stream. */
export interface SseFrame {
  /** `message` if the stream named none. */
  readonly event: string;
  readonly data: string;
  /** The last id seen so far, `''` before the first. */
  readonly id: string;
}

/** Takes text in pieces of any size and returns the frames that each piece completes. */
export interface SseDecoder {
  push(text: string): SseFrame[];
}

const LINE_END = /\r\n|\n|\r/;

/** A decoder of the event-stream format: CR, LF and CRLF end lines, `:` starts a comment, a blank line dispatches. */
export function createSseDecoder(): SseDecoder {
  let rest = '';
  let first = true;
  let id = '';
  let event = '';
  let data: string[] = [];

  function takeField(line: string): void {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const raw = colon < 0 ? '' : line.slice(colon + 1);
    const value = raw.startsWith(' ') ? raw.slice(1) : raw;
    if (name === 'data') data.push(value);
    else if (name === 'event') event = value;
    else if (name === 'id' && !value.includes('\0')) id = value;
  }

  function dispatch(): SseFrame[] {
    const frames = data.length > 0 ? [{ event: event || 'message', data: data.join('\n'), id }] : [];
    event = '';
    data = [];
    return frames;
  }

  function takeLines(lines: readonly string[]): SseFrame[] {
    const frames: SseFrame[] = [];
    for (const line of lines) {
      if (line === '') frames.push(...dispatch());
      else takeField(line);
    }
    return frames;
  }

  return {
    push(text) {
      if (text === '') return [];
      rest += first ? text.replace(/^\uFEFF/, '') : text;
      first = false;
      // A CR at the end may be half of a CRLF: it waits for the next piece.
      const held = rest.endsWith('\r') ? '\r' : '';
      const lines = rest.slice(0, rest.length - held.length).split(LINE_END);
      rest = `${lines.pop() ?? ''}${held}`;
      return takeLines(lines);
    },
  };
}

const brokenStream = (cause: unknown): MusterError =>
  new MusterError('The event stream broke off', { code: NETWORK_ERROR, status: 0, requestId: '', cause });

/** The frames of a body, as they arrive; leaving the loop cancels the body, a broken one throws `NETWORK`. */
export async function* readSse(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<SseFrame, void> {
  const decoder = createSseDecoder();
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw brokenStream(error);
      });
      if (done) return;
      yield* decoder.push(utf8.decode(value, { stream: true }));
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
