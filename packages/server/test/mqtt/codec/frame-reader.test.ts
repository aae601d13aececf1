import fc from 'fast-check';
import mqttPacket from 'mqtt-packet';
import { describe, expect, it } from 'vitest';
import { FrameReader, type HeaderCheck } from '../../../src/mqtt/codec/frame-reader.ts';

const anything: HeaderCheck<string> = { checkHeader: () => undefined };

function framesOf(chunks: readonly Buffer[], check = anything): (Buffer | string)[] {
  const reader = new FrameReader<string>('malformed');
  const frames: (Buffer | string)[] = [];
  for (const chunk of chunks) {
    reader.feed(chunk);
    for (let frame = reader.next(check); frame !== undefined; frame = reader.next(check)) {
      // The bytes are shared with the input; what is kept is copied.
      frames.push(typeof frame === 'string' ? frame : Buffer.from(frame));
      if (typeof frame === 'string') return frames;
    }
  }
  return frames;
}

const packet = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 40_000 })).map(([kind, size]) =>
  kind === 0
    ? mqttPacket.generate({ cmd: 'pingreq' })
    : mqttPacket.generate({
        cmd: 'publish',
        topic: 't',
        payload: Buffer.alloc(size, kind),
        qos: 0,
        dup: false,
        retain: false,
      }),
);

describe('the frame reader', () => {
  it('finds the same packets however the stream is cut', () => {
    const streams = fc.tuple(fc.array(packet, { maxLength: 6 }), fc.array(fc.integer({ min: 1, max: 20_000 })));
    fc.assert(
      fc.property(streams, ([packets, sizes]) => {
        const stream = Buffer.concat(packets);
        const chunks: Buffer[] = [];
        let at = 0;
        for (const size of sizes) {
          chunks.push(stream.subarray(at, at + size));
          at += size;
        }
        chunks.push(stream.subarray(at));
        expect(framesOf(chunks)).toEqual(packets);
      }),
    );
  });

  it('finds them byte by byte', () => {
    const packets = ['a', 'b'.repeat(300)].map((payload) =>
      mqttPacket.generate({ cmd: 'publish', topic: 't', payload, qos: 0, dup: false, retain: false }),
    );
    const bytes = [...Buffer.concat(packets)].map((byte) => Buffer.from([byte]));
    expect(framesOf(bytes)).toEqual(packets);
  });

  it('judges a fixed header before anything behind it came', () => {
    const check: HeaderCheck<string> = {
      checkHeader: (_first, remaining) => (remaining > 300 ? 'too large' : undefined),
    };
    expect(framesOf([Buffer.from([0x30, 0xad, 0x02])], check)).toEqual(['too large']);
    expect(framesOf([Buffer.from([0x30]), Buffer.from([0xad]), Buffer.from([0x02])], check)).toEqual(['too large']);
    expect(framesOf([Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff])])).toEqual(['malformed']);
    expect(framesOf([Buffer.from([0x30, 0xff, 0xff, 0xff]), Buffer.from([0xff])])).toEqual(['malformed']);
  });

  it('keeps little for a packet that only announces its size', () => {
    const reader = new FrameReader<string>('malformed');
    const before = process.memoryUsage().arrayBuffers;
    reader.feed(Buffer.from([0x30, 0x80, 0x80, 0x40, 1, 2, 3]));
    expect(reader.next(anything)).toBeUndefined();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(65_536);
  });
});
