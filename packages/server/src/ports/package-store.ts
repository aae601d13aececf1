import type { Readable } from 'node:stream';

/** Where uploaded package files live: local disk or an object store. */
export interface PackageStore {
  /** Streams to the end, then the file stands under `fileId`; `size` in bytes, `sha256` lower hex. Fails with a Problem above `maxBytes`. */
  put(fileId: string, body: Readable, maxBytes: number): Promise<{ size: number; sha256: string }>;
  /** `start` and `end` are inclusive byte positions; undefined when the file is gone. */
  read(fileId: string, range?: { start: number; end: number }): Promise<Readable | undefined>;
  has(fileId: string): Promise<boolean>;
  delete(fileId: string): Promise<void>;
}
