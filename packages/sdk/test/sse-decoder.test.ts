import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSseDecoder, readSse, type SseFrame } from '../src/sse-decoder.ts';

const decodeWhole = (text: string): SseFrame[] => createSseDecoder().push(text);

const dataLine = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n]/g, ''));
const frame = fc.record({
  event: fc.constantFrom('progress', 'end', ''),
  id: fc.nat().map(String),
  data: fc.array(dataLine, { minLength: 1, maxLength: 3 }),
  comment: fc.boolean(),
});
const lineEnd = fc.constantFrom('\n', '\r\n', '\r');

describe('the event-stream decoder', () => {
  it('reads id, event and data and ignores comments', () => {
    const text = ': hello\n\nid: 7\nevent: progress\ndata: {"a":1}\n\n:ping\n\nevent: end\ndata: x\ndata:y\n\n';
    expect(decodeWhole(text)).toEqual([
      { event: 'progress', data: '{"a":1}', id: '7' },
      { event: 'end', data: 'x\ny', id: '7' },
    ]);
  });

  it('names an event without a name "message" and drops one without data or without an end', () => {
    expect(decodeWhole('data\n\nevent: x\n\ndata: lost')).toEqual([{ event: 'message', data: '', id: '' }]);
  });

  it('skips a byte order mark at the start only', () => {
    expect(decodeWhole('\uFEFFdata: a\n\n')).toEqual([{ event: 'message', data: 'a', id: '' }]);
  });

  it('gives the same frames whatever the pieces and line ends', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 5 }), lineEnd, fc.array(fc.nat(20)), (frames, end, cuts) => {
        const text = frames
          .flatMap((one) => [
            ...(one.comment ? [': ping', ''] : []),
            `id: ${one.id}`,
            ...(one.event === '' ? [] : [`event: ${one.event}`]),
            ...one.data.map((line) => `data: ${line}`),
            '',
          ])
          .map((line) => line + end)
          .join('');
        const expected = frames.map((one) => ({
          event: one.event || 'message',
          data: one.data.join('\n'),
          id: one.id,
        }));
        const decoder = createSseDecoder();
        const seen: SseFrame[] = [];
        let rest = text;
        for (const cut of cuts) {
          seen.push(...decoder.push(rest.slice(0, cut)));
          rest = rest.slice(cut);
        }
        // The blank line behind the last frame may end in a CR that waits for an LF.
        seen.push(...decoder.push(rest), ...decoder.push('\n'));
        expect(seen).toEqual(expected);
      }),
    );
  });

  it('puts characters together that were cut in the middle of their bytes', async () => {
    const bytes = new TextEncoder().encode('data: 设备 🚀\n\n');
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const seen: SseFrame[] = [];
    for await (const one of readSse(body)) seen.push(one);
    expect(seen.map((one) => one.data)).toEqual(['设备 🚀']);
  });

  it('cancels the body when the reader leaves', async () => {
    let cancelled = false;
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('data: a\n\n')),
      cancel: () => {
        cancelled = true;
      },
    });
    for await (const one of readSse(body)) {
      expect(one.data).toBe('a');
      break;
    }
    expect(cancelled).toBe(true);
  });
});
