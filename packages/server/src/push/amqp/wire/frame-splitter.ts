import { isSoundValue } from './encoding-rules.ts';

/** `AMQP`, with which a protocol header begins: as the size of a frame it would be far beyond any maximum. */
const headerMark = 0x414d5150;
const headerBytes = 8;
const smallestFrame = 8;

/**
 * Cuts what a client sends into protocol headers and whole frames. The library would keep whatever size a frame states, before sign-in as
 * well; here nothing beyond the maximum is ever kept.
 */
export class FrameSplitter {
  readonly #frameBytesMax: number;
  #parts: Buffer[] = [];
  #kept = 0;
  /** Of the unit that is coming; 0: not known yet. */
  #wanted = 0;

  constructor(frameBytesMax: number) {
    this.#frameBytesMax = frameBytesMax;
  }

  /** The units that are complete now; undefined: this is no AMQP 1.0, or too large, and nothing that follows can be understood. */
  push(chunk: Buffer): readonly Buffer[] | undefined {
    this.#parts.push(chunk);
    this.#kept += chunk.length;
    if (this.#kept < Math.max(this.#wanted, 4)) return [];
    const bytes = this.#parts.length === 1 ? chunk : Buffer.concat(this.#parts, this.#kept);
    const units: Buffer[] = [];
    let at = 0;
    for (;;) {
      const wanted = this.#sizeAt(bytes, at);
      if (wanted === undefined) return undefined;
      this.#wanted = wanted;
      if (wanted === 0 || bytes.length - at < wanted) break;
      const unit = bytes.subarray(at, at + wanted);
      if (!isSoundUnit(unit)) return undefined;
      units.push(unit);
      at += wanted;
    }
    this.#kept = bytes.length - at;
    this.#parts = this.#kept === 0 ? [] : [bytes.subarray(at)];
    return units;
  }

  /** Nothing more comes: what was begun is dropped. */
  clear(): void {
    this.#parts = [];
    this.#kept = 0;
  }

  /** 0: not enough to know. */
  #sizeAt(bytes: Buffer, at: number): number | undefined {
    if (bytes.length - at < 4) return 0;
    const size = bytes.readUInt32BE(at);
    if (size === headerMark) return headerBytes;
    return size < smallestFrame || size > this.#frameBytesMax ? undefined : size;
  }
}

/** A header is the library's to judge; of a frame the first value is its performative, and what follows a message's bytes. */
function isSoundUnit(unit: Buffer): boolean {
  if (unit.readUInt32BE(0) === headerMark) return true;
  const bodyAt = unit.readUInt8(4) * 4;
  if (bodyAt < smallestFrame || bodyAt > unit.length) return false;
  // An empty frame says that the client lives.
  return bodyAt === unit.length || isSoundValue(unit.subarray(bodyAt));
}
