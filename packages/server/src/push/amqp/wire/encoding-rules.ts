/** Values of a frame beyond which it is no consumer's, and how deep they may lie in each other. */
const valuesMax = 4096;
const depthMax = 16;

/** Thrown within this file alone. */
class Unsound extends Error {}

/** Bytes of a fixed-width value by the upper half of its type code. */
const fixedWidths: Readonly<Record<number, number>> = { 4: 0, 5: 1, 6: 2, 7: 4, 8: 8, 9: 16 };

/**
 * Whether the first value of these bytes is encoded as AMQP 1.0 part 1 says, and small. The library believes every count that a value
 * states: an array of values without bytes would keep it busy for ever, and before anybody has signed in.
 */
export function isSoundValue(bytes: Buffer): boolean {
  try {
    new Walk(bytes).value(0);
    return true;
  } catch (error) {
    if (error instanceof Unsound || error instanceof RangeError) return false;
    throw error;
  }
}

class Walk {
  readonly #bytes: Buffer;
  #at = 0;
  #values = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  value(depth: number): void {
    this.#body(this.#typeCode(depth), depth);
  }

  /** The type code, after its descriptor if it has one. */
  #typeCode(depth: number): number {
    if (depth > depthMax) throw new Unsound();
    const code = this.#number(1);
    if (code !== 0) return code;
    this.value(depth + 1);
    return this.#typeCode(depth + 1);
  }

  #body(code: number, depth: number): void {
    this.#values += 1;
    if (this.#values > valuesMax) throw new Unsound();
    const kind = code >> 4;
    const fixed = fixedWidths[kind];
    if (fixed !== undefined) return this.#skip(fixed);
    // Odd kinds state sizes and counts in four bytes, even ones in one.
    const width = kind % 2 === 1 ? 4 : 1;
    if (kind === 0xa || kind === 0xb) return this.#skip(this.#number(width));
    if (kind >= 0xc) return this.#several(kind, width, depth);
    throw new Unsound();
  }

  /** Lists and maps; from 0xe on arrays, whose values share one constructor. */
  #several(kind: number, width: 1 | 4, depth: number): void {
    const end = this.#number(width) + this.#at;
    const count = this.#number(width);
    if (end > this.#bytes.length || count > valuesMax) throw new Unsound();
    const shared = kind >= 0xe ? this.#typeCode(depth + 1) : undefined;
    for (let n = 0; n < count; n++) {
      if (shared === undefined) this.value(depth + 1);
      else this.#body(shared, depth + 1);
    }
    if (this.#at !== end) throw new Unsound();
  }

  #number(width: 1 | 4): number {
    const value = width === 1 ? this.#bytes.readUInt8(this.#at) : this.#bytes.readUInt32BE(this.#at);
    this.#at += width;
    return value;
  }

  #skip(count: number): void {
    this.#at += count;
    if (this.#at > this.#bytes.length) throw new Unsound();
  }
}
