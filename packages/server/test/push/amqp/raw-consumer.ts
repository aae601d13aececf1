import { once } from 'node:events';
import { connect } from 'node:net';
import type { AmqpFixture } from './amqp-fixture.ts';

export const saslHeader = Buffer.from('AMQP\x03\x01\x00\x00', 'latin1');
export const amqpHeader = Buffer.from('AMQP\x00\x01\x00\x00', 'latin1');

export function frame(body: Buffer, type = 0, channel = 0): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length, 0);
  head.writeUInt8(2, 4);
  head.writeUInt8(type, 5);
  head.writeUInt16BE(channel, 6);
  return Buffer.concat([head, body]);
}

type Value = readonly number[];

/** A performative; each value is its bytes. */
export const list = (code: number, ...values: readonly Value[]): Buffer => Buffer.from(described(code, ...values));

function described(code: number, ...values: readonly Value[]): readonly number[] {
  const body = values.flat();
  return [0, 0x53, code, 0xc0, body.length + 1, values.length, ...body];
}

const nothing: Value = [0x40];
const text = (value: string): Value => [0xa1, value.length, ...Buffer.from(value)];
const uint = (value: number): Value => [0x70, value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
const isReceiver: Value = [0x41];

export const open = frame(list(0x10, text('x')));
/** `open` of a client that wants to hear something at least every so many ms. */
export const openWithin = (idleMs: number): Buffer =>
  frame(list(0x10, text('x'), nothing, nothing, nothing, uint(idleMs)));
export const close = frame(list(0x18));
export const begin = frame(list(0x11, nothing, uint(0), uint(100), uint(100)));
/** A link that messages of the queue come over. */
export const attach = (queue: string, handle = 0): Buffer =>
  frame(
    list(
      0x12,
      text(`link-${handle}`),
      uint(handle),
      isReceiver,
      nothing,
      nothing,
      described(0x28, text(queue)),
      described(0x29),
    ),
  );
export const detach = (handle: number): Buffer => frame(list(0x16, uint(handle), [0x41]));
export const flow = (credit: number, handle = 0): Buffer =>
  frame(list(0x13, uint(0), uint(100_000), uint(0), uint(100), uint(handle), uint(0), uint(credit)));

/** SASL PLAIN as a consumer says it. */
export function signInOf(
  { user, credential }: Pick<AmqpFixture, 'user' | 'credential'>,
  password = credential.code,
): readonly Buffer[] {
  const answer = Buffer.from(`\0${user()}\0${password}`);
  const values = [...[0xa3, 5, ...Buffer.from('PLAIN')], ...[0xa0, answer.length, ...answer]];
  return [saslHeader, frame(Buffer.from([0, 0x53, 0x41, 0xc0, values.length + 1, 2, ...values]), 1)];
}

/** A client that says exactly this, and nothing by itself. */
export interface RawConsumer {
  say(...parts: readonly Buffer[]): void;
  /** Everything that has come, as one. */
  heard(): Buffer;
  /** Resolves once this holds of what has come, looked at whenever something comes. */
  until(holds: (heard: Buffer) => boolean): Promise<void>;
  /** Resolves when the server has had enough. */
  readonly ended: Promise<void>;
  /** Reads nothing from now on. */
  pause(): void;
  destroy(): void;
}

export function connectRaw(port: number): RawConsumer {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  const heard = (): Buffer => Buffer.concat(chunks);
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => void chunks.push(chunk));
  return {
    say: (...parts) => void socket.write(Buffer.concat(parts)),
    heard,
    async until(holds) {
      while (!holds(heard())) {
        if (socket.closed) throw new Error('The server has had enough.');
        await Promise.race([once(socket, 'data'), once(socket, 'close')]);
      }
    },
    ended: new Promise<void>((resolve) => socket.once('close', () => resolve())),
    pause: () => void socket.pause(),
    destroy: () => void socket.destroy(),
  };
}
