/** Decides from a fixed header alone whether its packet may come; a text is the reason why it may not. */
export interface HeaderCheck<Refusal extends string> {
  checkHeader(firstByte: number, remainingLength: number): Refusal | undefined;
}

const empty = Buffer.alloc(0);
const heldBytesMin = 256;
const headerBytesMax = 5;

/**
 * Cuts a byte stream into MQTT packets, judging each fixed header before anything behind it is kept. An incomplete packet takes at
 * most twice the bytes received of it, in whatever pieces they come, so that announcing a size costs the server nothing.
 */
export class FrameReader<Refusal extends string> {
  #input: Buffer = empty;
  #at = 0;
  /** The begun packet; undefined while the next one starts in the input. */
  #held: Buffer | undefined;
  #heldLength = 0;
  /** Length of the begun packet with its header; 0 while the header is incomplete. */
  #total = 0;

  readonly #malformed: Refusal;

  constructor(malformed: Refusal) {
    this.#malformed = malformed;
  }

  feed(chunk: Buffer): void {
    this.#input = this.#at < this.#input.length ? Buffer.concat([this.#input.subarray(this.#at), chunk]) : chunk;
    this.#at = 0;
  }

  /** The next whole packet with its fixed header, undefined if more input is needed, or why the stream may not go on. */
  next(check: HeaderCheck<Refusal>): Buffer | Refusal | undefined {
    if (this.#at === this.#input.length) return undefined;
    if (this.#held) return this.#continue(this.#held, check);
    const header = readHeader(this.#input, this.#at, this.#input.length);
    if (header === 'invalid') return this.#malformed;
    if (header) {
      const refusal = check.checkHeader(this.#input[this.#at] ?? 0, header.remaining);
      if (refusal !== undefined) return refusal;
      const end = this.#at + header.length + header.remaining;
      if (end <= this.#input.length) return this.#take(end);
      this.#total = end - this.#at;
    }
    this.#hold();
    return undefined;
  }

  #take(end: number): Buffer {
    const frame = this.#input.subarray(this.#at, end);
    this.#at = end;
    if (end === this.#input.length) this.#release();
    return frame;
  }

  /** Forgets the input, whose memory is a whole read buffer. */
  #release(): void {
    this.#input = empty;
    this.#at = 0;
  }

  #hold(): void {
    this.#held = empty;
    this.#heldLength = 0;
    this.#append(this.#input.length - this.#at);
  }

  #append(count: number): void {
    const held = this.#held ?? empty;
    const needed = this.#heldLength + count;
    if (needed > held.length) {
      const size = Math.max(needed, held.length * 2, heldBytesMin);
      // The pool of small buffers would be pinned by a peer that never finishes its packet.
      this.#held = Buffer.allocUnsafeSlow(this.#total > 0 ? Math.min(size, this.#total) : size);
      held.copy(this.#held, 0, 0, this.#heldLength);
    }
    this.#input.copy(this.#held ?? empty, this.#heldLength, this.#at, this.#at + count);
    this.#heldLength = needed;
    this.#at += count;
    if (this.#at === this.#input.length) this.#release();
  }

  #continue(held: Buffer, check: HeaderCheck<Refusal>): Buffer | Refusal | undefined {
    while (this.#total === 0) {
      if (this.#at === this.#input.length) return undefined;
      this.#append(1);
      const header = readHeader(this.#held ?? held, 0, this.#heldLength);
      if (header === 'invalid') return this.#malformed;
      if (!header) continue;
      const refusal = check.checkHeader((this.#held ?? held)[0] ?? 0, header.remaining);
      if (refusal !== undefined) return refusal;
      this.#total = header.length + header.remaining;
    }
    this.#append(Math.min(this.#total - this.#heldLength, this.#input.length - this.#at));
    if (this.#heldLength < this.#total) return undefined;
    const frame = (this.#held ?? held).subarray(0, this.#total);
    this.#held = undefined;
    this.#total = 0;
    return frame;
  }
}

/** Undefined while bytes are missing; `invalid` if the remaining length takes more than four bytes. */
function readHeader(
  bytes: Buffer,
  start: number,
  end: number,
): { length: number; remaining: number } | 'invalid' | undefined {
  let remaining = 0;
  for (let length = 2; length <= headerBytesMax; length += 1) {
    if (start + length > end) return undefined;
    const byte = bytes[start + length - 1] ?? 0;
    remaining += (byte & 0x7f) * 128 ** (length - 2);
    if (byte < 0x80) return { length, remaining };
  }
  return 'invalid';
}
