import fc from 'fast-check';
import rhea from 'rhea';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FrameSplitter } from '../../../src/push/amqp/wire/frame-splitter.ts';
import { isSoundValue } from '../../../src/push/amqp/wire/encoding-rules.ts';
import { useAmqpFixture } from './amqp-fixture.ts';
import { amqpHeader, begin, close, connectRaw, frame, list, open, saslHeader, signInOf } from './raw-consumer.ts';

const fixture = useAmqpFixture();
const said: unknown[] = [];
beforeEach(() => {
  said.length = 0;
  for (const way of ['error', 'warn', 'log'] as const)
    vi.spyOn(console, way).mockImplementation((...args) => void said.push(args));
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Sends this and waits until the server has had enough: of what it says, of its silence, or because it says goodbye. */
async function say(port: number, ...parts: readonly Buffer[]): Promise<void> {
  const client = connectRaw(port);
  client.say(...parts, close);
  await client.ended;
}

describe('the server', () => {
  it('outlives whatever is sent to it before and after the sign-in, and says nothing of it to the console', async () => {
    const { server, client, queue } = fixture();
    const { port } = await server({ limits: { openTimeoutMs: 300, linkTimeoutMs: 300 } });
    const codes = fc.constantFrom(0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x41, 0x43);
    const value: fc.Arbitrary<readonly number[]> = fc.oneof(
      fc.constantFrom([0x40], [0x41], [0x42], [0x43], [0x45], [0x52, 0], [0x52, 7], [0x60, 255, 255]),
      fc.constantFrom([0x70, 255, 255, 255, 255], [0x80, 127, 255, 255, 255, 255, 255, 255, 255], [0xa1, 1, 0x61]),
      fc.constantFrom([0xa3, 9, ...Buffer.from('__proto__')], [0xa1, 9, ...Buffer.from('__proto__')], [0xc1, 1, 0]),
      fc.constantFrom([0, 0x53, 0x24, 0x45], [0, 0x53, 0x99, 0x45], [0, 0x53, 0x28, 0xc0, 3, 1, 0xa1, 0]),
    );
    const performative = fc.tuple(codes, fc.array(value, { maxLength: 11 }), fc.integer({ min: 0, max: 2 }));
    const frames = fc.array(
      fc.oneof(
        performative.map(([code, values, channel]) => frame(list(code, ...values), code >= 0x40 ? 1 : 0, channel)),
        fc.uint8Array({ maxLength: 64 }).map((bytes) => frame(Buffer.from(bytes))),
        fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
        fc.constantFrom(amqpHeader, saslHeader, open, begin),
      ),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(frames, fc.integer({ min: 0, max: 3 }), async (parts, depth) => {
        const start = [...signInOf(fixture()), amqpHeader, open, begin].slice(0, depth === 0 ? 0 : depth + 2);
        await say(port, ...start, ...parts);
      }),
      { numRuns: 100 },
    );
    const alive = client(port).receiver(queue.name, { credit_window: 1 });
    await new Promise((resolve) => alive.receiver.once('receiver_open', resolve));
    expect(said).toEqual([]);
    expect(fixture().errors).toEqual([]);
  });

  it('is not kept busy by a disposition of four thousand million deliveries', async () => {
    const { server, client, queue, given, scope, fill, report } = fixture();
    await fill();
    await report(await given.devices(scope, 1), 'x');
    const { port } = await server();
    const consumer = client(port).receiver(queue.name, { credit_window: 10 });
    const [message] = await consumer.next(1);
    const session = message?.delivery.link.session as unknown as { output(performative: unknown): void };
    const { frames } = await framesOfLibrary();
    const at = Date.now();
    session.output(frames.disposition({ role: true, first: 0, last: 4_294_967_295, settled: true }));
    // Settled without an outcome: it comes again after a while.
    await consumer.next(1);
    expect(Date.now() - at).toBeLessThan(5000);
  });
});

/** Its types do not name the file. */
const framesPath: string = 'rhea/lib/frames.js';
const framesOfLibrary = async () => ({ frames: ((await import(framesPath)) as { default: Frames }).default });

interface Frames {
  disposition(fields: object): unknown;
}

describe('a frame', () => {
  const units = (...chunks: readonly Buffer[]) => {
    const splitter = new FrameSplitter(1024);
    const all: Buffer[] = [];
    for (const chunk of chunks) {
      const next = splitter.push(chunk);
      if (next === undefined) return undefined;
      all.push(...next);
    }
    return all;
  };

  it('comes out whole, however its bytes come in', () => {
    const sent = [saslHeader, open, begin, frame(Buffer.alloc(0))];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 40 }), (sizes) => {
        const bytes = Buffer.concat(sent);
        const chunks: Buffer[] = [];
        for (let at = 0, n = 0; at < bytes.length; at += sizes[n++ % sizes.length] ?? 1) {
          chunks.push(bytes.subarray(at, at + (sizes[n % sizes.length] ?? 1)));
        }
        expect(units(...chunks)?.map((unit) => unit.toString('hex'))).toEqual(sent.map((unit) => unit.toString('hex')));
      }),
    );
  });

  it('that is too small, too large or says more than it holds is the end', () => {
    for (const size of [0, 7, 1025, 0xffffffff]) {
      const head = Buffer.alloc(8);
      head.writeUInt32BE(size, 0);
      expect(units(head)).toBeUndefined();
    }
    // An array of four thousand million values without bytes.
    expect(isSoundValue(Buffer.from([0xf0, 0, 0, 0, 5, 255, 255, 255, 255, 0x40]))).toBe(false);
    expect(isSoundValue(Buffer.from([0xc0, 1, 200]))).toBe(false);
    expect(isSoundValue(Buffer.alloc(200, 0))).toBe(false);
  });

  it('of every value that the library writes is sound', () => {
    const { types } = rhea as unknown as {
      types: {
        Writer: new () => { write(value: unknown): void; toBuffer(): Buffer };
        from_js?: unknown;
        wrap(value: unknown): unknown;
      };
    };
    const json = fc.oneof(
      fc.integer(),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.dictionary(fc.string(), fc.integer()),
      fc.array(fc.string()),
    );
    fc.assert(
      fc.property(json, (value) => {
        const writer = new types.Writer();
        writer.write(types.wrap(value));
        expect(isSoundValue(writer.toBuffer())).toBe(true);
      }),
    );
  });
});
