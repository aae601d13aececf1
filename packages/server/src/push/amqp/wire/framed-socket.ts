import type { Socket } from 'node:net';
import type { Clock, Timer } from '../../../ports/clock.ts';
import type { AmqpLimits } from '../limits.ts';
import { FrameSplitter } from './frame-splitter.ts';

type Handler = (data?: Buffer) => void;

/** After our last word a client has so long to close the connection. */
const lingerMs = 1000;

/** A client's socket as the library gets it: whole sound frames come out of it, and output that nobody reads is not kept without bound. */
export class FramedSocket {
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #limits: AmqpLimits;
  readonly #splitter: FrameSplitter;
  #onData: Handler = () => undefined;
  #onEnd: Handler = () => undefined;
  /** What came while `hold` was on; undefined: it is off. */
  #held: Buffer[] | undefined;
  #isDeaf = false;
  #isGathering = false;
  #linger: Timer | undefined;

  constructor(socket: Socket, { clock, limits }: { readonly clock: Clock; readonly limits: AmqpLimits }) {
    this.#socket = socket;
    this.#clock = clock;
    this.#limits = limits;
    this.#splitter = new FrameSplitter(limits.frameBytesMax);
    socket.on('data', (chunk: Buffer) => this.#onChunk(chunk));
    // A peer that breaks off is no error of ours; `close` follows.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#isDeaf = true;
      this.#held = undefined;
      this.#splitter.clear();
      this.#linger?.cancel();
      this.#onEnd();
    });
  }

  get isWritable(): boolean {
    return !this.#socket.destroyed && this.#socket.writableLength < this.#limits.outputBytesMax;
  }

  /** What comes in waits until it is resumed. */
  hold(): void {
    this.#held ??= [];
  }

  resume(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const unit of held) this.#hand(unit);
  }

  /** Says what is to be said, hears nothing any more, and goes. */
  finish(): void {
    this.#isDeaf = true;
    this.#linger ??= this.#clock.setTimer(lingerMs, () => this.destroy());
  }

  onDrain(run: () => void): void {
    this.#socket.on('drain', run);
  }

  // What the library calls.

  on(event: string, handler: Handler): this {
    if (event === 'data') this.#onData = handler;
    if (event === 'end') this.#onEnd = handler;
    return this;
  }

  write(bytes: Buffer): boolean {
    if (this.#socket.destroyed || this.#socket.writableEnded) return false;
    if (this.#socket.writableLength > this.#limits.outputBytesCut) this.destroy();
    this.#gather();
    return this.#socket.write(bytes);
  }

  /** The library writes frame by frame. What it writes in one turn goes out as one: each would be a call of the system, or a TLS record. */
  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.#socket.cork();
    process.nextTick(() => {
      this.#isGathering = false;
      this.#socket.uncork();
    });
  }

  end(): void {
    if (!this.#socket.writableEnded) this.#socket.end();
    this.finish();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  removeAllListeners(): void {
    this.#isDeaf = true;
  }

  get_id_string(): string {
    return `${this.#socket.remoteAddress}:${this.#socket.remotePort}`;
  }

  #onChunk(chunk: Buffer): void {
    if (this.#isDeaf) return;
    const units = this.#splitter.push(chunk);
    if (units === undefined) return this.destroy();
    for (const unit of units) this.#hand(unit);
  }

  #hand(unit: Buffer): void {
    if (this.#isDeaf) return;
    if (this.#held === undefined) return this.#onData(unit);
    this.#held.push(unit);
    // Before it is signed in a client has nothing to say but that it wants to open a connection, a session and some links.
    if (this.#held.length > heldMax) this.destroy();
  }
}

const heldMax = 64;
